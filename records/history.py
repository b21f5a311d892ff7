"""The audit history: append-only entries chained by digests, whose values may be redacted by law.

An entry's digest covers the digests of its values, not the values, so a value erased on a citizen's
demand (152-ФЗ) leaves the chain verifiable. Each value is salted: its digest tells nothing by guessing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from .actor import Actor
from .database import db
from .model import History, HistoryDetail, Record

GENESIS = "0" * 64


def canonical(value: object) -> bytes:
    """JSON with one spelling: what is hashed must not depend on key order or spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def value_digest(detail: Mapping[str, object]) -> str:
    return digest_of([detail.get("salt"), detail.get("old"), detail.get("new")])


def entry_digest(entry: History) -> str:
    """The digest of an entry: everything but values, and the digest before it."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest_of(
        [
            entry.previous,
            entry.record_id,
            entry.seq,
            at,
            entry.actor_id,
            entry.actor_name,
            entry.actor_role,
            entry.acting_for,
            entry.address,
            entry.verb,
            entry.from_state,
            entry.to_state,
            entry.is_public,
            entry.value_digests,
        ]
    )


def append(
    record: Record,
    actor: Actor,
    verb: str,
    *,
    at: datetime,
    changes: Mapping[str, tuple[object, object]] | None = None,
    from_state: str = "",
    to_state: str = "",
    is_public: bool = True,
) -> History:
    """Add the next entry of a record whose row the caller has locked."""
    values = {
        name: {"salt": secrets.token_hex(8), "old": old, "new": new}
        for name, (old, new) in (changes or {}).items()
        if old != new
    }
    entry = History(
        record_id=record.id,
        seq=record.history_count + 1,
        at=at,
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        actor_role=actor.main_role,
        acting_for=actor.acting_for[:200],
        address=actor.address[:45],
        verb=verb,
        from_state=from_state,
        to_state=to_state,
        is_public=is_public,
        value_digests={name: value_digest(detail) for name, detail in values.items()},
        previous=record.history_digest or GENESIS,
    )
    entry.digest = entry_digest(entry)
    record.history_count = entry.seq
    record.history_digest = entry.digest
    if values:
        entry.detail = HistoryDetail(values=values)
    db.session.add(entry)  # written with the rest of the act, in one go
    return entry


@dataclass(frozen=True)
class Fault:
    """A place where the stored history does not agree with itself."""

    record_id: int
    history_id: int | None
    at: datetime | None
    text: str


def verify(record_ids: list[int] | None = None) -> Iterator[Fault]:
    """Walk the chains and name every entry that was changed, removed or re-ordered."""
    query = select(Record.id, Record.history_count, Record.history_digest).order_by(Record.id)
    if record_ids is not None:
        query = query.where(Record.id.in_(record_ids))
    for record_id, count, last in db.session.execute(query):
        yield from _verify_record(record_id, count, last)


def _verify_record(record_id: int, count: int, last: str) -> Iterator[Fault]:
    rows = db.session.execute(
        select(History, HistoryDetail)
        .outerjoin(HistoryDetail, HistoryDetail.history_id == History.id)
        .where(History.record_id == record_id)
        .order_by(History.seq)
    ).all()
    previous = GENESIS
    for position, (entry, detail) in enumerate(rows, 1):
        if entry.seq != position:
            yield Fault(record_id, entry.id, entry.at, f"пропущена запись истории № {position}")
        if entry.previous != previous or entry.digest != entry_digest(entry):
            yield Fault(record_id, entry.id, entry.at, f"запись истории № {entry.seq} изменена")
        yield from _verify_values(entry, detail)
        previous = entry.digest
    if len(rows) != count or (count and previous != last):
        yield Fault(record_id, None, None, "конец истории отрезан или подменён")


def _verify_values(entry: History, detail: HistoryDetail | None) -> Iterator[Fault]:
    if detail is not None and detail.redacted_at is not None:
        return
    kept = {} if detail is None else detail.values
    for name in sorted({*kept, *entry.value_digests}):
        if name not in kept:
            yield Fault(entry.record_id, entry.id, entry.at, f"значение «{name}» в истории стёрто")
        elif value_digest(kept[name]) != entry.value_digests.get(name):
            yield Fault(entry.record_id, entry.id, entry.at, f"значение «{name}» в истории изменено")
