"""The check of one CMS file, step by step (ETSI EN 319 102-1, 5.2 and 5.3): the order decides which verdict
wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from signing.algorithms import COMPUTABLE, DIGEST_TITLES, digest_of
from signing.asn1 import UNREADABLE, Malformed
from signing.cades import parse
from signing.cades.parse import SignedFile, Signer
from signing.cades.timestamp import Token, read_token, verify_token
from signing.certificates import Certificate
from signing.chain import Evidence
from signing.content import Document
from signing.keys import verify_digest
from signing.model import SignerReport, SubIndication, TimestampReport
from signing.people import facts_of
from signing.reporting import links_of, sources_of
from signing.standing import Standing, Times, standing
from signing.verdict import Verdict, failed, text_of, undecided

_MAX_COUNTERSIGNED = 4


@dataclass(frozen=True)
class Signed:
    """What a signature is over: the document, or another signature's value."""

    document: Document | None
    content_type: str | None


@dataclass
class _Found:
    """What has been learned of one signer so far."""

    item: Signer
    certificate: Certificate | None = None
    standing: Standing | None = None
    timestamps: tuple[TimestampReport, ...] = ()
    best_time: datetime | None = None
    reasons: tuple[str, ...] = ()


def verify_signers(
    signed: SignedFile, document: Document | None, evidence: Evidence, times: Times
) -> tuple[SignerReport, ...]:
    """One report for every signature, in the order of the file."""
    if document is not None:
        wanted = {item.digest for item in signed.signers if item.digest in COMPUTABLE}
        document.read(name for name in wanted if name)
    target = Signed(document, signed.content_type)
    return tuple(verify_signer(item, target, evidence, times) for item in signed.signers)


def verify_signer(
    item: Signer, target: Signed, evidence: Evidence, times: Times, depth: int = 0
) -> SignerReport:
    """One signature; a malformed one is failed, not fatal for its neighbours."""
    found = _Found(item)
    try:
        verdict = _verdict(found, target, evidence, times)
        countersigned = _countersignatures(item, evidence, times, depth)
        return replace(_report(found, verdict, times), countersignatures=countersigned)
    except (Malformed, *UNREADABLE) as problem:
        found.reasons += (str(problem),)
        return _bare(found, failed(SubIndication.FORMAT_FAILURE))


def _verdict(found: _Found, target: Signed, evidence: Evidence, times: Times) -> Verdict:
    item = found.item
    candidates = _candidates(item, evidence)
    if not candidates:
        found.reasons += ("сертификата подписанта нет ни в подписи, ни в хранилище",)
        return undecided(SubIndication.NO_SIGNING_CERTIFICATE_FOUND)
    signer = found.certificate = _matching(item, candidates)
    tokens = _tokens(item)
    evidence = replace(evidence, extra=_joined(evidence.extra, tokens))
    weakness = _weakness(item, signer, evidence)
    if weakness:
        found.standing = standing(signer, evidence, times)
        found.reasons += (weakness,)
        return undecided(SubIndication.CRYPTO_CONSTRAINTS_FAILURE)
    broken = _broken(found, signer, target)
    times = _with_stamps(found, tokens, evidence, times)
    found.standing = standing(signer, evidence, times)
    found.reasons += found.standing.reasons
    if broken is not None:
        return broken
    if evidence.policy.is_signing_certificate_required and not parse.has_certificate_attribute(item):
        found.reasons += ("нет подписанного атрибута signing-certificate",)
        return undecided(SubIndication.SIG_CONSTRAINTS_FAILURE)
    return found.standing.verdict


def _candidates(item: Signer, evidence: Evidence) -> list[Certificate]:
    """Those the identifier fits and the signing-certificate attribute names: an attacker may add a real
    certificate
    with the same names in front of his own, so the first match is never taken for the right one."""
    pool = dict.fromkeys((*evidence.extra, *evidence.trust.certificates))
    fitting = [candidate for candidate in pool if parse.fits_identifier(item, candidate)]
    return [candidate for candidate in fitting if parse.names_certificate(item, candidate)]


def _matching(item: Signer, candidates: Sequence[Certificate]) -> Certificate:
    """With no attribute to tell them apart: the one whose key made the signature, otherwise the first."""
    if len(candidates) > 1 and item.signed is not None:
        for candidate in candidates:
            if _is_made_by(item, candidate, item.signed_bytes):
                return candidate
    return candidates[0]


def _weakness(item: Signer, signer: Certificate, evidence: Evidence) -> str | None:
    if item.algorithm is None:
        return f"неизвестный алгоритм подписи {item.algorithm_oid}"
    if item.digest is None or item.digest not in COMPUTABLE:
        return f"неизвестный или устаревший алгоритм хеширования {item.digest_oid}"
    if item.algorithm.family != signer.key.family:
        return "алгоритм подписи не подходит к ключу сертификата"
    for digest in {item.digest, item.algorithm.digest or item.digest}:
        weakness = signer.key.weakness(evidence.policy, digest)
        if weakness:
            return weakness
    if any(name is None for name, _value in parse.certificate_digests(item)):
        return "неизвестный алгоритм хеширования в атрибуте signing-certificate"
    if signer.key.material is None:
        return f"ключ сертификата не читается: {signer.key.title}"
    return None


