"""Замещение: for a term new papers of an absent employee go to another, and history says for whom (R-31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from records import parameters, query
from records.actor import STAFF_ROLES, Actor
from records.database import db
from records.errors import Forbidden, NotFound
from records.model import Record
from records.people import Seat, Substitution, User
from records.service import assign, work

from . import given_names, journal, policy, seats


def employees() -> list[User]:
    """Active employees of the СРО."""
    today = parameters.today()
    people = db.session.scalars(
        select(User)
        .where(User.is_active.is_(True), User.id.in_(select(Seat.user_id).where(Seat.role.in_(STAFF_ROLES))))
        .order_by(User.name)
    )
    return [u for u in people if any(s.role in STAFF_ROLES and seats.in_force(s, today) for s in u.seats)]


def set_(
    actor: Actor,
    user_id: int,
    substitute_id: int,
    starts_on: date,
    ends_on: date,
    *,
    reason: str = "",
    hand_over: bool = False,
) -> Substitution:
    """Name a substitute for a term; `hand_over` also passes the open papers on, with the reason."""
    if not policy.may_substitute(actor, user_id):
        raise Forbidden("Назначить замещение другому сотруднику может директор или администратор.")
    staff = {u.id: u for u in employees()}
    _check(staff, user_id, substitute_id, starts_on, ends_on, reason)
    with work(actor):
        entry = Substitution(
            user_id=user_id,
            substitute_id=substitute_id,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason.strip(),
            created_by=actor.user_id,
        )
        db.session.add(entry)
        db.session.flush()
        journal.note(
            "substitution.set",
            user_id=actor.user_id,
            address=actor.address,
            details={
                "who": staff[user_id].name,
                "by": staff[substitute_id].name,
                "term": f"{starts_on:%d.%m.%Y}–{ends_on:%d.%m.%Y}",
            },
        )
        if hand_over:
            _hand_over(actor, user_id, substitute_id, reason)
    return entry


def _check(
    staff: dict[int, User], user_id: int, substitute_id: int, starts_on: date, ends_on: date, reason: str
) -> None:
    given_names.require(
        {
            "user": None if user_id in staff else "Выберите сотрудника.",
            "substitute": _wrong_substitute(staff, user_id, substitute_id, starts_on, ends_on),
            "ends_on": _wrong_term(user_id, starts_on, ends_on),
            "reason": given_names.line_problem(reason, 300),
        }
    )


def _wrong_substitute(
    staff: dict[int, User], user_id: int, substitute_id: int, starts_on: date, ends_on: date
) -> str | None:
    if substitute_id not in staff:
        return "Выберите того, кто замещает."
    if substitute_id == user_id:
        return "Сотрудник не может замещать сам себя."
    if _overlapping(substitute_id, starts_on, ends_on):
        return "Этот сотрудник сам отсутствует в эти дни."
    return None


def _wrong_term(user_id: int, starts_on: date, ends_on: date) -> str | None:
    if ends_on < starts_on:
        return "Конец раньше начала."
    if ends_on < parameters.today():
        return "Эти дни уже прошли."
    return "На эти дни замещение уже назначено." if _overlapping(user_id, starts_on, ends_on) else None


def _overlapping(user_id: int, starts_on: date, ends_on: date) -> bool:
    wanted = select(Substitution.id).where(
        Substitution.user_id == user_id, Substitution.starts_on <= ends_on, Substitution.ends_on >= starts_on
    )
    return db.session.scalar(wanted.limit(1)) is not None


def _hand_over(actor: Actor, user_id: int, substitute_id: int, reason: str) -> None:
    """Pass on what the actor himself may see and assign; a paper hidden from him stays where it is."""
    ids = db.session.scalars(select(Record.id).where(Record.assignee_id == user_id, Record.is_open.is_(True)))
    for record_id in sorted(query.visible_ids(actor, ids)):
        assign(actor, record_id, substitute_id, reason=reason.strip() or "Замещение")


def end(actor: Actor, substitution_id: int) -> None:
    """End a substitution early: from today things go to the person again."""
    with work(actor):
        entry = db.session.get(Substitution, substitution_id)
        if entry is None or not policy.may_substitute(actor, entry.user_id):
            raise NotFound
        today = parameters.today()
        if entry.starts_on >= today:
            db.session.delete(entry)
        elif entry.ends_on >= today:
            entry.ends_on = today - timedelta(days=1)
        journal.note("substitution.ended", user_id=actor.user_id, address=actor.address)


@dataclass(frozen=True)
class SubstitutionLine:
    """A substitution as the list shows it."""

    id: int
    user_id: int
    who: str
    by: str
    starts_on: date
    ends_on: date
    reason: str
    state: str


def listed() -> list[SubstitutionLine]:
    """Present and coming ones first, then the past."""
    absent, present = aliased(User), aliased(User)
    today = parameters.today()
    rows = db.session.execute(
        select(Substitution, absent.name, present.name)
        .join(absent, absent.id == Substitution.user_id)
        .join(present, present.id == Substitution.substitute_id)
        .order_by(Substitution.ends_on.desc())
        .limit(200)
    )
    return [
        SubstitutionLine(s.id, s.user_id, who, by, s.starts_on, s.ends_on, s.reason, _state(s, today))
        for s, who, by in rows
    ]


def _state(entry: Substitution, today: date) -> str:
    if entry.ends_on < today:
        return "past"
    return "coming" if entry.starts_on > today else "now"


def open_papers(user_id: int) -> int:
    counted = select(func.count()).select_from(Record)
    return db.session.scalar(counted.where(Record.assignee_id == user_id, Record.is_open.is_(True))) or 0
