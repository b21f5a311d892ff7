"""Access labels computed anew for every record: after a rule of rights or a kind has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import undefer

from .. import outbox
from ..actor import SYSTEM_ACTOR
from ..database import db
from ..kinds import registry
from ..model import Record, RecordAccess
from .unit import visible_labels, work

BATCH = 200


@dataclass
class Relabelled:
    """How many were looked at, and what differs: (record, labels taken away, labels given)."""

    seen: int = 0
    changed: int = 0
    examples: list[tuple[int, frozenset[str], frozenset[str]]] = field(default_factory=list)
    unknown: int = 0
    """Records of kinds this program no longer knows: their labels stay as they are."""


def relabel(*, dry_run: bool = False, progress: Callable[[int], None] = lambda _: None) -> Relabelled:
    """Bring the labels of all records in line with the rules, batch by batch. A record itself does not
    change: no version, no history; the index follows where labels differ."""
    found = Relabelled()
    for ids in _batches():
        with work(SYSTEM_ACTOR):
            _batch(ids, found, dry_run=dry_run)
        db.session.expunge_all()
        found.seen += len(ids)
        progress(found.seen)
    return found


def total() -> int:
    return db.session.scalar(select(func.count()).select_from(Record)) or 0


def _batches() -> Iterator[list[int]]:
    last = 0
    while True:
        ids = list(
            db.session.scalars(select(Record.id).where(Record.id > last).order_by(Record.id).limit(BATCH))
        )
        if not ids:
            return
        yield ids
        last = ids[-1]


def _batch(ids: list[int], found: Relabelled, *, dry_run: bool) -> None:
    have: dict[int, set[str]] = defaultdict(set)
    for record_id, label in db.session.execute(
        select(RecordAccess.record_id, RecordAccess.label).where(RecordAccess.record_id.in_(ids))
    ):
        have[record_id].add(label)
    records = db.session.scalars(
        select(Record).where(Record.id.in_(ids)).options(undefer(Record.payload)).with_for_update()
    )
    for record in records:
        if record.kind not in registry:
            found.unknown += 1
            continue
        wanted = visible_labels(record)
        gone, new = frozenset(have[record.id] - wanted), wanted - have[record.id]
        if not gone and not new:
            continue
        found.changed += 1
        found.examples = [*found.examples, (record.id, gone, frozenset(new))][:20]
        if not dry_run:
            _write(record.id, gone, frozenset(new))


def _write(record_id: int, gone: frozenset[str], new: frozenset[str]) -> None:
    if gone:
        db.session.execute(
            delete(RecordAccess).where(RecordAccess.record_id == record_id, RecordAccess.label.in_(gone))
        )
    if new:
        db.session.execute(
            insert(RecordAccess), [{"record_id": record_id, "label": label} for label in sorted(new)]
        )
    outbox.put("index", str(record_id), {"record": record_id})
