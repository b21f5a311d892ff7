"""How long an answer takes: from the moment a paper came to the first move that answers it (C-46).

Measured from the history, so nobody has to note anything; medians, because one forgotten paper must not
hide how the rest were served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from sqlalchemy import and_, func, or_, select

from records import query
from records.actor import Actor
from records.database import db, now
from records.errors import Forbidden
from records.kinds import registry
from records.model import History, Record
from records.people import User

PERIODS = (30, 90, 365)
MOST = 20_000
WITHDRAWN = frozenset({"annulled"})
"""A paper taken back ends its term and answers nothing."""
HEADS = frozenset({"sro_director", "sro_clerk", "sro_admin", "sro_auditor"})
"""They see the pace of everybody; an employee sees his own."""


@dataclass(frozen=True)
class Served:
    """One paper that was answered."""

    kind: str
    employee: int | None
    took: timedelta
    late: bool


@dataclass(frozen=True)
class Pace:
    """The pace of a group of papers."""

    key: str
    title: str
    count: int
    median: timedelta
    slowest_tenth: timedelta
    late: int


def may_see_all(actor: Actor) -> bool:
    return bool(actor.roles & HEADS)


def served(actor: Actor, days: int) -> list[Served]:
    """Incoming papers answered in the last so many days: those the actor may see, or his own."""
    if not actor.is_staff:
        raise Forbidden("Время ответа смотрят сотрудники СРО.")
    came = func.coalesce(Record.received_at, Record.registered_at, type_=Record.registered_at.type)
    answered = func.min(History.at, type_=History.at.type)
    answering = [
        and_(Record.kind == kind.name, History.to_state.in_(kind.stops_term - WITHDRAWN))
        for kind in registry
        if kind.direction == "in"
    ]
    wanted = [
        Record.direction == "in",
        Record.number_text.is_not(None),
        History.from_state != History.to_state,
        or_(*answering),
        query.visible(actor),
    ]
    if not may_see_all(actor):
        wanted.append(Record.assignee_id == actor.user_id)
    rows = db.session.execute(
        select(Record.kind, Record.assignee_id, came, answered, Record.due_on, Record.done_on)
        .join(History, History.record_id == Record.id)
        .where(*wanted)
        .group_by(Record.id)
        .having(answered >= now() - timedelta(days=days))
        .order_by(Record.id.desc())
        .limit(MOST)
    )
    return [
        Served(kind, employee, _since(began, ended), bool(due and done and done > due))
        for kind, employee, began, ended, due, done in rows
        if began is not None
    ]


def _since(began: datetime, ended: datetime) -> timedelta:
    return max(ended - began, timedelta())


def by_kind(found: Iterable[Served]) -> list[Pace]:
    return _grouped(found, lambda one: one.kind, {k.name: k.title for k in registry})


def by_employee(found: Iterable[Served]) -> list[Pace]:
    items = list(found)
    ids = {one.employee for one in items if one.employee is not None}
    names = {
        str(user_id): name
        for user_id, name in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    }
    return _grouped(items, lambda one: str(one.employee or ""), {**names, "": "не назначен"})


def _grouped(found: Iterable[Served], key: Callable[[Served], str], titles: dict[str, str]) -> list[Pace]:
    groups: dict[str, list[Served]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    return sorted(
        (pace(name, titles.get(name, name), items) for name, items in groups.items()),
        key=lambda p: (-p.count, p.title),
    )


def pace(name: str, title: str, items: list[Served]) -> Pace:
    seconds = [one.took.total_seconds() for one in items]
    slow = quantiles(seconds, n=10, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    return Pace(
        name,
        title,
        len(items),
        timedelta(seconds=median(seconds)),
        timedelta(seconds=slow),
        sum(one.late for one in items),
    )