def _broken(found: _Found, signer: Certificate, target: Signed) -> Verdict | None:
    """Digest and mathematics; None when both hold."""
    item = found.item
    assert item.digest is not None
    if item.signed is None:
        if target.document is None:
            return undecided(SubIndication.SIGNED_DATA_NOT_FOUND)
        found.reasons += ("подписанных атрибутов нет: подписан сам документ",)
        made = _is_made_by_digest(item, signer, target.document.digest(item.algorithm_digest))
        return None if made else failed(SubIndication.SIG_CRYPTO_FAILURE)
    declared = item.one(parse.MESSAGE_DIGEST)
    if declared is None:
        raise Malformed("нет подписанного атрибута message-digest")
    _check_content_type(item, target)
    if target.document is None:
        return undecided(SubIndication.SIGNED_DATA_NOT_FOUND)
    if target.document.digest(item.digest) != declared.native:
        found.reasons += ("хеш документа не совпадает с подписанным",)
        return failed(SubIndication.HASH_FAILURE)
    if _is_made_by(item, signer, item.signed_bytes):
        return None
    in_order = parse.sorted_attributes(item.signed_bytes)
    if in_order != item.signed_bytes and _is_made_by(item, signer, in_order):
        item.warnings.append("подписанные атрибуты не в порядке DER")
        return None
    found.reasons += ("значение подписи не сходится с ключом сертификата",)
    return failed(SubIndication.SIG_CRYPTO_FAILURE)


def _check_content_type(item: Signer, target: Signed) -> None:
    declared = item.one(parse.CONTENT_TYPE)
    if target.content_type is None:
        # A countersignature has none (RFC 5652, 11.4).
        return
    if declared is None:
        raise Malformed("нет подписанного атрибута content-type")
    if declared.dotted != target.content_type:
        raise Malformed("подписанный content-type не совпадает с типом содержимого")


def _is_made_by(item: Signer, signer: Certificate, data: bytes) -> bool:
    if item.algorithm_digest not in COMPUTABLE:
        return False
    return _is_made_by_digest(item, signer, digest_of(item.algorithm_digest, data))


def _is_made_by_digest(item: Signer, signer: Certificate, digested: bytes) -> bool:
    if item.algorithm is None:
        return False
    return verify_digest(signer.key, item.algorithm, item.algorithm_digest, digested, item.signature)


def _tokens(item: Signer) -> list[Token]:
    """All time-stamps of the signature, each with the bytes it must be over."""
    over_signature = item.signature
    tokens = []
    for attribute in item.all(parse.SIGNATURE_STAMP):
        tokens += [read_token(value.dump(), over_signature, "signature") for value in attribute.values]
    over_references = over_signature + b"".join(
        attribute.contents
        for oid in (parse.SIGNATURE_STAMP, parse.CERTIFICATE_REFERENCES, parse.REVOCATION_REFERENCES)
        for attribute in item.all(oid)
    )
    for attribute in item.all(parse.REFERENCES_STAMP):
        tokens += [read_token(value.dump(), over_references, "references") for value in attribute.values]
    return tokens


def _joined(extra: tuple[Certificate, ...], tokens: Sequence[Token]) -> tuple[Certificate, ...]:
    return tuple(dict.fromkeys((*extra, *(one for token in tokens for one in token.certificates))))


def _with_stamps(found: _Found, tokens: Sequence[Token], evidence: Evidence, times: Times) -> Times:
    """Check the stamps; the earliest good one is the proven time of the signature."""
    found.timestamps = tuple(verify_token(token, evidence, times) for token in tokens)
    proven = [stamp.time for stamp in found.timestamps if stamp.is_valid and stamp.time]
    if times.best:
        proven.append(times.best)
    found.best_time = min(proven, default=None)
    return Times(times.at, found.best_time, times.not_earlier)


def _countersignatures(
    item: Signer, evidence: Evidence, times: Times, depth: int
) -> tuple[SignerReport, ...]:
    """Signatures over this signature's value: their verdicts are their own."""
    if depth >= _MAX_COUNTERSIGNED:
        return ()
    target = Signed(Document(item.signature), None)
    return tuple(
        verify_signer(parse.signer(parse.as_signer_info(value)), target, evidence, times, depth + 1)
        for attribute in item.all(parse.COUNTERSIGNATURE)
        for value in attribute.values
    )


def _bare(found: _Found, verdict: Verdict) -> SignerReport:
    return SignerReport(verdict[0], verdict[1], text_of(verdict), reasons=found.reasons)


def _report(found: _Found, verdict: Verdict, times: Times) -> SignerReport:
    item, chain = found.item, found.standing.chain if found.standing else None
    facts = facts_of(found.certificate) if found.certificate else None
    return SignerReport(
        verdict[0],
        verdict[1],
        text_of(verdict),
        certificate=facts,
        claimed_time=item.claimed_time,
        best_time=found.best_time,
        level=_level(found, verdict),
        timestamps=found.timestamps,
        chain=links_of(chain),
        revocation=sources_of(chain),
        algorithm=found.certificate.key.title if found.certificate else item.algorithm_oid,
        digest=DIGEST_TITLES.get(item.digest or "", item.digest_oid),
        warnings=(*item.warnings, *(facts.warnings if facts else ())),
        reasons=found.reasons,
        revoked_at=chain.revoked_at if chain else None,
    )


def _level(found: _Found, verdict: Verdict) -> str:
    """A level counts only when its time-stamp is good."""
    item = found.item
    if not parse.has_certificate_attribute(item):
        return "CMS"
    stamps = [stamp for stamp in found.timestamps if stamp.is_valid]
    if not any(stamp.kind == "signature" for stamp in stamps):
        return "BES"
    values = {attribute.oid for attribute in item.unsigned}
    is_long = {parse.CERTIFICATE_VALUES, parse.REVOCATION_VALUES} <= values
    if is_long and any(stamp.kind == "references" for stamp in stamps):
        return "XL"
    return "T"
