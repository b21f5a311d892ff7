"""The outbox: what must happen after a commit is written in the same transaction, and done at least once.

A row is claimed by a lease; a worker killed in the middle loses nothing, another takes the row when
the lease ends. Rows with the same topic and key that wait together are done once (coalesced).
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update

from .database import db, gate, now, writing
from .model import Outbox

log = logging.getLogger(__name__)

Handler = Callable[[Sequence["Job"]], None]
"""Does a batch of one topic. Raises to have the batch tried again, row by row."""

LEASE = timedelta(seconds=120)
BACKOFF = (5, 30, 120, 600, 3600, 3 * 3600, 12 * 3600)
MAX_TRIES = len(BACKOFF) + 1


class Later(Exception):
    """The handler cannot do it now (server down); try again without writing a stack trace."""


@dataclass(frozen=True)
class Job:
    id: int
    topic: str
    key: str
    payload: dict[str, object]
    tries: int


_handlers: dict[str, Handler] = {}
_batch: dict[str, int] = {}


def on(topic: str, handler: Handler, *, batch: int = 50) -> None:
    """Name the handler of a topic (wiring, at start)."""
    _handlers[topic] = handler
    _batch[topic] = batch


def put(
    topic: str, key: str = "", payload: dict[str, object] | None = None, *, delay: timedelta | None = None
) -> None:
    """Add work to the present transaction."""
    moment = now()
    row: dict[str, object] = {
        "topic": topic,
        "key": key,
        "payload": payload or {},
        "run_at": moment + (delay or timedelta()),
        "created_at": moment,
        "state": "ready",
        "tries": 0,
        "error": "",
    }
    waiting_rows = _collected.get()
    if waiting_rows is None:
        db.session.execute(insert(Outbox), [row])
    else:
        waiting_rows.append(row)


_collected: ContextVar[list[dict[str, object]] | None] = ContextVar("collected", default=None)


@contextlib.contextmanager
def collecting() -> Iterator[Callable[[], None]]:
    """Gather the rows of a unit of work; the yielded function writes them all in one statement."""
    rows: list[dict[str, object]] = []
    token = _collected.set(rows)

    def write() -> None:
        if rows:
            db.session.execute(insert(Outbox), rows)
            rows.clear()

    try:
        yield write
    finally:
        _collected.reset(token)


def drain(topics: Sequence[str] | None = None, *, limit: int = 10_000) -> int:
    """Do all ready work (worker, tests, small installations). Returns the number of rows done."""
    done = 0
    while done < limit:
        worked = sum(_drain_topic(topic) for topic in topics or tuple(_handlers))
        if not worked:
            break
        done += worked
    return done


def _drain_topic(topic: str) -> int:
    jobs = _claim(topic, _batch[topic])
    if not jobs:
        return 0
    latest = {job.key or str(job.id): job for job in jobs}
    try:
        _run(topic, list(latest.values()))
    except Exception as error:  # a handler's fault must not stop the queue; it is kept on the row
        db.session.rollback()
        if len(latest) == 1:
            _failed(jobs, error)
        else:
            _one_by_one(topic, jobs, list(latest.values()))
    else:
        _finish([job.id for job in jobs])
    return len(jobs)


def _run(topic: str, jobs: list[Job]) -> None:
    try:
        _handlers[topic](jobs)
    finally:
        if db.session().in_transaction():
            db.session.rollback()


def _one_by_one(topic: str, claimed: list[Job], latest: list[Job]) -> None:
    for job in latest:
        same = [j for j in claimed if (j.key or str(j.id)) == (job.key or str(job.id))]
        try:
            _run(topic, [job])
        except Exception as error:  # as above: the row keeps its own error
            db.session.rollback()
            _failed(same, error)
        else:
            _finish([j.id for j in same])


def _claim(topic: str, size: int) -> list[Job]:
    moment = now()
    if not _anything(topic):
        return []
    with writing(gate()):
        chosen = (
            select(Outbox.id, Outbox.topic, Outbox.key, Outbox.payload, Outbox.tries)
            .where(
                Outbox.topic == topic,
                Outbox.state == "ready",
                Outbox.run_at <= moment,
                or_(Outbox.leased_until.is_(None), Outbox.leased_until < moment),
            )
            .order_by(Outbox.id)
            .limit(size)
            .with_for_update(skip_locked=True)
        )
        jobs = [Job(r.id, r.topic, r.key, dict(r.payload), r.tries) for r in db.session.execute(chosen)]
        if jobs:
            db.session.execute(
                update(Outbox).where(Outbox.id.in_([j.id for j in jobs])).values(leased_until=moment + LEASE)
            )
        db.session.commit()
    return jobs


def _anything(topic: str) -> bool:
    """A cheap look before taking the writer's place; most polls find nothing. Leaves no transaction open."""
    return bool(ready([topic]))


