"""What is inside a CMS file: signers, their attributes byte for byte, certificates, statuses, the content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, core, ocsp, tsp, x509

from signing.algorithms import COMPUTABLE, DIGEST_OIDS, SignatureAlgorithm, digest_of
from signing.asn1 import UNREADABLE, Malformed, octets
from signing.certificates import Certificate, certificate, embedded, name_key
from signing.keys import algorithm_of
from signing.model import Revocation

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
COUNTERSIGNATURE = "1.2.840.113549.1.9.6"
_ESS = "1.2.840.113549.1.9.16.2."
SIGNING_CERTIFICATE = f"{_ESS}12"
SIGNATURE_STAMP = f"{_ESS}14"
CONTENT_STAMP = f"{_ESS}20"
CERTIFICATE_REFERENCES = f"{_ESS}21"
REVOCATION_REFERENCES = f"{_ESS}22"
CERTIFICATE_VALUES = f"{_ESS}23"
REVOCATION_VALUES = f"{_ESS}24"
REFERENCES_STAMP = f"{_ESS}25"
SIGNING_CERTIFICATE_V2 = f"{_ESS}47"
_MOST_SIGNERS = 100
_MOST_STATUSES = 64
_OCSP_IN_CMS = "1.3.6.1.5.5.7.16.2"


class _CertificateValues(core.SequenceOf):  # type: ignore[misc]
    _child_spec = x509.Certificate


class _Lists(core.SequenceOf):  # type: ignore[misc]
    _child_spec = core.Any


class _RevocationValues(core.Sequence):  # type: ignore[misc]
    """RFC 5126, 6.3.4: the tags are explicit."""

    _fields = [  # noqa: RUF012 - asn1crypto's way of declaring
        ("crls", _Lists, {"explicit": 0, "optional": True}),
        ("ocsps", _Lists, {"explicit": 1, "optional": True}),
        ("other", core.Any, {"explicit": 2, "optional": True}),
    ]


@dataclass(frozen=True)
class Attribute:
    """One attribute: its name, its values as parsed, its own bytes."""

    oid: str
    values: tuple[Any, ...]
    # Type and values without the header of the SEQUENCE: what the CAdES-C stamp is over.
    contents: bytes


@dataclass
class Signer:
    """One SignerInfo taken apart."""

    info: cms.SignerInfo
    digest: str | None
    digest_oid: str
    algorithm: SignatureAlgorithm | None
    algorithm_oid: str
    signature: bytes
    # None: no signed attributes, the signature is over the document itself.
    signed: tuple[Attribute, ...] | None
    signed_bytes: bytes
    unsigned: tuple[Attribute, ...] = ()
    warnings: list[str] = field(default_factory=list)

    @property
    def algorithm_digest(self) -> str:
        """The digest under the value: named by the way of signing, otherwise that of the message."""
        named = self.algorithm.digest if self.algorithm else None
        return named or self.digest or "sha256"

    def one(self, oid: str) -> Any:
        """The only value of the only signed attribute of this type; None when there is none; raises
        Malformed.
        """
        found = [item for item in self.signed or () if item.oid == oid]
        if not found:
            return None
        if len(found) > 1 or len(found[0].values) != 1:
            raise Malformed(f"подписанный атрибут {oid} встречается не один раз")
        return found[0].values[0]

    def all(self, oid: str) -> Iterator[Attribute]:
        return (item for item in self.unsigned if item.oid == oid)

    @property
    def claimed_time(self) -> datetime | None:
        value = self.one(SIGNING_TIME)
        if value is None:
            return None
        moment: datetime = value.native
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True)
class SignedFile:
    """A CMS SignedData."""

    signers: tuple[Signer, ...]
    content_type: str
    content: bytes | None
    certificates: tuple[Certificate, ...]
    revocation: Revocation


def parse(der: bytes) -> SignedFile:
    """Take the file apart; raises Malformed for whatever is not SignedData."""
    try:
        outer = cms.ContentInfo.load(der, strict=True)
        if outer["content_type"].native != "signed_data":
            raise Malformed("это не подпись, а другой объект CMS")
        data = outer["content"]
        signers = tuple(
            signer(info) for _, info in zip(range(_MOST_SIGNERS + 1), data["signer_infos"], strict=False)
        )
        if not signers:
            raise Malformed("в файле нет ни одной подписи")
        if len(signers) > _MOST_SIGNERS:
            raise Malformed("слишком много подписей")
        encapsulated = data["encap_content_info"]
        content = encapsulated["content"]
        is_attached = not isinstance(content, core.Void) and content.contents is not None
        return SignedFile(
            signers=signers,
            content_type=encapsulated["content_type"].dotted,
            content=octets(content) if is_attached else None,
            certificates=tuple(_certificates(data, signers)),
            revocation=_revocation(data, signers),
        )
    except UNREADABLE as error:
        raise Malformed(f"структура CMS нарушена: {error}") from None


def signer(info: cms.SignerInfo) -> Signer:
    """One SignerInfo, also of a countersignature."""
    digest_oid = info["digest_algorithm"]["algorithm"].dotted
    signed = info["signed_attrs"]
    has_signed = not isinstance(signed, core.Void)
    unsigned = info["unsigned_attrs"]
    return Signer(
        info=info,
        digest=DIGEST_OIDS.get(digest_oid),
        digest_oid=digest_oid,
        algorithm=algorithm_of(info["signature_algorithm"]),
        algorithm_oid=info["signature_algorithm"]["algorithm"].dotted,
        signature=info["signature"].native,
        signed=tuple(map(_attribute, signed)) if has_signed else None,
        # [0] IMPLICIT on the wire, SET OF under the digest (RFC 5652, 5.4); otherwise byte for byte as it
        # came.
        signed_bytes=b"\x31" + signed.dump()[1:] if has_signed else b"",
        unsigned=() if isinstance(unsigned, core.Void) else tuple(map(_attribute, unsigned)),
    )


def as_signer_info(value: Any) -> cms.SignerInfo:
    """The value of a countersignature attribute."""
    return value if isinstance(value, cms.SignerInfo) else cms.SignerInfo.load(value.dump())


def _attribute(item: cms.CMSAttribute) -> Attribute:
    values = item["values"]
    if isinstance(values, core.Void):
        raise Malformed("атрибут без значения")
    contents = item["type"].dump() + values.dump()
    return Attribute(item["type"].dotted, tuple(values), contents)


def sorted_attributes(signed: bytes) -> bytes:
    """The same SET in DER order: Bouncy Castle signs the sorted form and may send the other."""
    loaded = core.SetOf.load(signed, spec=core.Any)
    members = sorted(item.dump() for item in loaded)
    return core.SetOf(spec=core.Any, contents=b"".join(members)).dump(force=False) or signed


def _certificates(data: cms.SignedData, signers: tuple[Signer, ...]) -> Iterator[Certificate]:
    found = data["certificates"]
    if not isinstance(found, core.Void):
        yield from embedded(found)
    for item in signers:
        for attribute in item.all(CERTIFICATE_VALUES):
            for value in attribute.values:
                for one in _CertificateValues.load(value.dump()):
                    yield certificate(one.dump())


def _revocation(data: cms.SignedData, signers: tuple[Signer, ...]) -> Revocation:
    """Lists and answers that came along; they are believed no more than any others."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    choices = data["crls"]
    for choice in () if isinstance(choices, core.Void) else choices:
        if choice.name == "crl":
            crls.append(choice.chosen.dump())
        elif choice.chosen["other_rev_info_format"].dotted == _OCSP_IN_CMS:
            ocsps.append(choice.chosen["other_rev_info"].dump())
    for item in signers:
        for attribute in item.all(REVOCATION_VALUES):
            for value in attribute.values:
                values = _RevocationValues.load(value.dump())
                crls += [one.dump() for one in _present(values["crls"])]
                ocsps += [_as_response(one.dump()) for one in _present(values["ocsps"])]
    return Revocation(tuple(crls[:_MOST_STATUSES]), tuple(ocsps[:_MOST_STATUSES]))


