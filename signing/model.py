"""What the signature room says: indications of ETSI EN 319 102-1, facts of certificates, reports."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
# Version of the verifier: stored with every report, so that a later one is told from an earlier one.
ENGINE = "veche-signing/1"


class Indication(StrEnum):
    """ETSI EN 319 102-1, 5.1.3."""

    TOTAL_PASSED = "TOTAL_PASSED"
    TOTAL_FAILED = "TOTAL_FAILED"
    INDETERMINATE = "INDETERMINATE"


class SubIndication(StrEnum):
    """ETSI EN 319 102-1, tables 6 and 7: only those that this verifier gives."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    OUT_OF_BOUNDS_NOT_REVOKED = "OUT_OF_BOUNDS_NOT_REVOKED"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    TRY_LATER = "TRY_LATER"


@dataclass(frozen=True)
class Policy:
    """Which signatures are taken: algorithms, and how strictly the form is asked for."""

    code: str
    title: str
    # Families of keys: "gost" (ГОСТ Р 34.10-2012), "rsa" (from 2048 bits), "ecdsa" (NIST curves from P-256).
    keys: frozenset[str]
    # Names as signing.algorithms knows them.
    digests: frozenset[str]
    is_signing_certificate_required: bool = True


_GOST_DIGESTS = frozenset({"streebog256", "streebog512"})
_SHA2 = frozenset({"sha256", "sha384", "sha512"})
RU_QUALIFIED = Policy(
    "ru-qualified",
    "Усиленная квалифицированная подпись (ГОСТ Р 34.10-2012)",
    keys=frozenset({"gost"}),
    digests=_GOST_DIGESTS,
)
RU_LENIENT = Policy(
    "ru-lenient",
    "Подпись ГОСТ Р 34.10-2012, в том числе простая CMS",
    keys=frozenset({"gost"}),
    digests=_GOST_DIGESTS,
    is_signing_certificate_required=False,
)
INTERNAL = Policy(
    "internal",
    "Внутренняя подпись (RSA, ECDSA или ГОСТ)",
    keys=frozenset({"gost", "rsa", "ecdsa"}),
    digests=_GOST_DIGESTS | _SHA2,
)
POLICIES = {policy.code: policy for policy in (RU_QUALIFIED, RU_LENIENT, INTERNAL)}


@dataclass(frozen=True)
class Revocation:
    """Everything known of revoked certificates: whole CRLs and OCSP answers, DER; nothing is ever fetched."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    @classmethod
    def from_folder(cls, folder: Path) -> Revocation:
        """`*.crl` and `*.ocsp` of a folder."""
        return cls(
            crls=tuple(path.read_bytes() for path in sorted(folder.glob("*.crl"))),
            ocsps=tuple(path.read_bytes() for path in sorted(folder.glob("*.ocsp"))),
        )

    @functools.cached_property
    def version(self) -> str:
        """Names this set of data: verdicts are remembered by it."""
        digest = hashlib.sha256()
        for item in (*self.crls, b"/", *self.ocsps):
            digest.update(hashlib.sha256(item).digest())
        return digest.hexdigest()[:16]


@dataclass(frozen=True)
class CertificateFacts:
    """Who a certificate speaks of (приказ ФСБ России от 27.12.2011 № 795); names as they stand in it."""

    sha256: str
    serial_hex: str
    subject_name: str
    issuer_name: str
    not_before: datetime
    not_after: datetime
    surname: str | None = None
    given_name: str | None = None
    title: str | None = None
    organization: str | None = None
    inn: str | None = None
    inn_legal: str | None = None
    ogrn: str | None = None
    ogrnip: str | None = None
    snils: str | None = None
    email: str | None = None
    key_usage: tuple[str, ...] = ()
    # Protection classes of the certificate policies: КС1, КС2, КС3, КВ1, КВ2, КА1.
    policies: tuple[str, ...] = ()
    algorithm: str = ""
    is_seal: bool = False
    is_test: bool = False
    # What is wrong with the fields themselves: an ИНН in the wrong attribute, of the wrong length.
    warnings: tuple[str, ...] = ()

    @property
    def person(self) -> str | None:
        """Surname, name, patronymic; None for a seal."""
        return " ".join(filter(None, (self.surname, self.given_name))) or None

    @property
    def owner(self) -> str:
        """Whom the visible mark names: the person, for a seal the organisation."""
        return self.person or self.organization or self.subject_name

    def stamp_lines(self, zone: tzinfo = MOSCOW) -> tuple[str, str, str, str]:
        """The four lines of the visible mark (ГОСТ Р 7.0.97-2016, п. 5.23); the test mark is the caller's."""
        since, until = (f"{moment.astimezone(zone):%d.%m.%Y}" for moment in (self.not_before, self.not_after))
        return (
            "Документ подписан электронной подписью",
            f"Сертификат {self.serial_hex}",
            f"Владелец {self.owner}",
            f"Действителен с {since} по {until}",
        )


