"""Does the signer act for the company (S-10, S-11)? A right signature of somebody without powers is its own
outcome.

A certificate of a legal entity names the person who acts without a proxy (63-ФЗ, ст. 17.2, ч. 1); anybody
else signs
with a personal certificate and a proxy, on paper (ст. 185 ГК РФ) or machine-readable (63-ФЗ, ст. 17.2, ч. 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer

from records import parameters
from records.actor import HEAD
from records.database import db
from records.kinds import registry
from records.model import Record, StoredFile
from records.people import Organisation, Seat, User
from signing import CertificateFacts

from . import attorneys
from .model import CertificateBinding

AUTHORISED, NONE, UNKNOWN = "authorised", "none", "unknown"
NO_POWERS = "Подпись верна, полномочий нет"
POWER_OF_KIND = {
    "extract_request": "extracts",
    "register_change_application": "register_changes",
    "level_change_application": "register_changes",
    "ballot": "meeting_vote",
}
"""Which power of a proxy covers a kind; the rest ask for all powers or for reports by their group."""


@dataclass(frozen=True)
class Authority:
    """The outcome, and the sentence that explains it."""

    code: str
    text: str

    @property
    def holds(self) -> bool:
        return self.code == AUTHORISED


def of_signer(facts: CertificateFacts | None, record: Record, at: datetime) -> Authority:
    """The powers of a certificate's owner over a record's company at a moment."""
    if facts is None:
        return Authority(UNKNOWN, "Сертификата подписанта нет: полномочия проверить нельзя.")
    if record.direction != "in" or record.organisation_id is None:
        own = _of_office(facts)
        if own is not None or record.organisation_id is None:
            return own or _foreign(facts, str(parameters.office().get("short_name") or "СРО"))
    company = db.session.get(Organisation, record.organisation_id)
    assert company is not None
    day = at.astimezone(parameters.zone()).date()
    if _is_of(facts, company):
        return _of_company(facts, company)
    if facts.inn_legal or facts.is_seal:
        return _foreign(facts, company.short_name)
    return _by_proxy(facts, company, record, day)


def _is_of(facts: CertificateFacts, company: Organisation) -> bool:
    """Companies are matched by ИНН and ОГРН, never by name; of the two none may contradict."""
    inn = facts.inn_legal or (facts.inn if company.inn and len(company.inn) == 12 else None)
    ogrn = facts.ogrn or facts.ogrnip
    if inn and company.inn:
        return inn == company.inn and not (ogrn and company.ogrn and ogrn != company.ogrn)
    return bool(ogrn and ogrn == company.ogrn)


def _foreign(facts: CertificateFacts, name: str) -> Authority:
    whose = facts.organization or facts.owner
    return Authority(NONE, f"{NO_POWERS}: сертификат выдан на «{whose}», а документ относится к «{name}».")


def _of_office(facts: CertificateFacts) -> Authority | None:
    office = parameters.office()
    inn, ogrn = str(office.get("inn") or ""), str(office.get("ogrn") or "")
    if not (facts.inn_legal and facts.inn_legal == inn) and not (facts.ogrn and facts.ogrn == ogrn):
        return None
    if facts.ogrn and ogrn and facts.ogrn != ogrn:
        return None
    if facts.is_seal:
        return Authority(AUTHORISED, "Подписано сертификатом СРО.")
    if same_person(facts.person or "", str(office.get("head_name") or "")) or _staff_named(facts):
        return Authority(AUTHORISED, f"Подписано от имени СРО: {facts.owner}.")
    return Authority(NONE, f"{NO_POWERS}: {facts.owner} не значится среди должностных лиц СРО.")


def _staff_named(facts: CertificateFacts) -> bool:
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Seat, Seat.user_id == User.id)
        .where(Seat.organisation_id.is_(None), User.is_active.is_(True))
    )
    return any(same_person(facts.person or "", row.name) for row in rows)


def _of_company(facts: CertificateFacts, company: Organisation) -> Authority:
    if facts.is_seal:
        text = f"{NO_POWERS}: печать организации «{company.short_name}» без подписи руководителя."
        return Authority(NONE, text)
    heads = _heads(company)
    if not heads or any(_is_person(facts, user_id, name) for user_id, name in heads):
        who = f", {facts.title.lower()}" if facts.title else ""
        return Authority(AUTHORISED, f"Подписано руководителем: {facts.owner}{who}.")
    names = ", ".join(dict.fromkeys(name for _id, name in heads))
    return Authority(
        NONE,
        f"{NO_POWERS}: сертификат организации выдан на имя «{facts.owner}», а руководителем значится "
        f"{names}.",
    )


def _heads(company: Organisation) -> list[tuple[int | None, str]]:
    """Who acts for the company without a proxy: by the register and by its cabinet."""
    today = parameters.today()
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Seat, Seat.user_id == User.id)
        .where(
            Seat.organisation_id == company.id,
            Seat.role == HEAD,
            or_(Seat.valid_until.is_(None), Seat.valid_until >= today),
        )
    )
    found: list[tuple[int | None, str]] = [(row.id, row.name) for row in rows]
    return ([(None, company.head_name)] if company.head_name else []) + found


def _is_person(facts: CertificateFacts, user_id: int | None, name: str) -> bool:
    """By the bound СНИЛС and ИНН where the account has them, else by the full name."""
    bound = _binding(user_id)
    if bound is not None and facts.snils:
        return (bound.snils, bound.inn) == (facts.snils, facts.inn or bound.inn)
    return same_person(facts.person or "", name)


def _binding(user_id: int | None) -> CertificateBinding | None:
    if user_id is None:
        return None
    return db.session.scalars(
        select(CertificateBinding).where(
            CertificateBinding.user_id == user_id, CertificateBinding.revoked_at.is_(None)
        )
    ).first()


def same_person(first: str, second: str) -> bool:
    """Names compared letter by letter, without case, spaces and the difference of «е» and «ё»."""
    one, two = (" ".join(name.casefold().replace("ё", "е").split()) for name in (first, second))
    return bool(one) and one == two


def _by_proxy(facts: CertificateFacts, company: Organisation, record: Record, day: date) -> Authority:
    reasons: list[str] = []
    for found in _proxies(company):
        payload = found.payload or {}
        if not same_person(facts.person or "", str(payload.get("person") or "")):
            continue
        problem = _proxy_problem(found, record, day)
        if problem is None:
            number = found.number_text or payload.get("own_number") or "без номера"
            return Authority(AUTHORISED, f"Подписано по доверенности № {number}: {facts.owner}.")
        reasons.append(problem)
    for found_file in _attorney_files(company, record):
        read = attorneys.judge(found_file, facts, company, day)
        if read.is_good:
            return Authority(AUTHORISED, f"Подписано по МЧД № {read.number}: {facts.owner}.")
        if read.text:
            reasons.append(read.text)
    why = reasons[0] if reasons else f"действующей доверенности «{company.short_name}» на это имя нет"
    return Authority(NONE, f"{NO_POWERS}: {facts.owner}, {why}.")


def _proxies(company: Organisation) -> list[Record]:
    return list(
        db.session.scalars(
            select(Record)
            .where(
                Record.kind == "power_of_attorney",
                Record.organisation_id == company.id,
                Record.trashed_at.is_(None),
                Record.number_text.is_not(None),
            )
            .options(undefer(Record.payload))
            .order_by(Record.id.desc())
        )
    )


def _proxy_problem(proxy: Record, record: Record, day: date) -> str | None:
    """What is wrong with a proxy for this record on this day; None when it covers."""
    payload = proxy.payload or {}
    number = proxy.number_text
    if proxy.due_on is not None and proxy.due_on < day:
        return f"срок доверенности № {number} истёк {proxy.due_on:%d.%m.%Y}"
    ran_out = proxy.due_on is not None and proxy.done_on is not None and proxy.done_on >= proxy.due_on
    if proxy.state != "active" and not ran_out:  # one that ran out in its own time covers the days before
        title = registry[proxy.kind].state_title(proxy.state).lower()
        return f"доверенность № {number} не действует ({title})"
    issued = str(payload.get("issued_on") or "")
    if issued and date.fromisoformat(issued) > day:
        return f"доверенность № {number} выдана позже подписи"
    powers = payload.get("powers")
    held = set(powers) if isinstance(powers, list) else {powers}
    if "all" in held or needed_power(record) in held:
        return None
    return f"доверенность № {number} таких полномочий не даёт"


def needed_power(record: Record) -> str:
    """The power of a proxy that a record asks for."""
    if record.kind in POWER_OF_KIND:
        return POWER_OF_KIND[record.kind]
    kind = registry.get(record.kind)
    is_report = record.kind.startswith("report") or (kind is not None and "отчёт" in kind.title.lower())
    return "reports" if is_report else "all"


def _attorney_files(company: Organisation, record: Record) -> list[StoredFile]:
    """МЧД as XML: attached to the record itself or to a proxy of the company."""
    return list(
        db.session.scalars(
            select(StoredFile)
            .join(Record, Record.id == StoredFile.record_id)
            .where(
                or_(
                    Record.id == record.id,
                    (Record.organisation_id == company.id) & (Record.kind == "power_of_attorney"),
                ),
                StoredFile.name.ilike("%.xml"),
                StoredFile.signature_of.is_(None),
                StoredFile.removed_at.is_(None),
                Record.trashed_at.is_(None),
                Record.state != "revoked",
            )
            .order_by(StoredFile.id.desc())
            .limit(20)
        )
    )
