"""The check of one XML signature: the same steps and verdicts as for CMS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing import reporting
from signing.algorithms import (
    COMPUTABLE,
    DIGEST_TITLES,
    DIGEST_URIS,
    SIGNATURE_URIS,
    SignatureAlgorithm,
    digest_of,
)
from signing.asn1 import Malformed
from signing.cades.timestamp import Token, read_token, verify_token
from signing.certificates import Certificate, certificate
from signing.chain import Evidence
from signing.content import Document
from signing.keys import verify as verify_value
from signing.model import Policy, Report, Revocation, SignerReport, SubIndication, TimestampReport
from signing.people import facts_of
from signing.revocation import StatusData, status_data
from signing.standing import Standing, Times, standing
from signing.trust import TrustStore
from signing.verdict import Verdict, failed, text_of, undecided
from signing.xades import parse
from signing.xades.parse import NS, Canonical, Reference, SignedXml
from signing.xades.second_opinion import FAMILIES, refusal

_MAX_CERTIFICATES = 32


def looks_like_xml(data: bytes) -> bool:
    head = data[:200]
    for mark, charset in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if head.startswith(mark):
            head = head[len(mark) :].decode(charset, "ignore").encode("utf-8")
            break
    return head.lstrip().startswith(b"<")


@dataclass(frozen=True)
class _Properties:
    """SignedProperties that a reference covers; None when there are none."""

    element: Any = None
    # Digests of the signing certificate, first of those named: (digest name, value).
    certificate_digest: tuple[str | None, bytes] | None = None
    claimed_time: datetime | None = None


@dataclass
class _Found:
    certificate: Certificate | None = None
    standing: Standing | None = None
    timestamps: tuple[TimestampReport, ...] = ()
    best_time: datetime | None = None
    reasons: tuple[str, ...] = ()


def verify_xml(
    data: bytes,
    document: bytes | Path | None,
    trust: TrustStore,
    *,
    at: datetime,
    revocation: Revocation,
    policy: Policy,
) -> Report:
    """Check an XML file with a signature in it; raises Malformed when it breaks a rule of form."""
    signed = parse.parse(data)
    warnings = parse.check_coverage(signed)
    status = status_data(revocation)
    properties = _properties(signed)
    evidence = Evidence(trust, policy, tuple(_certificates(signed)), status)
    found = _Found()
    verdict = _verdict(found, signed, properties, evidence, at)
    if document is not None and Document(document).digest("sha256") != digest_of("sha256", data):
        verdict = failed(SubIndication.HASH_FAILURE)
        found.reasons += ("приложен другой документ: подпись XML находится внутри своего файла",)
    signer = _report(found, signed, properties, verdict, warnings)
    form = "XMLDSig" if properties.element is None else "XAdES"
    return _whole(signer, form, signed, trust, at, policy, status)


def _whole(
    signer: SignerReport,
    form: str,
    signed: SignedXml,
    trust: TrustStore,
    at: datetime,
    policy: Policy,
    status: StatusData,
) -> Report:
    content = None
    if signer.passed:
        content = b"\n".join(parse.reference_bytes(signed, item) for item, _ in parse.data_targets(signed))
    return reporting.report_of((signer,), form, trust, at, policy, status, content=content)


def _verdict(
    found: _Found, signed: SignedXml, properties: _Properties, evidence: Evidence, at: datetime
) -> Verdict:
    algorithm = SIGNATURE_URIS.get(signed.method_uri)
    if algorithm is None:
        found.reasons += (f"алгоритм подписи не допускается: {signed.method_uri[:120]}",)
        return undecided(SubIndication.CRYPTO_CONSTRAINTS_FAILURE)
    signer = found.certificate = _signer(signed, algorithm, properties, evidence)
    if signer is None:
        found.reasons += ("сертификата подписанта нет в подписи или он назван другим",)
        return undecided(SubIndication.NO_SIGNING_CERTIFICATE_FOUND)
    weakness = _weakness(signed, algorithm, signer, evidence)
    if weakness:
        found.standing = standing(signer, evidence, Times(at))
        found.reasons += (weakness,)
        return undecided(SubIndication.CRYPTO_CONSTRAINTS_FAILURE)
    tokens = _tokens(signed)
    extra = tuple(dict.fromkeys((*evidence.extra, *(one for token in tokens for one in token.certificates))))
    evidence = replace(evidence, extra=extra)
    found.timestamps = tuple(verify_token(token, evidence, Times(at)) for token in tokens)
    proven = [stamp.time for stamp in found.timestamps if stamp.is_valid and stamp.time]
    found.best_time = min(proven, default=None)
    found.standing = standing(signer, evidence, Times(at, found.best_time))
    found.reasons += found.standing.reasons
    if not _is_made_by(signed, algorithm, signer):
        found.reasons += ("значение подписи не сходится с ключом сертификата",)
        return failed(SubIndication.SIG_CRYPTO_FAILURE)
    for reference in signed.references:
        if (
            digest_of(DIGEST_URIS[reference.digest_uri], parse.reference_bytes(signed, reference))
            != reference.digest
        ):
            found.reasons += (f"хеш подписанного не совпадает: {reference.uri or 'весь файл'}",)
            return failed(SubIndication.HASH_FAILURE)
    if algorithm.family in FAMILIES:
        refused = refusal(signed.data, signer, len(signed.references))
        if refused:
            found.reasons += (f"signxml: {refused[:200]}",)
            return undecided(SubIndication.SIG_CONSTRAINTS_FAILURE)
    if evidence.policy.is_signing_certificate_required and properties.certificate_digest is None:
        found.reasons += ("нет подписанного свойства SigningCertificate",)
        return undecided(SubIndication.SIG_CONSTRAINTS_FAILURE)
    return found.standing.verdict


def _weakness(
    signed: SignedXml, algorithm: SignatureAlgorithm, signer: Certificate, evidence: Evidence
) -> str | None:
    if algorithm.family != signer.key.family:
        return "алгоритм подписи не подходит к ключу сертификата"
    weakness = signer.key.weakness(evidence.policy, algorithm.digest or "")
    if weakness:
        return weakness
    for reference in signed.references:
        name = DIGEST_URIS.get(reference.digest_uri)
        if name not in evidence.policy.digests or name not in COMPUTABLE:
            return f"алгоритм хеширования не допускается: {reference.digest_uri[:120]}"
    return None if signer.key.material is not None else "ключ сертификата не читается"


def _is_made_by(signed: SignedXml, algorithm: SignatureAlgorithm, signer: Certificate) -> bool:
    value = signed.value
    if algorithm.family == "ecdsa":
        # XMLDSig holds r ‖ s, everybody else a SEQUENCE of two.
        half = len(value) // 2
        if not half or len(value) % 2:
            return False
        value = encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))
    return verify_value(signer.key, algorithm, algorithm.digest or "", signed.signed_info, value)


def _certificates(signed: SignedXml) -> list[Certificate]:
    found = []
    path = "ds:KeyInfo/ds:X509Data/ds:X509Certificate"
    for element in signed.signature.findall(path, NS)[:_MAX_CERTIFICATES]:
        try:
            found.append(certificate(parse.decoded("".join(element.itertext()))))
        except Malformed:
            # One that cannot be read proves nothing; if it was the signer's, there will be no signer.
            continue
    return found


def _signer(
    signed: SignedXml, algorithm: SignatureAlgorithm, properties: _Properties, evidence: Evidence
) -> Certificate | None:
    """The certificate that the signed properties name; without them, the one from KeyInfo whose key fits."""
    if properties.certificate_digest is not None:
        name, value = properties.certificate_digest
        if name is None or name not in COMPUTABLE:
            return None
        pool = (*evidence.extra, *evidence.trust.certificates)
        return next((item for item in pool if digest_of(name, item.der) == value), None)
    fitting = (item for item in evidence.extra if _is_made_by(signed, algorithm, item))
    return next(fitting, next(iter(evidence.extra), None))


def _properties(signed: SignedXml) -> _Properties:
    """Only what a reference of the signature covers: properties outside it are a stranger's words."""
    for reference in signed.references:
        element = parse.target_of(signed, reference) if reference.uri else None
        if element is None or element.tag != f"{{{parse.XADES}}}SignedProperties":
            continue
        qualifying = element.getparent()
        target = qualifying.get("Target", "") if qualifying is not None else ""
        if signed.signature not in element.iterancestors() or target != f"#{signed.signature.get('Id', '')}":
            raise Malformed("SignedProperties относятся не к этой подписи")
        return _read_properties(signed, reference)
    return _Properties()


