"""«Требует внимания»: what a person should look at first, most urgent first (C-45)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, or_, select

from language.plural import plural
from records import query
from records.actor import Actor
from records.database import db
from records.kinds import registry
from records.model import Record
from records.people import User

Tone = Literal["bad", "waiting", "active"]
SOON_DAYS = 3


@dataclass(frozen=True)
class Matter:
    """One line of the panel."""

    title: str
    note: str
    record_id: int
    due: date | None
    tone: Tone


def matters(actor: Actor, today: date, *, limit: int = 8) -> list[Matter]:
    """Returned papers, requests with a slot, terms that run out: sorted by urgency."""
    rows = db.session.scalars(
        select(Record)
        .where(
            query.visible(actor), Record.trashed_at.is_(None), Record.is_open.is_(True), _urgent(actor, today)
        )
        .order_by(Record.due_on.asc().nulls_last(), Record.id)
        .limit(limit)
    ).all()
    return [_matter(record, today) for record in rows]


def _urgent(actor: Actor, today: date) -> ColumnElement[bool]:
    if not actor.is_staff:
        own = Record.organisation_id == actor.organisation_id
        to_do = or_(
            Record.state == "returned", and_(Record.kind == "document_request", Record.state == "sent")
        )
        bills = and_(
            Record.kind.in_(("invoice", "reconciliation_act", "inspection_act")),
            Record.state.in_(("sent", "overdue")),
        )
        return and_(own, or_(to_do, bills))
    ids = [actor.user_id, *actor.substitutes]
    mine = Record.assignee_id.in_(ids)
    late = and_(
        Record.due_on.is_not(None),
        Record.done_on.is_(None),
        Record.due_on <= date.fromordinal(today.toordinal() + SOON_DAYS),
    )
    return and_(mine, or_(late, Record.state == "registered"))


def _matter(record: Record, today: date) -> Matter:
    kind = registry[record.kind]
    tone: Tone = "active"
    note = kind.state_title(record.state)
    if record.state == "returned":
        tone, note = "waiting", "нужны уточнения"
    elif record.due_on is not None:
        left = (record.due_on - today).days
        if left < 0:
            tone, note = "bad", f"просрочено на {-left} {plural(-left, 'день', 'дня', 'дней')}"
        elif left <= SOON_DAYS:
            tone, note = (
                "waiting",
                "срок сегодня" if left == 0 else f"осталось {left} {plural(left, 'день', 'дня', 'дней')}",
            )
    return Matter(record.title, note, record.id, record.due_on, tone)


def load_of_staff(today: date) -> list[tuple[int, str, int, int]]:
    """Open and overdue records by employee, for the head: (id, name, open, overdue)."""
    rows = db.session.execute(
        select(
            User.id,
            User.name,
            func.count(Record.id),
            func.count(Record.id).filter(Record.due_on < today, Record.done_on.is_(None)),
        )
        .join(Record, and_(Record.assignee_id == User.id, Record.is_open.is_(True)))
        .group_by(User.id, User.name)
        .order_by(func.count(Record.id).desc())
    )
    return [(i, name, total, late) for i, name, total, late in rows]
