"""The signing log of a record: created, sent, viewed, signed, declined, forwarded, each with digests
(S-15)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from records import query
from records.actor import Actor
from records.database import db
from records.model import Record, StoredFile
from records.service import work
from records.service.unit import Work

from .model import SigningEvent

TITLES = {
    "created": "Создан",
    "sent": "Направлен на подпись",
    "viewed": "Просмотрен",
    "signed": "Подписан",
    "checked": "Проверен",
    "declined": "Подписание отклонено",
    "forwarded": "Передано другому лицу",
    "paper": "Подписан на бумаге",
    "simple": "Подписан простой подписью",
    "stamped": "Получен штамп времени",
}


def note(
    unit: Work,
    record: Record,
    verb: str,
    document: StoredFile | None = None,
    *,
    text: str = "",
    person: str = "",
) -> None:
    """Add a line in the present act. Raises KeyError for a verb nobody could read later."""
    TITLES[verb]
    db.session.add(
        SigningEvent(
            record_id=record.id,
            verb=verb,
            at=unit.at,
            user_id=unit.actor.user_id,
            person=(person or unit.actor.name)[:300],
            address=unit.actor.address[:45],
            document=(document.name if document else record.title)[:300],
            sha256=document.sha256 if document else "",
            streebog256=document.streebog256 if document else None,
            note=text[:500],
        )
    )


def viewed(actor: Actor, record_id: int, files: Sequence[StoredFile]) -> None:
    """The person has opened the page of signing; once for each file."""
    if actor.user_id is None or actor.read_only:
        return
    known = set(
        db.session.scalars(
            select(SigningEvent.sha256).where(
                SigningEvent.record_id == record_id,
                SigningEvent.verb == "viewed",
                SigningEvent.user_id == actor.user_id,
            )
        )
    )
    fresh = [entry for entry in files if entry.sha256 not in known]
    if not fresh:
        return
    with work(actor) as unit:
        record = unit.lock(record_id)
        for entry in fresh:
            note(unit, record, "viewed", entry)


def lines(actor: Actor, record_id: int) -> list[SigningEvent]:
    """The log of a record the actor may see, in the order of time, beginning with how its files came."""
    record = query.get(actor, record_id)
    kept = list(
        db.session.scalars(
            select(SigningEvent).where(SigningEvent.record_id == record.id).order_by(SigningEvent.id)
        )
    )
    made = [
        SigningEvent(
            record_id=record.id,
            verb="created",
            at=entry.uploaded_at,
            person=_names([entry.uploaded_by]).get(entry.uploaded_by, "Система"),
            document=entry.name,
            sha256=entry.sha256,
            streebog256=entry.streebog256,
            note="",
            address="",
        )
        for entry in query.files(record)
        if entry.signature_of is None
    ]
    return sorted([*made, *kept], key=lambda line: line.at)


def _names(ids: Sequence[int | None]) -> dict[int | None, str]:
    from records.people import User

    rows = db.session.execute(
        select(User.id, User.name).where(User.id.in_([i for i in ids if i is not None]))
    )
    return {row.id: row.name for row in rows}
