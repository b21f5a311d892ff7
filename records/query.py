"""Every read goes through here: what the actor may not see does not exist, in lists, counters and details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload, load_only, undefer

from workflows.engine import SYSTEM

from . import policy
from .actor import Actor
from .database import db
from .errors import NotFound
from .facts import RecordFacts, only_created
from .kinds import RecordKind, registry
from .model import History, HistoryDetail, Link, Number, Record, RecordAccess, RecordValue, Remark, StoredFile
from .people import Organisation, User
from .service.linking import LINK_TYPES
from .service.moving import decision_on
from .service.unit import Work

PAGE = 25
MANY = 1000
"""Counting stops here: «более 1 000» is an honest answer."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition "the actor may see this record", from the same labels as everything else.

    Staff see most records: probing each row as the list is read keeps the page flat. A member sees few:
    starting from his labels is what keeps it flat.
    """
    if actor.is_system:
        return true()
    labels = sorted(policy.actor_labels(actor))
    if actor.is_staff:
        # Nearly every record is open to all staff: asking that first is one look at the key for most rows.
        rest = [label for label in labels if label != "staff"]
        return or_(
            exists().where(RecordAccess.record_id == Record.id, RecordAccess.label == "staff"),
            exists().where(RecordAccess.record_id == Record.id, RecordAccess.label.in_(rest)),
        )
    return Record.id.in_(select(RecordAccess.record_id).where(RecordAccess.label.in_(labels)))


def get(actor: Actor, record_id: int) -> Record:
    """One record with its payload and people. Raises NotFound for absent and for hidden alike."""
    record = db.session.scalars(
        select(Record)
        .where(Record.id == record_id, visible(actor))
        .options(
            undefer(Record.payload),
            joinedload(Record.organisation),
            joinedload(Record.author).lazyload(User.seats),
            joinedload(Record.assignee).lazyload(User.seats),
        )
    ).first()
    if record is None:
        raise NotFound
    return record


@dataclass(frozen=True)
class ListQuery:
    """What a list asks for; also what a saved view keeps and an address carries."""

    kind: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    organisation: int | None = None
    assignee: int | None = None
    author: int | None = None
    direction: str = ""
    channel: str = ""
    number: str = ""
    text: str = ""
    case: str = ""
    date_from: date | None = None
    date_to: date | None = None
    due: str = ""  # overdue soon any
    open_only: bool | None = None
    trashed: bool = False
    filed: bool = False
    """Only what has left its author (no drafts)."""
    values: Mapping[str, str] = field(default_factory=dict)
    sort: str = "-id"
    after: str = ""
    limit: int = PAGE


@dataclass(frozen=True)
class Listing:
    """A page of a list: rows, the key of the next page, and an honest count."""

    rows: Sequence[Record]
    next_after: str | None
    total: int
    more_than: bool = False


SORTS: Mapping[str, InstrumentedAttribute[Any]] = {
    "id": Record.id,
    "registered_on": Record.registered_on,
    "due_on": Record.due_on,
    "updated_at": Record.updated_at,
    "number": Record.number_text,
    "title": Record.title,
}


def conditions(actor: Actor, q: ListQuery, today: date) -> list[ColumnElement[bool]]:
    """The filters of a list as conditions; rights first."""
    found: list[ColumnElement[bool]] = [visible(actor)]
    found.append(Record.trashed_at.is_not(None) if q.trashed else Record.trashed_at.is_(None))
    if q.trashed:
        found.append(Record.destroyed_at.is_(None))
    plain = {Record.kind: q.kind, Record.state: q.state}
    found += [column.in_(values) for column, values in plain.items() if values]
    exact = {
        Record.organisation_id: q.organisation,
        Record.assignee_id: q.assignee,
        Record.author_id: q.author,
        Record.direction: q.direction or None,
        Record.channel: q.channel or None,
        Record.case_index: q.case or None,
        Record.is_open: q.open_only,
    }
    found += [column == value for column, value in exact.items() if value is not None]
    if q.number:
        found.append(Record.number_text.contains(q.number.strip(), autoescape=True))
    if q.text:
        found.append(Record.title.icontains(q.text.strip(), autoescape=True))
    if q.date_from:
        found.append(Record.registered_on >= q.date_from)
    if q.date_to:
        found.append(Record.registered_on <= q.date_to)
    if q.filed:
        found.append(Record.state != "draft")
    if not q.kind and not (actor.is_staff or actor.is_system):
        found.append(Record.kind.not_in([k.name for k in registry if not k.listed]))
    found += _due(q.due, today)
    for name, value in q.values.items():
        found.append(has_value(name, value))
    return found


def has_value(name: str, value: str) -> ColumnElement[bool]:
    """A filter on a payload field; goes through the value rows so that an index serves it."""
    return Record.id.in_(
        select(RecordValue.record_id).where(RecordValue.name == name, RecordValue.value == value)
    )


def _due(which: str, today: date) -> list[ColumnElement[bool]]:
    if which == "overdue":
        return [Record.is_open.is_(True), Record.done_on.is_(None), Record.due_on < today]
    if which == "soon":
        return [Record.is_open.is_(True), Record.done_on.is_(None), Record.due_on >= today]
    return [Record.due_on.is_not(None)] if which == "any" else []


_NAMES = (
    joinedload(Record.organisation).load_only(Organisation.short_name, Organisation.inn),
    joinedload(Record.assignee).options(load_only(User.name), lazyload(User.seats)),
)
"""A list reads the names alone; the rest of a company or a person is read if someone asks for it."""


def listing(actor: Actor, q: ListQuery, today: date) -> Listing:
    """A page by key: constant number of statements, flat with the size of the archive."""
    name, down = q.sort.lstrip("-"), q.sort.startswith("-")
    column = SORTS.get(name, Record.id)
    found = select(Record.id).where(*conditions(actor, q, today)).order_by(*_order(name, column, down))
    offset = _offset(q.after) if name != "id" else 0
    if name == "id" and q.after.isdecimal() and len(q.after) < 16:
        found = found.where(Record.id < int(q.after) if down else Record.id > int(q.after))
    # Rows are chosen and sorted by their keys alone; only those of this page are read whole.
    chosen = found.limit(q.limit + 1).offset(offset or None).subquery()
    query = (
        select(Record)
        .join(chosen, chosen.c.id == Record.id)
        .options(*_NAMES)
        .order_by(*_order(name, column, down))
    )
    rows = list(db.session.scalars(query).unique())
    page, more = rows[: q.limit], len(rows) > q.limit
    key = f"o{offset + q.limit}" if name != "id" else str(page[-1].id) if page else None
    return Listing(page, key if more else None, *count(actor, q, today))


def _order(name: str, column: InstrumentedAttribute[Any], down: bool) -> tuple[ColumnElement[Any], ...]:
    if name == "id":
        return (Record.id.desc() if down else Record.id.asc(),)
    # Empty values last, and ties in the direction of the column: so an index of the column gives the order.
    if down:
        return (column.desc().nulls_last(), Record.id.desc())
    return (column.asc().nulls_last(), Record.id.asc())


def _offset(after: str) -> int:
    return (
        min(int(after[1:]), 100_000) if after[:1] == "o" and after[1:].isdecimal() and len(after) < 9 else 0
    )


def count(actor: Actor, q: ListQuery, today: date, *, cap: int = MANY) -> tuple[int, bool]:
    """How many rows the list has, counted no further than the cap."""
    inner = select(Record.id).where(*conditions(actor, q, today)).limit(cap + 1).subquery()
    found = db.session.scalar(select(func.count()).select_from(inner)) or 0
    return min(found, cap), found > cap


def all_ids(actor: Actor, q: ListQuery, today: date, *, cap: int = 5000) -> list[int]:
    """Ids of everything found («выбрать все найденные»), for bulk acts and exports."""
    return list(
        db.session.scalars(
            select(Record.id).where(*conditions(actor, q, today)).order_by(Record.id.desc()).limit(cap)
        )
    )


@dataclass(frozen=True)
class Action:
    """A move as a person sees it: a button, or a grey button with the reasons."""

    verb: str
    title: str
    allowed: bool
    reasons: tuple[str, ...]
    needs_note: bool
    target: str
    consequence: str = ""


def actions(actor: Actor, record: Record) -> list[Action]:
    """Every move this actor could make from here, with reasons when something stands in the way."""
    kind = registry.of(record)
    unit = Work(actor)
    facts = RecordFacts(record, kind, unit.today)
    found = []
    for transition in kind.workflow.leaving(record.state):
        if transition.by == {SYSTEM}:
            continue
        decision = decision_on(actor, record, kind, transition, unit, asking=True, facts=facts)
        if decision.permitted:
            found.append(
                Action(
                    transition.verb,
                    transition.title,
                    decision.allowed,
                    decision.reasons,
                    transition.needs_note,
                    transition.target,
                    transition.consequence,
                )
            )
    return found


def expected_documents(record: Record) -> tuple[str, ...]:
    """The documents usually attached to such a paper, by what it asks for (C-23)."""
    payload = record.payload or {}
    kind = registry.of(record)
    found: list[str] = []
    for name, sets in kind.expected.items():
        chosen = payload.get(name)
        for value in chosen if isinstance(chosen, list) else [chosen]:
            found += sets.get(str(value), ())
    return tuple(dict.fromkeys(found))


def numbers(record: Record) -> list[Number]:
    return list(db.session.scalars(select(Number).where(Number.record_id == record.id).order_by(Number.id)))


def files(record: Record, *, removed: bool = False) -> list[StoredFile]:
    """Files of a record the caller has already been allowed to see."""
    if only_created(record):
        return []
    query = select(StoredFile).where(StoredFile.record_id == record.id).order_by(StoredFile.id)
    return list(db.session.scalars(query if removed else query.where(StoredFile.removed_at.is_(None))))


def file(actor: Actor, file_id: int) -> tuple[StoredFile, Record]:
    """A file and its record. Raises NotFound for hidden ones."""
    entry = db.session.get(StoredFile, file_id)
    if entry is None:
        raise NotFound
    record = get(actor, entry.record_id)
    if entry.removed_at is not None and not policy.may_see_internal(actor):
        raise NotFound
    return entry, record


def remarks(actor: Actor, record: Record) -> list[Remark]:
    """Remarks the actor may read: a member never gets the internal ones."""
    query = (
        select(Remark)
        .where(Remark.record_id == record.id)
        .options(joinedload(Remark.author).lazyload(User.seats))
        .order_by(Remark.id)
    )
    if not policy.may_see_internal(actor):
        query = query.where(Remark.is_public.is_(True))
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class LinkedRecord:
    """One end of a link as the other end shows it."""

    label: str
    type: str
    record: Record
    outgoing: bool


def links(actor: Actor, record: Record) -> list[LinkedRecord]:
    """Links in both directions to records the actor may see."""
    if only_created(record):
        return []
    pairs = db.session.execute(
        select(Link, Record)
        .join(
            Record,
            or_(
                and_(Link.source_id == record.id, Record.id == Link.target_id),
                and_(Link.target_id == record.id, Record.id == Link.source_id),
            ),
        )
        .where(or_(Link.source_id == record.id, Link.target_id == record.id), visible(actor))
        .order_by(Link.created_at)
    )
    return [
        LinkedRecord(
            LINK_TYPES[link.type][link.source_id != record.id], link.type, other, link.source_id == record.id
        )
        for link, other in pairs
    ]


@dataclass(frozen=True)
class Step:
    """A history entry with its values, as it is shown."""

    at: datetime
    actor: str
    role: str
    acting_for: str
    address: str
    verb: str
    from_state: str
    to_state: str
    values: Mapping[str, Mapping[str, object]]
    is_public: bool
    digest: str
    seq: int


OFFICE_WORDS = frozenset({("record.assign", "note"), ("record.assign", "instead_of")})
"""Why a paper was given to another employee is the office's own talk (R-12)."""


