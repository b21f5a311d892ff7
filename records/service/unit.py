"""The unit of work: everything an act changes is committed together, or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import date, datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from .. import outbox, parameters, policy
from ..actor import Actor
from ..database import db, gate, now, writing
from ..errors import Conflict, IdempotencyMismatch, NotFound
from ..history import append
from ..kinds import RecordKind, registry
from ..model import History, OnceToken, Record, RecordAccess, RecordValue, Snapshot

_current: ContextVar[Work | None] = ContextVar("work", default=None)

after_commit: list[Callable[[], None]] = []
"""Called after every commit (the in-process worker is woken here)."""


class Once(str):
    """A token that also knows what was asked: the same token with another request is refused."""

    fingerprint: str

    def __new__(cls, token: str, fingerprint: str) -> Once:
        made = super().__new__(cls, token)
        made.fingerprint = fingerprint
        return made


class Work:
    """One act in progress: who, when, what has been touched."""

    def __init__(self, actor: Actor, *, at: datetime | None = None) -> None:
        self.actor = actor
        self.at = at or now()
        self.earlier: dict[str, object] | None = None
        self.result: dict[str, object] = {}
        self.note = ""
        self.data: dict[str, object] = {}
        self.record: Record | None = None
        self._touched: dict[int, Record] = {}
        self._fresh: set[int] = set()
        self._before: dict[int, tuple[frozenset[str], dict[str, object]]] = {}
        self.snapshots: dict[tuple[int, int], Snapshot] = {}

    @property
    def today(self) -> date:
        return self.at.astimezone(parameters.zone()).date()

    @contextlib.contextmanager
    def acting_as(self, actor: Actor) -> Iterator[None]:
        """A verb called within another's act is its own actor's deed: rights and history name that one."""
        before, self.actor = self.actor, actor
        try:
            yield
        finally:
            self.actor = before

    def lock(self, record_id: int, *, version: int | None = None, actor: Actor | None = None) -> Record:
        """Lock a record's row for this act. What the actor may not see does not exist for him."""
        who = actor or self.actor
        record = db.session.scalars(
            _LOCKED,
            {"id": record_id},
            execution_options={"populate_existing": record_id not in self._touched},
        ).first()
        if record is None:
            raise NotFound
        labels = visible_labels(record)
        if not policy.sees(who, labels):
            raise NotFound
        if record_id not in self._touched:
            self._before[record_id] = (labels, record.payload)
        if version is not None and record.version != version and record_id not in self._touched:
            raise Conflict(
                "Документ уже изменил другой человек. Сравните тексты и сохраните ещё раз.",
                current_version=record.version,
                asked_version=version,
            )
        return record

    def touch(self, record: Record) -> None:
        """Say that a record changes in this act: its version grows once, labels and index follow."""
        if record.id not in self._touched:
            self._touched[record.id] = record
            record.version += 1
        record.updated_at = self.at

    def adopt(self, record: Record) -> None:
        """A record made in this act: labels and index follow, the version stays 1."""
        self._touched[record.id] = record
        self._fresh.add(record.id)

    def history(
        self,
        record: Record,
        verb: str,
        *,
        changes: dict[str, tuple[object, object]] | None = None,
        note: str = "",
        from_state: str = "",
        to_state: str = "",
        is_public: bool = True,
        actor: Actor | None = None,
        notify: bool = True,
    ) -> History:
        """Write the entry and, with it, the work for after the commit (notices, webhooks)."""
        if note:
            changes = {**(changes or {}), "note": (None, note)}
        entry = append(
            record,
            actor or self.actor,
            verb,
            at=self.at,
            changes=changes,
            from_state=from_state,
            to_state=to_state,
            is_public=is_public,
        )
        self.touch(record)
        if notify:
            key = f"{record.id}:{entry.seq}"
            outbox.put("event", key, {"record": record.id, "seq": entry.seq, "verb": verb})
        return entry

    def finish(self) -> None:
        """Bring labels, filter values and the index queue in line with what was touched."""
        for record in self._touched.values():
            kind = registry.of(record)
            fresh = record.id in self._fresh
            labels, payload = self._before.get(record.id, (None, None))
            if visible_labels(record) != labels:
                _relabel(record, kind, fresh=fresh)
            if record.payload is not payload:  # a payload is never changed in place, only given anew
                _revalue(record, kind, fresh=fresh)
            outbox.put("index", str(record.id), {"record": record.id})


