"""The daily digest: one number a day that stands for every entry of history till then (R-29).

The digest of a day is chained to the day before. It is published; whoever wrote it down can prove
later that the archive of that day has not been touched since.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from records import parameters
from records.database import db, gate, now, writing
from records.history import GENESIS, Fault, digest_of
from records.model import DailyDigest, History


def make_due() -> list[DailyDigest]:
    """Make the digests of all past days that have none (a nightly task, idempotent)."""
    yesterday = parameters.today() - timedelta(days=1)
    last = db.session.scalars(select(DailyDigest).order_by(DailyDigest.day.desc()).limit(1)).first()
    day = last.day + timedelta(days=1) if last else _first_day()
    previous = last.digest if last else GENESIS
    made = []
    while day is not None and day <= yesterday:
        entry = _of_day(day, previous)
        made.append(entry)
        previous, day = entry.digest, day + timedelta(days=1)
    db.session.rollback()
    if made:
        with writing(gate()):
            db.session.add_all(made)
            db.session.commit()
    return made


def _first_day() -> date | None:
    first = db.session.scalar(select(func.min(History.at)))
    return None if first is None else first.astimezone(parameters.zone()).date()


def _bounds(day: date) -> tuple[datetime, datetime]:
    zone = parameters.zone()
    start = datetime.combine(day, time.min, zone)
    return start.astimezone(UTC), (datetime.combine(day + timedelta(days=1), time.min, zone)).astimezone(UTC)


def _of_day(day: date, previous: str) -> DailyDigest:
    start, end = _bounds(day)
    rows = db.session.execute(
        select(History.id, History.digest)
        .where(History.at >= start, History.at < end)
        .order_by(History.digest)
    ).all()
    return DailyDigest(
        day=day,
        entries=len(rows),
        last_history_id=max((row.id for row in rows), default=0),
        digest=digest_of([day.isoformat(), previous, [row.digest for row in rows]]),
        previous=previous,
        made_at=now(),
    )


def faults() -> Iterator[Fault]:
    """Days whose digest no longer agrees with the history kept."""
    previous = GENESIS
    for kept in db.session.scalars(select(DailyDigest).order_by(DailyDigest.day)):
        again = _of_day(kept.day, kept.previous)
        if kept.previous != previous:
            yield Fault(0, None, kept.made_at, f"цепочка дайджестов прервана {kept.day:%d.%m.%Y}")
        if again.digest != kept.digest:
            text = (
                f"дайджест за {kept.day:%d.%m.%Y} не сходится: записей {again.entries}, было {kept.entries}"
            )
            yield Fault(0, None, kept.made_at, text)
        previous = kept.digest


def published(limit: int = 60) -> list[DailyDigest]:
    """The latest digests, newest first, for the public page."""
    return list(db.session.scalars(select(DailyDigest).order_by(DailyDigest.day.desc()).limit(limit)))
