"""What the СРО tells its members: pinned announcements and news, by audience, with read marks (C-16…C-18)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from records import query
from records.actor import AUTHORISED_ROLES, MEMBER_ROLES, Actor
from records.database import db
from records.model import ReadMark, Record
from records.people import Seat, User

ANNOUNCEMENT, NEWS = "announcement", "news"


@dataclass(frozen=True)
class Notice:
    """An announcement or a piece of news as a page shows it."""

    id: int
    title: str
    summary: str
    text: str
    topic: str
    at: datetime
    read: bool


def pinned(actor: Actor, *, limit: int = 3) -> list[Notice]:
    """Pinned announcements the person may see, latest first."""
    return [n for n, payload in _published(actor, (ANNOUNCEMENT,), 50) if payload.get("pinned")][:limit]


def news(actor: Actor, *, topic: str = "", limit: int = 20) -> list[Notice]:
    """The feed: announcements and news, latest first; by topic when one is given."""
    found = [n for n, _ in _published(actor, (ANNOUNCEMENT, NEWS), 200)]
    return [n for n in found if not topic or n.topic == topic][:limit]


def _published(actor: Actor, kinds: Sequence[str], limit: int) -> list[tuple[Notice, dict[str, object]]]:
    rows = db.session.execute(
        select(Record, ReadMark.first_at)
        .outerjoin(ReadMark, (ReadMark.record_id == Record.id) & (ReadMark.user_id == actor.user_id))
        .where(Record.kind.in_(kinds), Record.state == "published", query.visible(actor))
        .options(undefer(Record.payload))
        .order_by(Record.id.desc())
        .limit(limit)
    )
    return [(_notice(record, read is not None), dict(record.payload or {})) for record, read in rows]


def _notice(record: Record, read: bool) -> Notice:
    payload = record.payload or {}
    text = str(payload.get("text") or "")
    summary = str(payload.get("summary") or payload.get("announce") or text[:240])
    return Notice(
        record.id, record.title, summary, text, str(payload.get("topic") or ""), record.state_at, read
    )


def audience_size(record: Record) -> int:
    """How many active representatives an announcement is for."""
    roles = (record.payload or {}).get("audience")
    wanted = (
        [r for r in roles if r in MEMBER_ROLES] if isinstance(roles, list) and roles else sorted(MEMBER_ROLES)
    )
    return (
        db.session.scalar(
            select(func.count(func.distinct(User.id)))
            .select_from(User)
            .join(Seat, Seat.user_id == User.id)
            .where(Seat.role.in_(wanted), User.is_active.is_(True))
        )
        or 0
    )


def readers(record_id: int, *, limit: int = 500) -> list[tuple[str, datetime]]:
    """Who has opened a record, and when first (for staff)."""
    rows = db.session.execute(
        select(User.name, ReadMark.first_at)
        .join(ReadMark, ReadMark.user_id == User.id)
        .join(Seat, Seat.user_id == User.id)
        .where(ReadMark.record_id == record_id, Seat.role.in_(sorted(MEMBER_ROLES | AUTHORISED_ROLES)))
        .distinct()
        .order_by(ReadMark.first_at)
        .limit(limit)
    )
    return [(name, at) for name, at in rows]
