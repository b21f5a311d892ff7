"""The calendar: terms of visible records and what the СРО has announced, month by month (C-44)."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import undefer

from records import query
from records.actor import Actor
from records.database import db
from records.kinds import registry
from records.model import Record
from workflows.calendar import WorkingCalendar

MOST = 1000


@dataclass(frozen=True)
class Event:
    """Something with a day."""

    day: date
    title: str
    kind: str
    record_id: int
    group: str  # due event
    late: bool
    url: str = ""
    """Where it leads, when that is not a record's page."""


Source = Callable[[Actor, date, date, date], list[Event]]
sources: list[Source] = []
"""Features add their days (wiring): (actor, since, until, today) → events."""


@dataclass(frozen=True)
class Day:
    """A cell of the month."""

    day: date
    in_month: bool
    is_working: bool
    is_today: bool
    events: tuple[Event, ...]


def events(
    actor: Actor, since: date, until: date, today: date, *, group: str = "", mine: bool = False
) -> list[Event]:
    """Events of a period the person may see, in order of days."""
    found = [] if group == "event" else _due(actor, since, until, today, mine=mine)
    found += [] if group == "due" or mine else _announced(actor, since, until)
    if not mine:
        more = [event for source in sources for event in source(actor, since, until, today)]
        found += [event for event in more if not group or event.group == group]
    return sorted(found, key=lambda e: (e.day, e.record_id))


def _due(actor: Actor, since: date, until: date, today: date, *, mine: bool) -> list[Event]:
    wanted = (
        select(Record)
        .where(
            query.visible(actor),
            Record.trashed_at.is_(None),
            Record.is_open.is_(True),
            Record.done_on.is_(None),
            Record.due_on >= since,
            Record.due_on <= until,
        )
        .order_by(Record.due_on, Record.id)
        .limit(MOST)
    )
    if mine:
        wanted = wanted.where(Record.assignee_id == actor.user_id)
    return [
        Event(r.due_on, r.title, registry[r.kind].title, r.id, "due", r.due_on < today)
        for r in db.session.scalars(wanted)
        if r.due_on is not None
    ]


def _announced(actor: Actor, since: date, until: date) -> list[Event]:
    """Announcements with a date of their own (the field `event_on`)."""
    rows = db.session.scalars(
        select(Record)
        .where(Record.kind == "announcement", Record.state == "published", query.visible(actor))
        .options(undefer(Record.payload))
        .order_by(Record.id.desc())
        .limit(200)
    )
    found = []
    for record in rows:
        text = (record.payload or {}).get("event_on")
        day = date.fromisoformat(str(text)) if text else None
        if day is not None and since <= day <= until:
            found.append(Event(day, record.title, "Мероприятие", record.id, "event", late=False))
    return found


def month(
    actor: Actor, year: int, number: int, today: date, *, group: str = "", mine: bool = False
) -> list[list[Day]]:
    """The weeks of a month, Monday first, with working days by the production calendar."""
    weeks = Calendar(firstweekday=0).monthdatescalendar(year, number)
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in events(actor, weeks[0][0], weeks[-1][-1], today, group=group, mine=mine):
        by_day[event.day].append(event)
    working = WorkingCalendar.load()
    return [
        [Day(d, d.month == number, working.is_working(d), d == today, tuple(by_day[d])) for d in week]
        for week in weeks
    ]


def neighbours(year: int, number: int) -> tuple[date, date]:
    """First days of the month before and the month after."""
    first = date(year, number, 1)
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)