def history(actor: Actor, record: Record) -> list[Step]:
    """The audit history; a member sees the public part, without addresses."""
    internal = policy.may_see_internal(actor)
    query = (
        select(History, HistoryDetail.values)
        .outerjoin(HistoryDetail, HistoryDetail.history_id == History.id)
        .where(History.record_id == record.id)
        .order_by(History.seq)
    )
    hidden = set() if internal else {f.name for f in registry.of(record).fields if f.staff_only}
    if not internal:
        query = query.where(History.is_public.is_(True))
    return [
        Step(
            at=h.at,
            actor=h.actor_name,
            role=h.actor_role,
            acting_for=h.acting_for,
            address=h.address if internal else "",
            verb=h.verb,
            from_state=h.from_state,
            to_state=h.to_state,
            values={
                name: value
                for name, value in (values or {}).items()
                if name not in hidden and (internal or (h.verb, name) not in OFFICE_WORDS)
            },
            is_public=h.is_public,
            digest=h.digest,
            seq=h.seq,
        )
        for h, values in db.session.execute(query)
    ]


def labels(record: Record) -> frozenset[str]:
    return frozenset(
        db.session.scalars(select(RecordAccess.label).where(RecordAccess.record_id == record.id))
    )


def kinds_for(actor: Actor) -> list[RecordKind]:
    """The kinds an actor may create."""
    return [kind for kind in registry if policy.may_create(actor, kind)]


