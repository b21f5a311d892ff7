"""Timers: what the program does by the clock. Each runs once however many workers there are, and a day missed
while the program stood still is made up at its start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from . import outbox, parameters
from .database import db, gate, now, writing
from .model import TimerRun


@dataclass(frozen=True)
class Timer:
    """A piece of work and when it is due: every so many seconds, or daily at an hour of the office."""

    name: str
    work: Callable[[], object]
    every: timedelta | None = None
    at: time | None = None

    def is_due(self, last: datetime | None, moment: datetime) -> bool:
        if self.every is not None:
            return last is None or moment - last >= self.every
        local = moment.astimezone(parameters.zone())
        due = datetime.combine(local.date(), self.at or time(8), parameters.zone())
        if local < due:
            due -= timedelta(days=1)
        return last is None or last < due


_timers: dict[str, Timer] = {}


def every(name: str, seconds: float, work: Callable[[], object]) -> None:
    """Do something again and again, at most once in so many seconds."""
    _timers[name] = Timer(name, work, every=timedelta(seconds=seconds))


def daily(name: str, work: Callable[[], object], *, at: time = time(8)) -> None:
    """Do something once a day, not before the hour of the office's clock."""
    _timers[name] = Timer(name, work, at=at)


def start_due() -> int:
    """Put the work that is due now into the outbox, in the transaction that takes the turn: a worker killed
    in the middle loses nothing. Returns how many were started."""
    moment = now()
    last = {name: at for name, at in db.session.execute(select(TimerRun.name, TimerRun.started_at))}
    due = [timer for timer in _timers.values() if timer.is_due(last.get(timer.name), moment)]
    db.session.rollback()
    return sum(_take(timer, last.get(timer.name), moment) for timer in due)


def _take(timer: Timer, last: datetime | None, moment: datetime) -> bool:
    """One worker wins the turn; the others see that it is taken."""
    with writing(gate()):
        if last is None:
            won = _first(timer, moment)
        else:
            mine = TimerRun.name == timer.name, TimerRun.started_at == last
            changed = db.session.execute(update(TimerRun).where(*mine).values(started_at=moment))
            won = bool(getattr(changed, "rowcount", 0))
        if won:
            outbox.put("timer", timer.name, {"timer": timer.name})
        db.session.commit()
    return won


def _first(timer: Timer, moment: datetime) -> bool:
    try:
        with db.session.begin_nested():
            db.session.execute(insert(TimerRun).values(name=timer.name, started_at=moment))
    except IntegrityError:
        return False
    return True


def timer_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "timer": do the work."""
    for job in jobs:
        timer = _timers.get(str(job.payload["timer"]))
        if timer is not None:
            timer.work()
