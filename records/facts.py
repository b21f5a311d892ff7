"""Facts of a record that guards ask about; each is looked up only when a guard asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from sqlalchemy import bindparam, func, select

from .database import db
from .kinds import RecordKind
from .model import Link, Record, Remark, StoredFile


def only_created(record: Record) -> bool:
    """Nothing but its creation has happened to the record: files and links each leave an entry of history."""
    return record.history_count == 1


class RecordFacts(Mapping[str, object]):
    """A lazy mapping: fact name → value, computed once."""

    def __init__(self, record: Record, kind: RecordKind, today: date) -> None:
        self.record, self.kind, self.today = record, kind, today
        self._known: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._known:
            self._known[name] = _FACTS[name](self)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_FACTS)

    def __len__(self) -> int:
        return len(_FACTS)


def _open_remarks(facts: RecordFacts) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Remark)
            .where(
                Remark.record_id == facts.record.id,
                Remark.is_blocking.is_(True),
                Remark.resolved_at.is_(None),
            )
        )
        or 0
    )


def _slots_filled(facts: RecordFacts) -> frozenset[str]:
    if not facts.kind.slots or only_created(facts.record):
        return frozenset()
    return frozenset(db.session.scalars(_SLOTS, {"id": facts.record.id}))


# Built once: putting a statement together costs more than running it.
_SLOTS = select(StoredFile.slot).where(
    StoredFile.record_id == bindparam("id"),
    StoredFile.removed_at.is_(None),
    StoredFile.signature_of.is_(None),
)


def _missing(facts: RecordFacts) -> dict[str, list[str]]:
    """Required fields and files that are not there yet: name → sentences."""
    payload = facts.record.payload or {}
    found = {
        f.name: [text] for f in facts.kind.data_fields if (text := f.missing(payload.get(f.name))) is not None
    }
    filled = facts["slots_filled"]
    assert isinstance(filled, frozenset)
    for slot in facts.kind.slots:
        if slot.required and slot.name not in filled:
            found[slot.name] = [f"Приложите файл: «{slot.label}»."]
    return found


def _replies(facts: RecordFacts) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Link)
            .where(Link.target_id == facts.record.id, Link.type.in_(("reply_to", "in_execution_of")))
        )
        or 0
    )


_FACTS: Mapping[str, Callable[[RecordFacts], object]] = {
    "open_remarks": _open_remarks,
    "slots_filled": _slots_filled,
    "missing": _missing,
    "replies": _replies,
    "id": lambda facts: facts.record.id,
    "payload": lambda facts: facts.record.payload or {},
    "due_on": lambda facts: facts.record.due_on,
    "today": lambda facts: facts.today,
    "assignee": lambda facts: facts.record.assignee_id,
    "has_number": lambda facts: facts.record.number_text is not None,
}