def _read_properties(signed: SignedXml, reference: Reference) -> _Properties:
    """From the canonical bytes, as everything signed is read."""
    element = parse.parsed(parse.reference_bytes(signed, reference))
    first = element.find(".//xades:SigningCertificateV2/xades:Cert/xades:CertDigest", NS)
    if first is None:
        first = element.find(".//xades:SigningCertificate/xades:Cert/xades:CertDigest", NS)
    named = None
    if first is not None:
        uri = first.find("ds:DigestMethod", NS)
        value = first.find("ds:DigestValue", NS)
        if uri is None or value is None:
            raise Malformed("в SigningCertificate нет хеша")
        named = DIGEST_URIS.get(uri.get("Algorithm", "")), parse.decoded("".join(value.itertext()))
    return _Properties(element, named, _time(element))


def _time(element: Any) -> datetime | None:
    found = element.find(".//xades:SigningTime", NS)
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat("".join(found.itertext()).strip())
    except ValueError:
        # The claimed time proves nothing, so a broken one fails nothing.
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tokens(signed: SignedXml) -> list[Token]:
    """XAdES-T: tokens over the canonical SignatureValue (ETSI EN 319 132-1, 5.3)."""
    path = ".//xades:UnsignedSignatureProperties/xades:SignatureTimeStamp"
    value = signed.signature.find("ds:SignatureValue", NS)
    tokens = []
    for stamp in signed.signature.iterfind(path, NS):
        method = stamp.find("ds:CanonicalizationMethod", NS)
        canonical = Canonical() if method is None else parse.canonical_method(method)
        over = parse.canonical_bytes(value, canonical)
        for token in stamp.iterfind("xades:EncapsulatedTimeStamp", NS):
            tokens.append(read_token(parse.decoded("".join(token.itertext())), over, "signature"))
    return tokens


def _report(
    found: _Found, signed: SignedXml, properties: _Properties, verdict: Verdict, warnings: list[str]
) -> SignerReport:
    facts = facts_of(found.certificate) if found.certificate else None
    chain = found.standing.chain if found.standing else None
    algorithm = SIGNATURE_URIS.get(signed.method_uri)
    level = "XMLDSig" if properties.certificate_digest is None else "BES"
    if level == "BES" and any(stamp.is_valid for stamp in found.timestamps):
        level = "T"
    return SignerReport(
        verdict[0],
        verdict[1],
        text_of(verdict),
        certificate=facts,
        claimed_time=properties.claimed_time,
        best_time=found.best_time,
        level=level,
        timestamps=found.timestamps,
        chain=reporting.links_of(chain),
        revocation=reporting.sources_of(chain),
        algorithm=found.certificate.key.title if found.certificate else signed.method_uri,
        digest=DIGEST_TITLES.get(algorithm.digest or "", "") if algorithm else "",
        warnings=(*warnings, *(facts.warnings if facts else ())),
        reasons=found.reasons,
        revoked_at=chain.revoked_at if chain else None,
        signed_element=", ".join(parse.path_of(target) for _, target in parse.data_targets(signed)),
    )