def some(actor: Actor, ids: Sequence[int]) -> list[Record]:
    """The named records the actor may see, with their organisations (a page of search hits)."""
    if not ids:
        return []
    return list(
        db.session.scalars(
            select(Record)
            .where(Record.id.in_(ids), visible(actor))
            .options(joinedload(Record.organisation), joinedload(Record.assignee).lazyload(User.seats))
        ).unique()
    )


def numbers_of(ids: Sequence[int]) -> dict[int, list[Number]]:
    """Numbers of a page of records, in one statement."""
    found: dict[int, list[Number]] = {record_id: [] for record_id in ids}
    if ids:
        rows = db.session.scalars(select(Number).where(Number.record_id.in_(ids)).order_by(Number.id))
        for number in rows:
            found[number.record_id].append(number)
    return found


def with_number(actor: Actor, text: str) -> list[int]:
    """Visible records that bear exactly this registration number."""
    return list(
        db.session.scalars(select(Record.id).where(Record.number_text == text[:60], visible(actor)).limit(2))
    )


def visible_ids(actor: Actor, ids: Iterable[int]) -> set[int]:
    wanted = list(ids)
    return (
        set(db.session.scalars(select(Record.id).where(Record.id.in_(wanted), visible(actor))))
        if wanted
        else set()
    )
