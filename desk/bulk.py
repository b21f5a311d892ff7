"""One act on many records, with a report for each: done, or refused and why (R-32, U-03).

Few are done at once; many go to the worker as a job that says how far it is. Each record is its own
act under its own token, so a job that was killed goes on where it stopped and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from accounts.actors import actor_for
from messaging.unit import alone
from records import outbox, query, service
from records.actor import Actor
from records.database import db, now
from records.errors import Forbidden, Invalid, RecordsError, Unavailable
from records.kinds import registry
from records.people import User

from .model import Job

TITLES: Mapping[str, str] = {
    "claim": "Взять себе",
    "assign": "Назначить исполнителя",
    "take": "Взять в работу",
    "approve": "Одобрить",
    "close": "Закрыть в дело",
    "annul": "Аннулировать",
    "refuse": "Отказать",
}
ASKS = frozenset({"assign", "annul", "refuse"})
"""Acts that need an employee or a reason before they are done."""
AT_ONCE = 20
SLICE = 25
MOST = 5000


@dataclass(frozen=True)
class Row:
    """What became of one record."""

    record: int
    title: str
    done: bool
    text: str


@dataclass(frozen=True)
class Request:
    """What to do with every record: a move, an assignment."""

    verb: str
    note: str = ""
    user_id: int | None = None

    @property
    def title(self) -> str:
        return TITLES.get(self.verb, self.verb)


def start(actor: Actor, ids: Sequence[int], request: Request, *, token: str) -> list[Row] | Job:
    """Do it now for a few, or begin a job for many. Raises Invalid for nothing chosen or too much."""
    if actor.read_only or actor.user_id is None:
        raise Forbidden
    chosen = list(dict.fromkeys(ids))
    if not chosen:
        raise Invalid({"ids": ["Отметьте хотя бы один документ."]})
    if len(chosen) > AT_ONCE and not actor.is_staff:
        raise Invalid({"ids": [f"За один раз — не больше {AT_ONCE} документов."]})
    if len(chosen) > MOST:
        raise Invalid({"ids": [f"За один раз — не больше {MOST} документов. Сузьте список."]})
    if len(chosen) <= AT_ONCE:
        return [one(actor, record_id, request, token) for record_id in chosen]
    with alone():
        job = Job(
            user_id=actor.user_id,
            kind="bulk",
            title=request.title,
            request={
                "ids": chosen,
                "verb": request.verb,
                "note": request.note,
                "user": request.user_id,
                "token": token,
            },
            total=len(chosen),
            report=[],
        )
        db.session.add(job)
        db.session.flush()
        outbox.put("bulk", str(job.id), {"job": job.id})
    return job


def one(actor: Actor, record_id: int, request: Request, token: str) -> Row:
    """The act on one record; a refusal is an answer, not a failure of the rest."""
    title = f"№ {record_id}"
    try:
        record = query.get(actor, record_id)
        title = f"{record.number_text or 'черновик'} · {record.title}"
        once = f"{token}:{record_id}"
        if request.verb == "claim":
            service.assign(actor, record_id, actor.user_id or 0, once=once)
        elif request.verb == "assign":
            service.assign(actor, record_id, int(request.user_id or 0), reason=request.note, once=once)
        else:
            service.act(actor, record_id, request.verb, note=request.note, once=once)
    except Unavailable:
        raise  # the store does not take writes now: the whole slice waits, it is no refusal
    except RecordsError as error:
        return Row(record_id, title, done=False, text=str(error) or "Не выполнено.")
    state = registry[record.kind].state_title(query.get(actor, record_id).state)
    return Row(record_id, title, done=True, text=state)


def run_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Outbox topic «bulk»: one slice of a job; the next is put in the queue with the report of this one."""
    for job in jobs:
        _run(int(str(job.payload["job"])), int(str(job.payload.get("from") or 0)))


def _run(job_id: int, begin: int) -> None:
    job = db.session.get(Job, job_id)
    if job is None or job.state == "done" or job.user_id is None or job.done != begin:
        return  # another worker has gone on from here
    asked, report = dict(job.request), list(job.report)
    user = db.session.get(User, job.user_id)
    assert user is not None
    actor = actor_for(user)
    db.session.rollback()
    ids = asked["ids"]
    assert isinstance(ids, list)
    user_id = asked.get("user")
    request = Request(
        str(asked["verb"]), str(asked.get("note") or ""), int(str(user_id)) if user_id else None
    )
    for record_id in ids[begin : begin + SLICE]:
        row = one(actor, record_id, request, str(asked["token"]))
        report.append({"record": row.record, "title": row.title, "done": row.done, "text": row.text})
    _note(job_id, report, "running" if len(report) < len(ids) else "done")


def _note(job_id: int, report: list[dict[str, object]], state: str) -> None:
    """Write the report and, in the same transaction, the next slice: nothing is lost or taken twice."""
    values: dict[str, object] = {"report": report, "done": len(report), "state": state}
    if state == "done":
        values["finished_at"] = now()
    with alone():
        db.session.execute(update(Job).where(Job.id == job_id).values(**values))
        if state == "running":
            outbox.put("bulk", f"{job_id}:{len(report)}", {"job": job_id, "from": len(report)})


def job_of(actor: Actor, job_id: int) -> Job | None:
    """A person's own job."""
    return db.session.scalars(select(Job).where(Job.id == job_id, Job.user_id == actor.user_id)).first()
