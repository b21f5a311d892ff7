"""RFC 3161 tokens inside signatures: a bad one is dropped and told of; it proves and fails nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import tsp

from signing.algorithms import COMPUTABLE, DIGEST_OIDS, digest_of
from signing.asn1 import UNREADABLE, Malformed
from signing.cades import parse
from signing.cades.parse import SignedFile
from signing.certificates import Certificate
from signing.chain import Evidence
from signing.keys import verify_digest
from signing.model import Revocation, TimestampReport
from signing.people import short_name
from signing.revocation import status_data
from signing.standing import Times, standing
from signing.verdict import PASSED

_TST_INFO = "1.2.840.113549.1.9.16.1.4"


@dataclass(frozen=True)
class Token:
    """A token as read: `problem` says why it could not be."""

    kind: str
    over: bytes
    signed: SignedFile | None = None
    info: tsp.TSTInfo | None = None
    problem: str | None = None

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        return self.signed.certificates if self.signed else ()

    @property
    def time(self) -> datetime | None:
        try:
            return self.info["gen_time"].native if self.info is not None else None
        except UNREADABLE:
            return None


def read_token(der: bytes, over: bytes, kind: str) -> Token:
    """Take a token apart; never raises."""
    try:
        signed = parse.parse(der)
        if signed.content_type != _TST_INFO or signed.content is None:
            raise Malformed("это не штамп времени")
        if len(signed.signers) != 1:
            raise Malformed("у штампа времени должна быть одна подпись")
        info = tsp.TSTInfo.load(signed.content, strict=True)
        if info["gen_time"].native.tzinfo is None:
            raise Malformed("время штампа без часового пояса")
        return Token(kind, over, signed, info)
    except (Malformed, *UNREADABLE) as problem:
        return Token(kind, over, problem=str(problem))


def verify_token(token: Token, evidence: Evidence, times: Times) -> TimestampReport:
    """RFC 3161, 2.4.2 and the rules above; the chain is asked at the control time."""
    if token.signed is None or token.info is None:
        return TimestampReport(token.time, False, token.problem, token.kind)
    try:
        signer, reason = _reason(token, token.signed, token.info, evidence, times)
    except (Malformed, *UNREADABLE) as problem:
        signer, reason = None, str(problem)
    name = short_name(signer) if signer else None
    return TimestampReport(token.time, reason is None, reason, token.kind, name)


def _reason(
    token: Token, signed: SignedFile, info: tsp.TSTInfo, evidence: Evidence, times: Times
) -> tuple[Certificate | None, str | None]:
    """The service's certificate, and why the token is not good (None: it is)."""
    item = signed.signers[0]
    evidence = _with_own(signed, evidence)
    named = [
        one
        for one in dict.fromkeys((*evidence.extra, *evidence.trust.certificates))
        if parse.fits_identifier(item, one) and parse.names_certificate(item, one)
    ]
    digests = parse.certificate_digests(item)
    if not named or not digests or any(name is None for name, _value in digests):
        return None, "не найден сертификат службы времени"
    signer = named[0]
    if item.algorithm is None or item.digest not in COMPUTABLE or item.signed is None:
        return signer, "неизвестный алгоритм штампа"
    weakness = signer.key.weakness(evidence.policy, item.digest)
    if weakness:
        return signer, weakness
    content_type, declared = item.one(parse.CONTENT_TYPE), item.one(parse.MESSAGE_DIGEST)
    if content_type is None or content_type.dotted != _TST_INFO or declared is None:
        return signer, "в штампе нет обязательных подписанных атрибутов"
    if digest_of(item.digest, signed.content or b"") != declared.native:
        return signer, "содержимое штампа изменено"
    digested = digest_of(item.algorithm_digest, item.signed_bytes)
    if not verify_digest(signer.key, item.algorithm, item.algorithm_digest, digested, item.signature):
        return signer, "подпись штампа искажена"
    if not _is_over(info, token.over):
        return signer, "штамп времени относится к другой подписи"
    if info["gen_time"].native > times.at:
        return signer, "время штампа позже времени проверки"
    found = standing(signer, evidence, Times(times.at, times.best), is_timestamper=True)
    if found.verdict != PASSED:
        return signer, f"сертификат службы времени: {'; '.join(found.reasons) or found.verdict[1]}"
    return signer, None


def _with_own(signed: SignedFile, evidence: Evidence) -> Evidence:
    """The token brings certificates and lists of its own."""
    extra = tuple(dict.fromkeys((*evidence.extra, *signed.certificates)))
    status = evidence.status
    if signed.revocation != Revocation():
        own = status_data(Revocation(), signed.revocation)
        status = replace(
            status,
            lists=status.lists + own.lists,
            answers=status.answers + own.answers,
            identity=f"{status.identity}+{own.identity}",
        )
    return replace(evidence, extra=extra, status=status)


def _is_over(info: tsp.TSTInfo, data: bytes) -> bool:
    """The imprint, by an algorithm that still means something."""
    imprint = info["message_imprint"]
    digest = DIGEST_OIDS.get(imprint["hash_algorithm"]["algorithm"].dotted)
    if digest is None or digest not in COMPUTABLE or digest == "sha1":
        return False
    return bool(digest_of(digest, data) == imprint["hashed_message"].native)
