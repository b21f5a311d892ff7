"""The daily letter (C-43, U-08): what a person has not read yet, one line a record, with the link."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from records.database import db
from records.people import User

from . import mail
from .model import Notification
from .unit import alone

MOST_LINES = 100


def send_all() -> None:
    """The timer of 8:00: write each person's letter, one transaction a person, so that none is lost."""
    users = list(
        db.session.scalars(
            select(Notification.user_id)
            .where(Notification.mail_state == "digest")
            .distinct()
            .order_by(Notification.user_id)
        )
    )
    db.session.rollback()
    for user_id in users:
        with alone():
            send_one(user_id)


def send_one(user_id: int) -> int | None:
    """A person's letter; what he has read is left out. The caller commits. None when nothing is new."""
    mine = Notification.user_id == user_id, Notification.mail_state == "digest"
    found = list(
        db.session.scalars(select(Notification).where(*mine).order_by(Notification.id).with_for_update())
    )
    user = db.session.get(User, user_id)
    unread = [line for line in found if line.read_at is None]
    db.session.execute(update(Notification).where(*mine).values(mail_state=""))
    if user is None or not user.is_active or not unread:
        return None
    entries = summary(unread)
    context = {"entries": entries[:MOST_LINES], "more": max(0, len(entries) - MOST_LINES)}
    return mail.send(
        user.email, f"Новое за день: {len(entries)}", "digest", context, about="digest", to_name=user.name
    )


def summary(found: Sequence[Notification]) -> list[dict[str, object]]:
    """One entry a record: how many events, the last of them, the link."""
    by_record: dict[object, list[Notification]] = {}
    for line in found:
        by_record.setdefault(line.record_id or f"{line.id}", []).append(line)
    return [
        {
            "subject": group[-1].subject,
            "text": group[-1].text,
            "count": sum(line.count for line in group),
            "url": mail.public_url(group[-1].url) if group[-1].url else "",
        }
        for group in by_record.values()
    ]
