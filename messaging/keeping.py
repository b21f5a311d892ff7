"""How long notices are kept: what was read and is older than the setting says is forgotten."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_

from records import expiry, parameters
from records.database import now

from .model import Notification

SETTING = "notices.keep_days"
KEEP_DAYS = 365
LEAST, MOST = 30, 3660


def keep_days() -> int:
    """The term in force, in days."""
    return int(str(parameters.get(SETTING, KEEP_DAYS)))


def forget_notices() -> int:
    """An unread notice, or one that waits for its letter, is never thrown away; the record stays."""
    return expiry.forget(
        Notification,
        Notification.id,
        Notification.at < now() - timedelta(days=keep_days()),
        Notification.read_at.is_not(None),
        or_(Notification.mail_state.is_(None), Notification.mail_state.not_in(("pending", "digest"))),
    )