@dataclass(frozen=True)
class TimestampReport:
    """One RFC 3161 token: a bad one proves nothing and spoils nothing."""

    time: datetime | None
    is_valid: bool
    reason: str | None = None
    # "signature" (CAdES-T), "references" (CAdES-C), "content" (before signing), "archive"
    kind: str = "signature"
    authority: str | None = None


@dataclass(frozen=True)
class ChainLink:
    """One certificate of the chain, from the signer's to the anchor."""

    sha256: str
    serial_hex: str
    subject_name: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class RevocationFact:
    """One source of status: a CRL or an OCSP answer, and when it was issued."""

    kind: str
    issuer_name: str
    this_update: datetime
    next_update: datetime | None
    # "supplied" by the verifier or "embedded" in the signature
    source: str


@dataclass(frozen=True)
class SignerReport:
    """One signature of the file."""

    indication: Indication
    sub_indication: SubIndication | None
    text: str
    certificate: CertificateFacts | None = None
    claimed_time: datetime | None = None
    best_time: datetime | None = None
    level: str = "BES"
    timestamps: tuple[TimestampReport, ...] = ()
    chain: tuple[ChainLink, ...] = ()
    revocation: tuple[RevocationFact, ...] = ()
    algorithm: str = ""
    digest: str = ""
    warnings: tuple[str, ...] = ()
    # Technical remarks of the check, in the order they were made.
    reasons: tuple[str, ...] = ()
    revoked_at: datetime | None = None
    countersignatures: tuple[SignerReport, ...] = ()
    # For XML: the absolute path of the signed element.
    signed_element: str | None = None

    @property
    def passed(self) -> bool:
        return self.indication is Indication.TOTAL_PASSED


@dataclass(frozen=True)
class Report:
    """The verdict on a signature file: the worst of its signatures, each with its own."""

    indication: Indication
    sub_indication: SubIndication | None
    signers: tuple[SignerReport, ...]
    format: str
    level: str | None
    text: str
    at: datetime
    policy: str
    trust_version: str = ""
    warnings: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    engine: str = ENGINE
    # What was really signed: canonical bytes of XML, the content of an attached signature; never the input.
    signed_content: bytes | None = field(default=None, repr=False)

    @property
    def passed(self) -> bool:
        return self.indication is Indication.TOTAL_PASSED

    @property
    def is_unqualified(self) -> bool:
        """Passed by a policy that takes more than qualified signatures."""
        return self.policy != RU_QUALIFIED.code

    def as_dict(self) -> dict[str, object]:
        """The report as JSON values; `signed_content` stays out: a report is not a copy of the document."""
        return {name: value for name, value in _jsonable(self).items() if name != "signed_content"}


def _jsonable(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    return {item.name: _plain(getattr(value, item.name)) for item in fields(value)} | {
        name: getattr(value, name) for name in ("owner", "person") if hasattr(value, name)
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return _jsonable(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bytes):
        return None
    return value
