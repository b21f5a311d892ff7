"""The trash is for drafts; a registered record is never deleted, only annulled with a reason (R-44)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from .. import policy
from ..actor import Actor
from ..database import db, now
from ..errors import Forbidden, NotFound, Refused
from ..kinds import registry
from ..model import Record
from .unit import work

KEEP_DAYS = 30


def trash(actor: Actor, record_id: int) -> Record:
    """Put a draft into the trash; it can be restored for 30 days."""
    with work(actor) as unit:
        record = unit.lock(record_id)
        if record.number_text is not None:
            raise Refused(
                f"Зарегистрированный документ № {record.number_text} не удаляется. Его можно отозвать "
                "с причиной."
            )
        if not policy.may_edit(actor, record, registry[record.kind]):
            raise Forbidden("Удалить черновик может только его автор или организация-автор.")
        record.trashed_at = unit.at
        record.is_open = False
        record.author_id = record.author_id or actor.user_id
        unit.history(record, "record.trash", notify=False)
        return record


def restore(actor: Actor, record_id: int) -> Record:
    """Take a draft out of the trash."""
    with work(actor) as unit:
        record = unit.lock(record_id)
        if record.trashed_at is None:
            return record
        if record.destroyed_at is not None:
            raise NotFound
        if actor.read_only:
            raise Forbidden
        record.trashed_at = None
        record.is_open = True
        unit.history(record, "record.restore", notify=False)
        return record


def expired() -> list[int]:
    """Drafts whose 30 days in the trash have passed."""
    limit = now() - timedelta(days=KEEP_DAYS)
    return list(
        db.session.scalars(
            select(Record.id).where(
                Record.trashed_at < limit, Record.number_text.is_(None), Record.destroyed_at.is_(None)
            )
        )
    )


def empty(actor: Actor, record_id: int) -> None:
    """End a trashed draft for good: its content goes, the bare row and its history stay."""
    with work(actor) as unit:
        record = unit.lock(record_id)
        if record.trashed_at is None or record.number_text is not None:
            raise NotFound
        record.payload = {}
        record.title = "Удалённый черновик"
        record.destroyed_at = unit.at
        unit.history(record, "record.destroy", notify=False)
