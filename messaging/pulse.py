"""A person's counters (C-15): kept ready, so that a page costs one look at a key.

Every unread notice is counted once: as a message, as something new that came in, or under the bell.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from records.actor import Actor
from records.database import db

from .model import Notification, Pulse

INCOMING = ("incoming", "legal")


@dataclass(frozen=True)
class Counters:
    notifications: int = 0
    messages: int = 0
    incoming: int = 0

    def as_dict(self) -> dict[str, int]:
        return {"notifications": self.notifications, "messages": self.messages, "incoming": self.incoming}

    @property
    def tag(self) -> str:
        """Changes exactly when a figure does."""
        return f"{self.notifications}-{self.messages}-{self.incoming}"


def places(actor: Actor) -> tuple[int, ...]:
    """Where an actor reads: what concerns himself, and the company he acts for now (C-28)."""
    own = actor.organisation_id
    return (0,) if own is None or actor.is_staff else (0, own)


def counters(actor: Actor) -> Counters:
    """The figures of the top bar."""
    if actor.user_id is None:
        return Counters()
    rows = db.session.execute(
        select(Pulse.notifications, Pulse.messages, Pulse.incoming).where(
            Pulse.user_id == actor.user_id, Pulse.organisation_id.in_(places(actor))
        )
    ).all()
    return Counters(*(sum(column) for column in zip(*rows, strict=True))) if rows else Counters()


def hold(user_id: int, organisation_id: int) -> Pulse:
    """Lock the row, so that two workers never make two lines of one event."""
    row = db.session.get(Pulse, (user_id, organisation_id), with_for_update=True)
    if row is None:
        row = Pulse(user_id=user_id, organisation_id=organisation_id, notifications=0, messages=0, incoming=0)
        db.session.add(row)
        db.session.flush()
    return row


def refresh(user_id: int, organisation_id: int) -> None:
    """Count anew after a change; the caller commits."""
    db.session.flush()
    rows = db.session.execute(
        select(Notification.group, func.count())
        .where(
            Notification.user_id == user_id,
            Notification.organisation_id == organisation_id,
            Notification.read_at.is_(None),
        )
        .group_by(Notification.group)
    )
    found = {group: count for group, count in rows}
    row = hold(user_id, organisation_id)
    row.messages = found.get("messages", 0)
    row.incoming = sum(found.get(group, 0) for group in INCOMING)
    row.notifications = sum(found.values()) - row.messages - row.incoming