def _present(values: Any) -> Any:
    return () if isinstance(values, core.Void) else values


def _as_response(basic: bytes) -> bytes:
    """A BasicOCSPResponse in the envelope that services send."""
    response = ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {
                "response_type": "basic_ocsp_response",
                "response": ocsp.BasicOCSPResponse.load(basic),
            },
        }
    )
    dumped: bytes = response.dump()
    return dumped


def certificate_digests(item: Signer) -> list[tuple[str | None, bytes]]:
    """What the signing-certificate attributes say of the signer's certificate: digest name (None: unknown),
    value.
    """
    found: list[tuple[str | None, bytes]] = []
    value = item.one(SIGNING_CERTIFICATE_V2)
    if value is not None:
        first = tsp.SigningCertificateV2.load(value.dump())["certs"][0]
        name = DIGEST_OIDS.get(first["hash_algorithm"]["algorithm"].dotted)
        found.append((name if name in COMPUTABLE else None, first["cert_hash"].native))
    value = item.one(SIGNING_CERTIFICATE)
    if value is not None:
        found.append(("sha1", tsp.SigningCertificate.load(value.dump())["certs"][0]["cert_hash"].native))
    return found


def names_certificate(item: Signer, candidate: Certificate) -> bool:
    """Every attribute that can be computed must name this certificate; one that cannot is the policy's
    matter.
    """
    return all(
        name is None or digest_of(name, candidate.der) == value for name, value in certificate_digests(item)
    )


def has_certificate_attribute(item: Signer) -> bool:
    return any(
        attribute.oid in (SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2) for attribute in item.signed or ()
    )


def fits_identifier(item: Signer, candidate: Certificate) -> bool:
    """By issuer and serial number, or by the key identifier."""
    identifier = item.info["sid"]
    if identifier.name == "issuer_and_serial_number":
        chosen = identifier.chosen
        is_serial = chosen["serial_number"].native == candidate.serial
        return bool(is_serial and name_key(chosen["issuer"]) == candidate.issuer)
    return candidate.key_identifier is not None and bool(identifier.chosen.native == candidate.key_identifier)
