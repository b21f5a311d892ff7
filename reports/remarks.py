"""Remarks of the curator on cells: put, answered by correcting, closed one by one (F-35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from records import query, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.model import Record, Remark

from . import editions
from .filling import table_of
from .model import ReportRow
from .opening import find


@dataclass(frozen=True)
class CellRemark:
    """A remark and the place it speaks of; without a place it is about the whole form."""

    id: int
    text: str
    by: str
    at: datetime
    table: str = ""
    uid: str = ""
    column: str = ""
    closed_at: datetime | None = None


def place(table: str, uid: str, column: str) -> str:
    """Where a remark stands, as it is kept in its field."""
    return f"{table}/{uid}/{column}"


def put(actor: Actor, record_id: int, table: str, uid: str, column: str, text: str) -> Remark:
    """A remark on a cell; it blocks approval until it is closed. Raises NotFound for a cell that is not
    there."""
    _, sheet = find(actor, record_id)
    if not actor.may_handle:
        raise Forbidden("Замечания к ячейкам ставит куратор.")
    declared = table_of(editions.of(sheet), table)
    row = db.session.get(ReportRow, uid)
    if row is None or row.record_id != record_id or row.table != table:
        raise NotFound
    if column and column not in declared.by_name:
        raise Invalid({"column": ["В таблице нет такой графы."]})
    return service.remark(actor, record_id, text, public=True, blocking=True, field=place(table, uid, column))


def close(actor: Actor, record_id: int, remark_id: int) -> Remark:
    """Take a remark off: the curator, or the member who has corrected the cell."""
    entry = db.session.get(Remark, remark_id)
    if entry is None or entry.record_id != record_id:
        raise NotFound
    return service.resolve(actor, remark_id)


def listed(actor: Actor, record: Record) -> list[CellRemark]:
    """Remarks of a report, open ones first, in the order they were put."""
    found = []
    for entry in query.remarks(actor, record):
        if entry.purpose != "remark":
            continue
        table, _, rest = entry.field.partition("/")
        uid, _, column = rest.partition("/")
        by = entry.author.name if entry.author else "Система"
        found.append(
            CellRemark(entry.id, entry.text, by, entry.created_at, table, uid, column, entry.resolved_at)
        )
    return sorted(found, key=lambda one: (one.closed_at is not None, one.id))
