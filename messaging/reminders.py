"""Terms (R-30): the assignee is reminded before and after, the head gets a list of what is overdue, and a
record whose term has passed makes the program's own move when its kind has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from language.dates import short_date
from language.plural import counted
from records import parameters
from records.database import db
from records.kinds import registry
from records.model import Record
from records.people import User
from records.service.moving import continue_as_system

from . import mail, notify, recipients, words
from .unit import alone

HEAD = "sro_director"
MOST_LINES = 200


def ahead() -> tuple[int, ...]:
    """How many days before the term the assignee is reminded (the setting «reminders»)."""
    value = parameters.get("reminders", [3, 1, 0])
    return tuple(int(day) for day in value) if isinstance(value, list) else (3, 1, 0)


def _running() -> Select[Record]:
    """Open records whose term runs: not done, not standing still."""
    return select(Record).where(
        Record.is_open.is_(True),
        Record.done_on.is_(None),
        Record.paused_on.is_(None),
        Record.trashed_at.is_(None),
        Record.due_on.is_not(None),
    )


def remind() -> None:
    """The morning timer: reminders to assignees, the list of overdue to the head. Safe to repeat."""
    today = parameters.today()
    farthest = today + timedelta(days=max(ahead(), default=0))
    soon = list(db.session.scalars(_running().where(Record.due_on <= farthest).order_by(Record.id)))
    overdue = [record.id for record in soon if record.due_on is not None and record.due_on < today]
    db.session.rollback()
    for record in soon:
        with alone():
            _remind(record, today)
    if overdue:
        with alone():
            _report(overdue, today)


def _remind(record: Record, today: date) -> None:
    if record.assignee_id is None or record.due_on is None:
        return
    left = (record.due_on - today).days
    if left >= 0:
        step = min((day for day in ahead() if day >= left), default=None)
        if step is None:
            return
        text = "срок сегодня" if left == 0 else f"до срока {counted(left, ('день', 'дня', 'дней'))}"
    else:
        step, text = -1, f"срок прошёл {short_date(record.due_on)}"
    people = recipients.seated([record.assignee_id], on=today)
    users = [p.user_id for p in people if p.is_staff]
    notify.tell(
        users,
        text,
        notify.record_url(record.id),
        subject=words.subject_of(record),
        group="deadlines",
        record_id=record.id,
        key=f"due:{record.id}:{record.due_on}:{step}",
    )


def _report(overdue: Sequence[int], today: date) -> None:
    """One letter and one line to the head a day: who is late with what, the oldest first."""
    query = (
        select(Record)
        .where(Record.id.in_(overdue))
        .options(joinedload(Record.assignee))
        .order_by(Record.due_on)
    )
    rows = list(db.session.scalars(query))
    text = f"просрочено: {counted(len(rows), ('документ', 'документа', 'документов'))}"
    entries = [
        {
            "subject": words.subject_of(row),
            "text": f"срок {short_date(row.due_on)}" if row.due_on else "",
            "who": row.assignee.name if row.assignee else "исполнитель не назначен",
            "url": mail.public_url(notify.record_url(row.id)),
        }
        for row in rows[:MOST_LINES]
    ]
    for person in recipients.with_role(HEAD, on=today):
        key = f"overdue:{today}"
        url = "/records?due=overdue"
        subject = "Просроченные документы"  # the letter below says more than a notice would
        if notify.tell(
            [person.user_id], text, url, subject=subject, group="deadlines", key=key, by_mail=False
        ):
            user = db.session.get(User, person.user_id)
            if user is not None:
                context = {
                    "entries": entries,
                    "more": max(0, len(rows) - MOST_LINES),
                    "url": mail.public_url(url),
                }
                mail.send(
                    user.email, f"Просроченные документы: {len(rows)}", "overdue", context, about="digest"
                )


def pass_due() -> None:
    """The timer of terms: kinds that say what happens when the term has passed (`on_due`) are moved on."""
    today = parameters.today()
    waiting = [(kind.name, state, verb) for kind in registry for state, verb in kind.on_due.items()]
    for kind_name, state, verb in waiting:
        late = _running().where(Record.kind == kind_name, Record.state == state, Record.due_on < today)
        ids = [record.id for record in db.session.scalars(late.limit(500))]
        db.session.rollback()
        for record_id in ids:
            continue_as_system(record_id, verb)
