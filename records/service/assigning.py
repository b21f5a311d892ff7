"""Who handles a record: routing by rule, assignment by hand, taking it oneself, substitution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import lazyload

from .. import parameters, policy
from ..actor import STAFF_ROLES, Actor
from ..database import db
from ..errors import Forbidden, Invalid, Refused
from ..kinds import RecordKind
from ..model import Record
from ..people import Organisation, Seat, Substitution, User
from .unit import Work, work


def assign(
    actor: Actor,
    record_id: int,
    user_id: int,
    *,
    reason: str = "",
    version: int | None = None,
    once: str | None = None,
) -> Record:
    """Make an employee responsible (R-08). The reason is kept when the record had another one."""
    if not policy.may_assign(actor):
        raise Forbidden("Назначать исполнителя может канцелярия, куратор или руководитель.")
    with work(actor, once=once) as unit:
        record = unit.lock(record_id, version=None if unit.earlier is not None else version)
        if unit.earlier is None:
            _assign(unit, record, _employee(user_id), reason)
            unit.result = {"record": record.id}
        return record


def claim(actor: Actor, record_id: int) -> Record:
    """Take a record oneself."""
    if actor.user_id is None:
        raise Forbidden
    return assign(actor, record_id, actor.user_id)


def redirect(actor: Actor, record_id: int, role: str, *, reason: str, version: int | None = None) -> Record:
    """Send a record to another department with a reason (R-06)."""
    if not policy.may_assign(actor):
        raise Forbidden
    if not reason.strip():
        raise Invalid({"reason": ["Укажите, почему документ переадресован."]})
    if role not in STAFF_ROLES:
        raise Invalid({"role": ["Нет такого подразделения."]})
    with work(actor) as unit:
        record = unit.lock(record_id, version=version)
        chosen = _least_busy(role, unit.today)
        if chosen is None:
            raise Refused("В этом подразделении сейчас нет сотрудников.")
        _assign(unit, record, chosen, reason)
        return record


def _employee(user_id: int) -> User:
    user = db.session.get(User, user_id)
    today = parameters.today()
    works = user is not None and any(
        s.role in STAFF_ROLES and (s.valid_until is None or s.valid_until >= today) for s in user.seats
    )
    if user is None or not user.is_active or not works:
        raise Invalid({"assignee": ["Выберите работающего сотрудника СРО."]})
    return user


def _assign(unit: Work, record: Record, user: User, reason: str) -> None:
    if not record.is_open:
        raise Refused("Документ закрыт: исполнителя уже не меняют.")
    present = _present(user, unit.today)
    before = db.session.get(User, record.assignee_id) if record.assignee_id else None
    record.assignee_id = present.id
    changes: dict[str, tuple[object, object]] = {"assignee": (before.name if before else None, present.name)}
    if present.id != user.id:
        changes["instead_of"] = (None, user.name)
    unit.history(record, "record.assign", changes=changes, note=reason)


def route(unit: Work, record: Record, kind: RecordKind) -> None:
    """Give a registered record to its first handler by the routing rules (R-06)."""
    give_to_role(unit, record, routed_role(record, kind))


def give_to_role(unit: Work, record: Record, role: str) -> None:
    """Give a record to a department: the member's own curator, or its least busy employee."""
    user = _curator(record) if role == "sro_curator" else None
    user = user or _least_busy(role, unit.today)
    if user is None:
        return
    person, unit.actor = unit.actor, unit.actor.as_system()
    try:
        _assign(unit, record, user, "")
    finally:
        unit.actor = person


def routed_role(record: Record, kind: RecordKind) -> str:
    """The department of a record: the first rule that fits, else the kind's own (records.md §1)."""
    rules = parameters.get("routing", [])
    payload = record.payload or {}
    for rule in rules if isinstance(rules, list) else []:
        if isinstance(rule, Mapping) and _fits(rule, record, payload):
            return str(rule["role"])
    for name, roles in kind.route_by.items():
        if role := roles.get(str(payload.get(name))):
            return role
    return kind.route_to


def _fits(rule: Mapping[str, object], record: Record, payload: Mapping[str, object]) -> bool:
    if rule.get("kind") not in (None, "", record.kind):
        return False
    word = str(rule.get("contains") or "").lower()
    if word and word not in record.title.lower():
        return False
    name = str(rule.get("field") or "")
    return not name or str(payload.get(name)) == str(rule.get("value"))


def _curator(record: Record) -> User | None:
    if record.organisation_id is None:
        return None
    organisation = db.session.get(Organisation, record.organisation_id)
    if organisation is None or organisation.curator_id is None:
        return None
    return db.session.get(User, organisation.curator_id)


def _least_busy(role: str, today: date) -> User | None:
    """Of the role's active employees, the one with the fewest open records (each counted by its index)."""
    load = (
        select(func.count())
        .where(Record.assignee_id == User.id, Record.is_open.is_(True))
        .correlate(User)
        .scalar_subquery()
    )
    return db.session.scalars(
        select(User)
        .join(Seat, Seat.user_id == User.id)
        .where(Seat.role == role, Seat.organisation_id.is_(None), User.is_active.is_(True))
        .where(or_(Seat.valid_until.is_(None), Seat.valid_until >= today))
        .where(or_(Seat.valid_from.is_(None), Seat.valid_from <= today))
        .options(lazyload(User.seats))
        .order_by(load, User.id)
        .limit(1)
    ).first()


def _present(user: User, today: date) -> User:
    """The employee, or whoever substitutes for him today (one step:
    a substitute is not substituted again)."""
    substitute = db.session.scalar(
        select(Substitution.substitute_id)
        .where(
            Substitution.user_id == user.id, Substitution.starts_on <= today, Substitution.ends_on >= today
        )
        .order_by(Substitution.id.desc())
        .limit(1)
    )
    found = db.session.get(User, substitute) if substitute else None
    return found if found is not None and found.is_active else user
