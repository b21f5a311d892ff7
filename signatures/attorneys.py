"""Machine-readable powers of attorney attached to records (S-11): read, checked with their own signature,
compared with
the signer and the company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from records.database import db, now
from records.model import StoredFile
from records.people import Organisation
from records.storage import storage
from signing import CertificateFacts
from signing.asn1 import Malformed
from signing.attorney import Attorney, AttorneyReport, read_attorney, verify_attorney

from . import trust

MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Judged:
    """What a file of powers gives one signer; `text` says why not."""

    is_good: bool
    number: str = ""
    text: str = ""


def read(entry: StoredFile) -> Attorney | None:
    """The power of attorney in a file, or None when the file is something else."""
    if entry.size > MOST_BYTES or not entry.name.lower().endswith(".xml"):
        return None
    try:
        return read_attorney(storage().path(entry.sha256).read_bytes())
    except Malformed:
        return None


def check(entry: StoredFile, day: date | None = None) -> AttorneyReport | None:
    """The file with its signature checked: enveloped, or detached and kept beside it."""
    attorney = read(entry)
    if attorney is None:
        return None
    found = trust.current()
    xml = storage().path(entry.sha256).read_bytes()
    reports = [
        verify_attorney(xml, signature, found.store, at=now(), on=day, revocation=found.revocation)
        for signature in [*_signatures(entry)] or [None]
    ]
    return next((report for report in reports if report.passed), reports[0])


def _signatures(entry: StoredFile) -> list[bytes | None]:
    rows = db.session.scalars(
        select(StoredFile.sha256).where(StoredFile.signature_of == entry.id, StoredFile.removed_at.is_(None))
    )
    return [storage().path(sha256).read_bytes() for sha256 in rows]


def judge(entry: StoredFile, facts: CertificateFacts, company: Organisation, day: date) -> Judged:
    """May this signer act for this company on this day by this file? Silent about files that name somebody
    else."""
    attorney = read(entry)
    if attorney is None or not any(person.is_same(facts) for person in attorney.representatives):
        return Judged(False)
    number = attorney.inner_number or attorney.number
    if not _gives(attorney, company):
        whose = attorney.principal_name
        return Judged(False, number, f"МЧД № {number} выдана другой организацией ({whose})")
    if day > attorney.expires_on:
        return Judged(False, number, f"срок МЧД № {number} истёк {attorney.expires_on:%d.%m.%Y}")
    if day < attorney.issued_on:
        return Judged(False, number, f"МЧД № {number} начинает действовать {attorney.issued_on:%d.%m.%Y}")
    report = check(entry, day)
    assert report is not None
    if not report.passed:
        return Judged(False, number, f"МЧД № {number}: {report.reasons[0].rstrip('.').lower()}")
    if attorney.is_joint:
        return Judged(False, number, f"МЧД № {number} требует совместной подписи представителей")
    return Judged(True, number)


def _gives(attorney: Attorney, company: Organisation) -> bool:
    if attorney.principal_inn and company.inn:
        return attorney.principal_inn == company.inn
    return bool(attorney.principal_ogrn and attorney.principal_ogrn == company.ogrn)


def shown(attorney: Attorney) -> list[tuple[str, str]]:
    """What a card tells of the file: parties, powers, term."""
    return [
        ("Номер", attorney.inner_number or attorney.number),
        ("Доверитель", f"{attorney.principal_name}, ИНН {attorney.principal_inn or '—'}"),
        ("Представитель", "; ".join(person.name for person in attorney.representatives)),
        ("Полномочия", "; ".join(power.title for power in attorney.powers)),
        ("Срок", f"с {attorney.issued_on:%d.%m.%Y} по {attorney.expires_on:%d.%m.%Y}"),
        ("Передоверие", "разрешено" if attorney.may_redelegate else "без права"),
    ]
