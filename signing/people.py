"""Who stands behind a certificate: fields of the Russian qualified certificate (приказ ФСБ России № 795)."""

from __future__ import annotations

import functools
from collections import defaultdict

from asn1crypto import x509

from signing.asn1 import UNREADABLE, Malformed
from signing.certificates import Certificate, certificate
from signing.model import CertificateFacts

INN = "1.2.643.3.131.1.1"
INN_LEGAL = "1.2.643.100.4"
OGRN = "1.2.643.100.1"
OGRNIP = "1.2.643.100.5"
SNILS = "1.2.643.100.3"
_LENGTHS = {INN: 12, INN_LEGAL: 10, OGRN: 13, OGRNIP: 15, SNILS: 11}
_TITLES = {INN: "ИНН", INN_LEGAL: "ИНН ЮЛ", OGRN: "ОГРН", OGRNIP: "ОГРНИП", SNILS: "СНИЛС"}
_NAMES = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.42": "G",
    "2.5.4.12": "T",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.8": "S",
    "2.5.4.7": "L",
    "2.5.4.9": "STREET",
    "1.2.840.113549.1.9.1": "E",
} | {oid: title.replace(" ", "") for oid, title in _TITLES.items()}
# Order № 795, XIV: classes of the means of electronic signature in the certificate policies.
_CLASSES = {
    "1.2.643.100.113.1": "КС1",
    "1.2.643.100.113.2": "КС2",
    "1.2.643.100.113.3": "КС3",
    "1.2.643.100.113.4": "КВ1",
    "1.2.643.100.113.5": "КВ2",
    "1.2.643.100.113.6": "КА1",
}
# Certificates of the product's own test authority carry this policy (a UUID arc, ITU-T X.667: nobody else's).
TEST_POLICY = "2.25.212390982533022871761157895514898335976"


def certificate_facts(der: bytes) -> CertificateFacts:
    """What a certificate says of its owner; raises Malformed for what is not a certificate."""
    try:
        return facts_of(certificate(der))
    except UNREADABLE as error:
        raise Malformed(f"сертификат не читается: {error}") from None


@functools.lru_cache(maxsize=4096)
def facts_of(found: Certificate) -> CertificateFacts:
    fields = _fields(found.asn1.subject)
    warnings: list[str] = []
    numbers = {oid: _number(fields, oid, warnings) for oid in _LENGTHS}
    inn, inn_legal = numbers[INN], numbers[INN_LEGAL]
    old = _old_style(fields.get(INN, []))
    if old:
        # Before September 2021 the organisation's number stood in the person's attribute, as 00 and ten
        # digits.
        inn = None
        if inn_legal not in (None, old):
            warnings.append("ИНН организации указан дважды и по-разному")
            inn_legal = None
        else:
            inn_legal = old
    surname, given_name = _one(fields, "2.5.4.4"), _one(fields, "2.5.4.42")
    policies = _policies(found)
    serial = f"{found.serial:X}"
    return CertificateFacts(
        sha256=found.sha256,
        serial_hex=serial if len(serial) % 2 == 0 else f"0{serial}",
        subject_name=name_text(found.asn1.subject),
        issuer_name=name_text(found.asn1.issuer),
        not_before=found.not_before,
        not_after=found.not_after,
        surname=surname,
        given_name=given_name,
        title=_one(fields, "2.5.4.12"),
        organization=_one(fields, "2.5.4.10"),
        inn=inn,
        inn_legal=inn_legal,
        ogrn=numbers[OGRN],
        ogrnip=numbers[OGRNIP],
        snils=numbers[SNILS],
        email=_one(fields, "1.2.840.113549.1.9.1"),
        key_usage=tuple(sorted(found.usage or ())),
        policies=tuple(_CLASSES[oid] for oid in policies if oid in _CLASSES),
        algorithm=found.key.title,
        is_seal=not (surname or given_name) and bool(_one(fields, "2.5.4.10")),
        is_test=TEST_POLICY in policies,
        warnings=tuple(warnings),
    )


def name_text(name: x509.Name) -> str:
    """A name on one line, in the order of the certificate."""
    parts = [f"{_NAMES.get(oid, oid)}={value}" for oid, value in _pairs(name)]
    return ", ".join(parts)


def short_name(found: Certificate) -> str:
    """The common name, or the organisation: for lists of a chain."""
    fields = _fields(found.asn1.subject)
    return _one(fields, "2.5.4.3") or _one(fields, "2.5.4.10") or name_text(found.asn1.subject)


def _pairs(name: x509.Name) -> list[tuple[str, str]]:
    return [
        (attribute["type"].dotted, str(attribute["value"].native))
        for relative in name.chosen
        for attribute in relative
    ]


def _fields(name: x509.Name) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = defaultdict(list)
    for oid, value in _pairs(name):
        fields[oid].append(value.strip())
    return fields


def _one(fields: dict[str, list[str]], oid: str) -> str | None:
    return next(iter(fields.get(oid, [])), None) or None


def _number(fields: dict[str, list[str]], oid: str, warnings: list[str]) -> str | None:
    """A number of the right length, met once. Anything else is not read at all: a forger may hope for
    leniency.
    """
    values = fields.get(oid, [])
    if not values:
        return None
    title = _TITLES[oid]
    if len(values) > 1:
        warnings.append(f"{title} указан в сертификате несколько раз")
        return None
    value = values[0]
    if not (value.isascii() and value.isdigit() and len(value) == _LENGTHS[oid]):
        warnings.append(f"{title} в сертификате не из {_LENGTHS[oid]} цифр: {value[:40]}")
        return None
    return value


def _old_style(values: list[str]) -> str | None:
    is_old = len(values) == 1 and len(values[0]) == 12 and values[0].startswith("00")
    return values[0][2:] if is_old and values[0].isdigit() else None


def _policies(found: Certificate) -> list[str]:
    value = found.asn1.certificate_policies_value
    return [] if value is None else [policy["policy_identifier"].dotted for policy in value]
