"""The open part of the register: what ст. 55.17 ГрК РФ and ст. 7.1 315-ФЗ make public, and nothing else.

The shape is the contract of the feed (`open-register:1.0`): a sole trader's address is where he works, never
where he lives; names of specialists, contracts, debts and e-mail stay inside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from records import parameters
from records.database import db

from . import decisions
from .history import Member, member_on, members_on
from .member_fields import ACCORDANCE, MEMBERSHIP, ODO_RIGHT, RIGHT, TYPES
from .model import Inspection, InsurancePolicy, Measure, MemberCard, MemberFact

ACTIONS = frozenset({"suspend", "resume", "terminate", "odo_restrict", "odo_unrestrict"})
RESULTS = {"clean": "нарушений нет", "found": "выявлены нарушения"}
Row = dict[str, object]


def feed(today: date, at: datetime) -> Row:
    """The whole open part as the feed gives it."""
    members = [m for m in members_on(today, everyone=True) if is_public(m)]
    return {
        "version": "1.0",
        "generated_at": at.isoformat(timespec="seconds"),
        "sro": about_sro(),
        "members": _rows(members),
    }


def is_public(member: Member) -> bool:
    """Members and those who were; a candidate is not in the register yet."""
    return member.get("membership_status") in ("member", "terminated") and bool(member.register_number)


def about_sro() -> Row:
    """The СРО itself, from its requisites."""
    office = parameters.office()
    named = {
        "name": office.get("full_name"),
        "short_name": office.get("short_name"),
        "number": office.get("number"),
        "inn": office.get("inn"),
        "ogrn": office.get("ogrn"),
        "address": office.get("address"),
        "site": office.get("site"),
        "email": office.get("email"),
        "phone": office.get("phone"),
    }
    return {**{k: str(v) for k, v in named.items() if v}, "kind": decisions.sro_kind()}


def stamp() -> tuple[datetime | None, int]:
    """When the open part last changed, and by how many facts (ETag of the feed)."""
    row = db.session.execute(
        select(func.max(MemberCard.updated_at), func.max(MemberCard.organisation_id))
    ).one()
    facts = db.session.scalar(select(func.max(MemberFact.id))) or 0
    return row[0], facts


def entry(organisation_id: int, today: date) -> Row | None:
    """One member as the public sees it."""
    member = member_on(organisation_id, today)
    return _rows([member])[0] if is_public(member) else None


def _rows(members: Sequence[Member]) -> list[Row]:
    ids = [m.organisation_id for m in members] if len(members) < 500 else None
    cards = {c.organisation_id: c for c in _of(MemberCard, ids)}
    actions, checks, policies = _of(Measure, ids), _of(Inspection, ids), _of(InsurancePolicy, ids)
    grouped = [_by_member(rows) for rows in (actions, checks, policies)]
    return [
        _row(m, cards.get(m.organisation_id), *(g.get(m.organisation_id, []) for g in grouped))
        for m in members
    ]


def _of(model: type, ids: Sequence[int] | None) -> list:  # type: ignore[type-arg]
    wanted: Select[Any] = select(model)
    if ids is not None:
        wanted = wanted.where(model.organisation_id.in_(ids))  # type: ignore[attr-defined]
    return list(db.session.scalars(wanted))


def _by_member(rows: Iterable) -> dict[int, list]:  # type: ignore[type-arg]
    found: dict[int, list] = {}  # type: ignore[type-arg]
    for row in rows:
        found.setdefault(row.organisation_id, []).append(row)
    return found


def _row(
    member: Member,
    card: MemberCard | None,
    actions: Sequence[Measure],
    checks: Sequence[Inspection],
    policies: Sequence[InsurancePolicy],
) -> Row:
    is_trader = member.get("member_type") == "ip"
    address = member.get("activity_address" if is_trader else "legal_address")
    decided, decided_on = member.get("admission_decision"), member.shown("admission_decision_date")
    levels = {name: member.number(name) for name in ("vv_level", "odo_level")}
    return {
        "register_number": member.register_number,
        "unified_number": member.get("unified_number") or None,
        "register_date": member.get("register_date") or None,
        "member_type": member.get("member_type") or "legal",
        "full_name": member.get("full_name") or member.name,
        "short_name": member.get("short_name") or None,
        "inn": member.get("inn"),
        "ogrn": member.get("ogrn"),
        "state_reg_date": member.get("state_reg_date") or None,
        "address": address or None,
        "region_code": member.get("region_code") or None,
        "phone": member.get("phone") or None,
        "site": member.get("website") or None,
        "head": member.get("head_name") or None,
        "membership_status": member.get("membership_status"),
        "admission_decision": (f"{decided} от {decided_on}" if decided_on else decided) or None,
        "admission_effective_date": member.get("admission_effective_date") or None,
        "terminated_date": member.get("terminated_date") or None,
        "termination_reason": member.get("termination_reason") or None,
        "accordance_status": member.get("accordance_status") or None,
        "right_status": member.get("right_status") or "none",
        "right_basis": member.get("right_basis") or None,
        "right_ordinary_from": member.get("right_ordinary_date") or None,
        "right_hazardous_from": member.get("right_hazardous_date") or None,
        "right_nuclear_from": member.get("right_nuclear_date") or None,
        "vv_level": levels["vv_level"],
        "vv_paid": member.get("vv_paid_amount") or None,
        "odo_right_status": member.get("odo_right_status") or None,
        "odo_right_from": member.get("odo_right_date") or None,
        "odo_level": levels["odo_level"],
        "odo_paid": member.get("odo_paid_amount") or None,
        "obligations_total": f"{card.obligations_total:.2f}" if card else None,
        "obligations_date": card.obligations_at.date().isoformat() if card and card.obligations_at else None,
        "right_actions": [
            _action(a) for a in sorted(actions, key=lambda a: a.decided_on) if a.kind in ACTIONS
        ],
        "inspections": [_check(c) for c in sorted(checks, key=lambda c: c.starts_on) if c.result],
        "insurances": [_policy(p) for p in sorted(policies, key=lambda p: p.ends_on)],
        "updated_at": (
            card.updated_at if card else datetime.combine(member.on, datetime.min.time()).astimezone()
        ).isoformat(timespec="seconds"),
    }


def _action(row: Measure) -> Row:
    said: Row = {"date": row.decided_on.isoformat(), "action": row.kind, "basis": row.basis}
    return {**said, "until": row.until.isoformat()} if row.until else said


def _check(row: Inspection) -> Row:
    said: Row = {
        "start_date": row.starts_on.isoformat(),
        "end_date": (row.ends_on or row.starts_on).isoformat(),
        "kind": row.kind,
        "result": RESULTS[row.result],
    }
    return {**said, "measures": row.measures} if row.measures else said


def _policy(row: InsurancePolicy) -> Row:
    return {
        "insurer": row.insurer,
        "license": row.licence,
        "address": row.address,
        "phone": row.phone,
        "number": row.number,
        "start_date": row.starts_on.isoformat(),
        "end_date": row.ends_on.isoformat(),
        "sum": f"{row.amount:.2f}",
        "subject": row.subject,
    }


COLUMNS: tuple[tuple[str, str, Mapping[str, str] | None], ...] = (
    ("Номер в реестре", "register_number", None),
    ("Дата регистрации", "register_date", None),
    ("Тип", "member_type", TYPES),
    ("Полное наименование", "full_name", None),
    ("Сокращённое наименование", "short_name", None),
    ("ИНН", "inn", None),
    ("ОГРН(ИП)", "ogrn", None),
    ("Адрес", "address", None),
    ("Телефон", "phone", None),
    ("Сайт", "site", None),
    ("Руководитель", "head", None),
    ("Статус члена", "membership_status", MEMBERSHIP),
    ("Решение о приёме", "admission_decision", None),
    ("Дата прекращения", "terminated_date", None),
    ("Основание прекращения", "termination_reason", None),
    ("Соответствие условиям", "accordance_status", ACCORDANCE),
    ("Статус права", "right_status", RIGHT),
    ("ОКС с", "right_ordinary_from", None),
    ("ООТСУ с", "right_hazardous_from", None),
    ("ОИАЭ с", "right_nuclear_from", None),
    ("Уровень ВВ", "vv_level", None),
    ("Взнос ВВ", "vv_paid", None),
    ("Статус ОДО", "odo_right_status", ODO_RIGHT),
    ("Уровень ОДО", "odo_level", None),
    ("Взнос ОДО", "odo_paid", None),
    ("Фактический совокупный размер", "obligations_total", None),
    ("Дата расчёта", "obligations_date", None),
    ("Дата обновления", "updated_at", None),
)
"""The columns of the CSV in the order of the exchange formats, §6."""
_SUMS = frozenset({"vv_paid", "odo_paid", "obligations_total"})
_TEXTS = frozenset({"register_number", "inn", "ogrn", "phone"})


def csv(rows: Iterable[Row]) -> str:
    """UTF-8 with a mark, «;», dates дд.мм.гггг, sums with a comma; numbers in quotes keep their zeros."""
    lines = [";".join(title for title, _, _ in COLUMNS)]
    for row in rows:
        lines.append(";".join(_csv_cell(name, row.get(name), words) for _, name, words in COLUMNS))
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def _csv_cell(name: str, value: object, words: Mapping[str, str] | None) -> str:
    if value is None or value == "":
        return ""
    text = words.get(str(value), str(value)) if words else str(value)
    if name in _SUMS:
        return text.replace(".", ",")
    if name.endswith(("_date", "_from", "_at")):
        return date.fromisoformat(text[:10]).strftime("%d.%m.%Y")
    if text[:1] in "=+-@":
        text = f"\u00a0{text}"  # a spreadsheet would take it for a formula
    quoted = name in _TEXTS or any(mark in text for mark in ';"\n')
    return '"' + text.replace('"', '""') + '"' if quoted else text


def as_json(content: Row) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
