"""Going over to another search backend: by the worker, with progress, and no record lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update

from messaging.unit import alone
from records import indexing, outbox, policy
from records.actor import Actor
from records.database import db, now
from records.errors import Forbidden, Invalid
from records.model import Record
from records.search.port import Progress

from .model import Job

MANY_RECORDS = 20_000
"""Past so many records the embedded SQLite index answers faster than Whoosh (docs/operations.md)."""
STEP = 500


def is_advised(records: int) -> bool:
    """Should the health page advise to leave Whoosh."""
    return (
        records > MANY_RECORDS
        and indexing.backends().chosen() == "whoosh"
        and "fts5" in indexing.backends().others()
    )


def ask(actor: Actor, backend: str) -> Job:
    """Have the worker go over to another backend. Raises Invalid when one is under way or it does not fit."""
    if not policy.may_administer(actor):
        raise Forbidden("Поисковый движок меняет администратор.")
    if backend not in indexing.backends().others():
        raise Invalid({"backend": ["Этот движок здесь не годится или уже работает."]})
    if under_way() is not None:
        raise Invalid({"backend": ["Переход уже идёт: дождитесь его конца."]})
    with alone():
        job = Job(
            user_id=actor.user_id,
            kind="index",
            title=f"Переход поиска на {backend}",
            request={"backend": backend},
            total=db.session.scalar(select(func.count()).select_from(Record)) or 0,
            report=[],
        )
        db.session.add(job)
        db.session.flush()
        outbox.put("index-switch", str(job.id), {"job": job.id})
    return job


def rebuild(actor: Actor) -> None:
    """Have the worker make the present index anew."""
    if not policy.may_administer(actor):
        raise Forbidden("Поисковый индекс строит администратор.")
    with alone():
        outbox.put("reindex", "all")


def choices() -> tuple[str, ...]:
    return indexing.backends().others()


def job(job_id: int) -> Job | None:
    """A switch by its number."""
    return db.session.scalars(select(Job).where(Job.id == job_id, Job.kind == "index")).first()


def under_way() -> Job | None:
    """The switch that is going on now."""
    return db.session.scalars(
        select(Job).where(Job.kind == "index", Job.state.in_(("waiting", "running"))).order_by(Job.id.desc())
    ).first()


def latest() -> Job | None:
    """The last switch asked for, whatever became of it."""
    return db.session.scalars(select(Job).where(Job.kind == "index").order_by(Job.id.desc()).limit(1)).first()


def switch(backend: str, progress: Progress | None = None) -> int:
    """Build the other index and search with it. What changed meanwhile is indexed once more."""
    began = now()
    done = indexing.backends().switch(backend, indexing.all_documents(), progress)
    db.session.rollback()
    with alone():
        for record_id in db.session.scalars(select(Record.id).where(Record.updated_at >= began)):
            outbox.put("index", str(record_id), {"record": record_id})
    return done


def run_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Outbox topic «index-switch»."""
    for asked in jobs:
        job = db.session.get(Job, int(str(asked.payload["job"])))
        if job is not None and job.state != "done":
            _run(job.id, str(job.request["backend"]))


def _run(job_id: int, backend: str) -> None:
    _note(job_id, state="running")
    told = 0

    def tell(count: int) -> None:
        nonlocal told
        if count - told >= STEP:
            told = count
            _note(job_id, done=count)

    try:
        done = switch(backend, tell)
    except Exception as error:
        _note(job_id, state="failed", error=f"{type(error).__name__}: {error}"[:500], finished_at=now())
        raise
    _note(job_id, state="done", done=done, total=done, finished_at=now())


def _note(job_id: int, **values: object) -> None:
    with alone():
        db.session.execute(update(Job).where(Job.id == job_id).values(**values))
