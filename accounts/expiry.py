"""What accounts forget by the clock: ended sessions, counted tries. The journal keeps the facts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_

from records import expiry
from records.database import now

from . import attempts
from .model import LoginAttempt, LoginSession
from .sessions import IDLE

SESSIONS_KEPT = timedelta(days=90)
"""So long a person can still see his ended sessions with their devices."""


def forget_sessions() -> int:
    """Sessions that ended, by a button or by silence, more than ninety days ago."""
    limit = now() - SESSIONS_KEPT
    return expiry.forget(
        LoginSession,
        LoginSession.id,
        or_(LoginSession.closed_at < limit, LoginSession.seen_at < limit - IDLE),
    )


def forget_attempts() -> int:
    """Tries older than any delay they could cause."""
    return expiry.forget(LoginAttempt, LoginAttempt.id, LoginAttempt.at < now() - 4 * attempts.WINDOW)
