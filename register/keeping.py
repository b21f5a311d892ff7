"""The one way into a member's entry: dated facts are added, never rewritten; every one has its ground.

A value is checked by its declaration, a status by the table of transitions, the entry as a whole by the
invariants of register.md §1.5. What begins today or earlier is seen at once in the cards and lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from records import policy
from records.actor import Actor
from records.database import db
from records.errors import Conflict, Forbidden, Invalid, NotFound
from records.fields import Wrong
from records.people import Organisation
from records.service import Work, work

from . import cards
from .history import member_on
from .member_fields import FIELDS, TRANSITIONS
from .model import MemberFact


def stamp(organisation_id: int) -> int:
    """The mark of what one has seen of a member: the last fact written."""
    wanted = select(func.max(MemberFact.id)).where(MemberFact.organisation_id == organisation_id)
    return db.session.scalar(wanted) or 0


def enter(
    actor: Actor,
    organisation_id: int,
    values: Mapping[str, object],
    *,
    valid_from: date,
    valid_to: date | None = None,
    ground: str = "",
    ground_id: int | None = None,
    seen: int | None = None,
) -> list[str]:
    """Write facts from a date on; returns the fields that have changed.

    Raises Forbidden, NotFound, Invalid (by field), Conflict when another wrote after `seen`.
    """
    if not policy.may_keep_register(actor):
        raise Forbidden
    with work(actor) as unit:
        company = db.session.scalars(
            select(Organisation).where(Organisation.id == organisation_id).with_for_update()
        ).first()
        if company is None:
            raise NotFound
        if seen is not None and seen != stamp(organisation_id):
            raise Conflict("Запись члена уже изменил другой сотрудник. Обновите страницу и сверьте значения.")
        before = member_on(organisation_id, valid_from)
        first = stamp(organisation_id) == 0
        kept = _cleaned(values, unit.today)
        changed = {name: value for name, value in kept.items() if value != before.values.get(name)}
        _refuse_contradictions({**before.values, **changed}, before.values, changed, organisation_id)
        if valid_to is not None and valid_to < valid_from:
            raise Invalid({"valid_to": ["Срок кончается раньше, чем начинается."]})
        if not (ground or ground_id or actor.is_system):
            raise Invalid({"ground": ["Укажите основание: документ, которым установлены сведения."]})
        rows = {**(before.values if first else {}), **changed} if changed else {}
        for name, value in rows.items():
            known_before = first and name not in changed
            db.session.add(
                MemberFact(
                    organisation_id=organisation_id,
                    field=name,
                    value=value,
                    valid_from=(company.joined_on or valid_from) if known_before else valid_from,
                    valid_to=None if known_before else valid_to,
                    ground="сведения карточки" if known_before else ground[:300],
                    ground_id=None if known_before else ground_id,
                    recorded_at=unit.at,
                    recorded_by=actor.user_id,
                )
            )
        db.session.flush()
        project(unit, company)
        return sorted(changed)


def project(unit: Work, company: Organisation) -> None:
    """Bring the card of the company and the row of lists in line with the facts of today."""
    member = member_on(company.id, unit.today)
    for declared in FIELDS.values():
        if not declared.column:
            continue
        value: object = member.values.get(declared.name)
        if declared.column == "joined_on":
            value = member.day(declared.name)
        if value is not None or declared.name in member.values:
            setattr(company, declared.column, value)
    if member.get("membership_status") == "terminated":
        company.status = "left"
    else:
        company.status = "suspended" if member.get("right_status") == "suspended" else "active"
    company.role = "candidate" if member.get("membership_status") == "candidate" else "member"
    db.session.flush()
    cards.refresh([company.id], unit.today, at=unit.at)


def _cleaned(values: Mapping[str, object], today: date) -> dict[str, str | None]:
    errors: dict[str, list[str]] = {}
    kept: dict[str, str | None] = {}
    for name, raw in values.items():
        declared = FIELDS.get(name)
        if declared is None:
            errors[name] = ["В записи члена нет такого поля."]
            continue
        try:
            kept[name] = declared.clean(raw, today)
        except Wrong as wrong:
            errors[name] = [str(wrong)]
    if errors:
        raise Invalid(errors)
    return kept


def _refuse_contradictions(
    after: Mapping[str, str | None],
    before: Mapping[str, str],
    changed: Mapping[str, object],
    organisation_id: int,
) -> None:
    """The invariants of an entry; all that are broken are told at once."""
    errors: dict[str, list[str]] = {}
    for name, ways in TRANSITIONS.items():
        old, new = before.get(name), after.get(name)
        if name in changed and old and new and new not in ways[old]:
            errors[name] = [f"Из «{FIELDS[name].show(old)}» нельзя перейти в «{FIELDS[name].show(new)}»."]
    joined, left = after.get("register_date"), after.get("terminated_date")
    if joined and left and left < joined:
        errors["terminated_date"] = ["Членство прекращено раньше, чем началось."]
    if after.get("right_status") in ("active", "suspended") and after.get("membership_status") != "member":
        errors["right_status"] = ["Право бывает только у члена."]
    if after.get("membership_status") == "terminated" and not (left and after.get("termination_reason")):
        errors["membership_status"] = ["Назовите дату и основание прекращения членства."]
    number = after.get("register_number")
    if "register_number" in changed and number and _number_taken(number, organisation_id):
        errors["register_number"] = [f"Номер {number} уже был у другого члена: номера не выдают повторно."]
    if errors:
        raise Invalid(errors)


def _number_taken(number: str, organisation_id: int) -> bool:
    fact = select(MemberFact.id).where(
        MemberFact.field == "register_number",
        MemberFact.value == number,
        MemberFact.organisation_id != organisation_id,
    )
    card = select(Organisation.id).where(
        Organisation.register_number == number, Organisation.id != organisation_id
    )
    return db.session.scalar(fact.limit(1)) is not None or db.session.scalar(card.limit(1)) is not None
