"""Tries that failed or ask for mail: after some of them the next one waits (C-04)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from records.database import db, now
from records.errors import Refused

from .model import LoginAttempt

WINDOW = timedelta(minutes=15)
LONGEST = 900


def key_of(key: str) -> str:
    return key.lower()[:80]


def seconds_left(key: str, free: int) -> int:
    """How long this key must wait now: 15 s after the last free try, twice as long after each next."""
    times = list(
        db.session.scalars(
            select(LoginAttempt.at)
            .where(LoginAttempt.key == key_of(key), LoginAttempt.at > now() - WINDOW)
            .order_by(LoginAttempt.at)
        )
    )
    if len(times) < free:
        return 0
    wait = timedelta(seconds=min(15 * 2 ** min(len(times) - free, 6), LONGEST))
    left = (times[-1] + wait - now()).total_seconds()
    return int(left) + 1 if left > 0 else 0


def check(*keys: tuple[str, int]) -> None:
    """Raise Refused while any of (key, free tries) has to wait."""
    left = max((seconds_left(key, free) for key, free in keys), default=0)
    if left:
        raise Refused(f"Слишком много неудачных попыток. Повторите через {left} с.")


def failed(*keys: str) -> None:
    """Count a failure, inside the caller's transaction."""
    db.session.add_all(LoginAttempt(key=key_of(key)) for key in keys)


def forget(*keys: str) -> None:
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.key.in_([key_of(key) for key in keys])))


def spend(key: str, *, most: int) -> None:
    """Count a request that sends mail or fills a queue; Refused after `most` in a quarter of an hour."""
    made = db.session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(LoginAttempt.key == key_of(key), LoginAttempt.at > now() - WINDOW)
    )
    if (made or 0) >= most:
        raise Refused("Слишком много запросов. Повторите через четверть часа.")
    db.session.add(LoginAttempt(key=key_of(key)))
