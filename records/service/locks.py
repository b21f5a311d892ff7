"""Who is editing now (R-36): advice, kept fresh by a heartbeat; the version check is what protects."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from .. import policy
from ..actor import Actor
from ..database import db
from ..kinds import registry
from ..model import EditLock
from ..people import User
from .unit import work

FRESH = timedelta(seconds=90)


def edit_lock(actor: Actor, record_id: int, *, release: bool = False) -> list[tuple[str, datetime]]:
    """Say that the actor edits (or has stopped); returns the others who edit now: (name, since)."""
    with work(actor) as unit:
        record = unit.lock(record_id)
        db.session.execute(
            delete(EditLock).where(EditLock.record_id == record.id, EditLock.seen_at < unit.at - FRESH)
        )
        may = actor.may_handle or policy.may_edit(actor, record, registry[record.kind])
        if actor.user_id is not None and may:
            mine = db.session.get(EditLock, (record.id, actor.user_id))
            if release and mine is not None:
                db.session.delete(mine)
            elif not release and mine is not None:
                mine.seen_at = unit.at
            elif not release:
                db.session.add(
                    EditLock(record_id=record.id, user_id=actor.user_id, since=unit.at, seen_at=unit.at)
                )
        db.session.flush()
        return others(record.id, actor.user_id)


def others(record_id: int, user_id: int | None) -> list[tuple[str, datetime]]:
    rows = db.session.execute(
        select(User.name, EditLock.since)
        .join(User, User.id == EditLock.user_id)
        .where(EditLock.record_id == record_id, EditLock.user_id != (user_id or 0))
        .order_by(EditLock.since)
    )
    return [(name, since) for name, since in rows]