def ready(topics: Sequence[str] | None = None) -> list[str]:
    """Topics with work to do now, of those named, or of all that have a handler. The worker polls with it."""
    if db.session().in_transaction():
        db.session.rollback()  # an old reader's view would not show what was committed since
    moment = now()
    waiting_now = (
        select(Outbox.topic)
        .where(
            Outbox.state == "ready",
            Outbox.run_at <= moment,
            or_(Outbox.leased_until.is_(None), Outbox.leased_until < moment),
            Outbox.topic.in_(tuple(_handlers) if topics is None else tuple(topics)),
        )
        .distinct()
    )
    found = list(db.session.scalars(waiting_now))
    db.session.rollback()
    return found


def _finish(ids: list[int]) -> None:
    with writing(gate()):
        db.session.execute(delete(Outbox).where(Outbox.id.in_(ids)))
        db.session.commit()


def _failed(jobs: list[Job], error: Exception) -> None:
    quiet = isinstance(error, Later)
    log.log(
        logging.INFO if quiet else logging.ERROR, "outbox %s: %s", jobs[0].topic, error, exc_info=not quiet
    )
    with writing(gate()):
        for job in jobs:
            tries = job.tries + 1
            wait = BACKOFF[min(tries, len(BACKOFF)) - 1]
            db.session.execute(
                update(Outbox)
                .where(Outbox.id == job.id)
                .values(
                    tries=tries,
                    error=f"{type(error).__name__}: {error}"[:2000],
                    leased_until=None,
                    run_at=now() + timedelta(seconds=wait),
                    state="failed" if tries >= MAX_TRIES else "ready",
                )
            )
        db.session.commit()


def retry(ids: Sequence[int]) -> int:
    """Put failed rows back into the queue (the operator's «повторить»)."""
    with writing(gate()):
        result = db.session.execute(
            update(Outbox)
            .where(Outbox.id.in_(ids))
            .values(state="ready", tries=0, run_at=now(), leased_until=None)
        )
        db.session.commit()
    return int(getattr(result, "rowcount", 0))


def waiting() -> dict[str, int]:
    """How much work waits, by topic (health page)."""
    rows = db.session.execute(select(Outbox.topic, func.count()).group_by(Outbox.topic))
    return {topic: count for topic, count in rows}


@dataclass(frozen=True)
class Queue:
    """What waits under one topic: how much, since when, and what was given up."""

    topic: str
    waiting: int
    failed: int
    since: datetime
    error: str


def queues() -> list[Queue]:
    """The queue by topic, for the one who looks after the installation."""
    rows = db.session.execute(
        select(
            Outbox.topic,
            func.count().filter(Outbox.state == "ready"),
            func.count().filter(Outbox.state == "failed"),
            func.min(Outbox.created_at, type_=Outbox.created_at.type),
            func.max(Outbox.error),
        )
        .group_by(Outbox.topic)
        .order_by(Outbox.topic)
    )
    return [Queue(*row) for row in rows]


def retry_failed() -> int:
    """Put everything that was given up back into the queue."""
    return retry(list(db.session.scalars(select(Outbox.id).where(Outbox.state == "failed"))))