_ONE = select(Record).where(Record.id == bindparam("id")).options(undefer(Record.payload))
_LOCKED = _ONE.with_for_update()
_LABELS = select(RecordAccess.label).where(RecordAccess.record_id == bindparam("id"))


def glance(actor: Actor, record_id: int) -> Record:
    """A record as it stands, without locking it. Raises NotFound when the actor may not see it."""
    record = db.session.scalars(_ONE, {"id": record_id}).first()
    if record is None or not policy.sees(actor, visible_labels(record)):
        raise NotFound
    return record


def visible_labels(record: Record) -> frozenset[str]:
    return policy.record_labels(record, registry.of(record), dict(record.payload or {}))


def _relabel(record: Record, kind: RecordKind, *, fresh: bool) -> None:
    wanted = policy.record_labels(record, kind, dict(record.payload or {}))
    have: set[str] = set()
    if not fresh:
        have = set(db.session.scalars(_LABELS, {"id": record.id}))
    if gone := have - wanted:
        db.session.execute(
            delete(RecordAccess).where(RecordAccess.record_id == record.id, RecordAccess.label.in_(gone))
        )
    if new := wanted - have:
        db.session.execute(
            insert(RecordAccess), [{"record_id": record.id, "label": label} for label in sorted(new)]
        )


def _revalue(record: Record, kind: RecordKind, *, fresh: bool) -> None:
    names = [f.name for f in kind.data_fields if f.filter]
    if not names:
        return
    payload = record.payload or {}
    wanted = {(n, str(v)[:300]) for n in names for v in _values(payload.get(n))}
    have: set[tuple[str, str]] = set()
    if not fresh:
        rows = db.session.execute(
            select(RecordValue.name, RecordValue.value).where(RecordValue.record_id == record.id)
        )
        have = {(row.name, row.value) for row in rows}
    for name, value in have - wanted:
        db.session.execute(
            delete(RecordValue).where(
                RecordValue.record_id == record.id, RecordValue.name == name, RecordValue.value == value
            )
        )
    if new := wanted - have:
        db.session.execute(
            insert(RecordValue), [{"record_id": record.id, "name": n, "value": v} for n, v in sorted(new)]
        )


def _values(value: object) -> list[object]:
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


@contextlib.contextmanager
def work(actor: Actor, *, once: str | None = None, at: datetime | None = None) -> Iterator[Work]:
    """Open a unit of work, or join the one that is open.

    `once` is the token of a form or an Idempotency-Key: when it was used before by this actor,
    `work.earlier` holds the earlier result and nothing must be done again.
    """
    outer = _current.get()
    if outer is not None:
        with outer.acting_as(actor):
            yield outer
        return
    if db.session().in_transaction():
        db.session.rollback()  # the reader's transaction; a writer begins its own
    unit = Work(actor, at=at)
    token = _current.set(unit)
    try:
        with writing(gate()), outbox.collecting() as write_outbox:
            try:
                if once:
                    _claim_token(unit, once)
                yield unit
                if unit.earlier is None:
                    unit.finish()
                    write_outbox()
                    if once:
                        _keep_result(unit, once)
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise
    finally:
        _current.reset(token)
    for wake in after_commit:
        wake()


def _token_key(unit: Work, once: str) -> str:
    return f"{unit.actor.user_id or 0}:{once}"[:80]


def _claim_token(unit: Work, once: str) -> None:
    key = _token_key(unit, once)
    asked = once.fingerprint if isinstance(once, Once) else ""
    try:
        with db.session.begin_nested():
            db.session.add(OnceToken(token=key, actor_id=unit.actor.user_id, fingerprint=asked))
            db.session.flush()
    except IntegrityError:
        earlier = db.session.execute(
            select(OnceToken.fingerprint, OnceToken.result).where(OnceToken.token == key)
        ).one()
        if asked and earlier.fingerprint and asked != earlier.fingerprint:
            raise IdempotencyMismatch(
                "Этот ключ повтора уже использован с другим запросом. Возьмите новый ключ."
            ) from None
        unit.earlier = dict(earlier.result)


def _keep_result(unit: Work, once: str) -> None:
    row = db.session.get(OnceToken, _token_key(unit, once))
    if row is not None:
        row.result = unit.result
