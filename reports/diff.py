"""What differs from the former report, cell by cell: added, removed, changed (F-34); and years side by
side (F-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from forms.printed_cells import as_words, typed
from forms.reports.model import Form, Table
from records.actor import Actor
from records.database import db
from records.errors import NotFound

from . import books, editions, sheets, titles
from .model import ReportFiling, ReportRow, ReportSheet
from .opening import find
from .prefill import last_filed


@dataclass(frozen=True)
class Difference:
    """One row that is new, gone or changed; `cells`: column → (was, now) in words."""

    table: str
    uid: str
    title: str
    what: str  # added removed changed
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As the page takes it."""
        cells = {name: {"was": was, "now": now} for name, (was, now) in self.cells.items()}
        return {"table": self.table, "uid": self.uid, "title": self.title, "what": self.what, "cells": cells}


@dataclass(frozen=True)
class Compared:
    """The report compared with, in words, and what differs."""

    title: str = ""
    record_id: int | None = None
    rows: Sequence[Difference] = ()


def with_previous(actor: Actor, record_id: int) -> Compared:
    """A resubmitted form against its former filing, another against the report of the year before."""
    record, sheet = find(actor, record_id)
    filed = db.session.scalars(
        select(ReportFiling).where(ReportFiling.record_id == record_id).order_by(ReportFiling.number.desc())
    ).all()
    earlier = filed[0] if filed and record.state == "returned" else filed[1] if len(filed) > 1 else None
    now = sheets.content(sheet)
    if earlier is not None:
        was: Any = earlier.content["rows"]
        return Compared(f"с поданным {earlier.filed_at:%d.%m.%Y}", record_id, _rows(sheet, was, now, {}))
    before = db.session.get(ReportSheet, sheet.based_on) if sheet.based_on else last_filed(sheet)
    if before is None:
        return Compared()
    copies = {
        uid: old
        for uid, old in db.session.execute(
            select(ReportRow.uid, ReportRow.copy_of).where(
                ReportRow.record_id == record_id, ReportRow.copy_of.is_not(None)
            )
        )
    }
    found = _rows(sheet, sheets.content(before), now, copies)
    return Compared(f"с отчётом за {before.year} год", before.record_id, found)


def _rows(
    sheet: ReportSheet,
    was: Mapping[str, Sequence[Mapping[str, Any]]],
    now: Mapping[str, Sequence[Mapping[str, Any]]],
    copies: Mapping[str, str | None],
) -> list[Difference]:
    form = editions.of(sheet)
    known = books.linked(sheet, form.tables)
    found: list[Difference] = []
    for table in form.tables:
        found += _of_table(table, was.get(table.code, ()), now.get(table.code, ()), copies, known)
    return found


def _of_table(
    table: Table,
    was: Sequence[Mapping[str, Any]],
    now: Sequence[Mapping[str, Any]],
    copies: Mapping[str, str | None],
    known: Mapping[str, Any],
) -> list[Difference]:
    """Rows meet by the copy they are of, else by their uid, else by what makes them unique."""
    left = {str(row["uid"]): row for row in was}
    keys = {_key(table, row): uid for uid, row in left.items() if table.unique}
    found = []
    for row in now:
        uid = str(row["uid"])
        met = copies.get(uid) or uid
        old = left.pop(met, None) or left.pop(keys.get(_key(table, row), ""), None)
        if old is None and table.is_single and left:
            old = left.popitem()[1]
        title = titles.of_row(table.code, row)
        if old is None:
            found.append(Difference(table.code, uid, title, "added"))
        elif cells := _cells(table, old, row, known):
            found.append(Difference(table.code, uid, title, "changed", cells))
    gone = [Difference(table.code, "", titles.of_row(table.code, row), "removed") for row in left.values()]
    return found + gone


def _key(table: Table, row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(name) or "") for name in table.unique)


def _cells(
    table: Table, old: Mapping[str, Any], new: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, tuple[str, str]]:
    found = {}
    for column in table.columns:
        if column.target is None and old.get(column.name) != new.get(column.name):
            told = typed(column, known)
            found[column.name] = (as_words(told(old)), as_words(told(new)))
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class Year:
    """A report of a year in the comparison."""

    year: int
    record_id: int
    values: Mapping[str, str]


def by_years(actor: Actor, record_id: int) -> tuple[Form, list[tuple[str, str]], list[Year]]:
    """The same form over the years: rows of tables counted, sums added, fields of cards as they were."""
    _, sheet = find(actor, record_id)
    form = editions.of(sheet)
    same = db.session.scalars(
        select(ReportSheet)
        .where(
            ReportSheet.organisation_id == sheet.organisation_id,
            ReportSheet.form == sheet.form,
            ReportSheet.place == sheet.place,
        )
        .order_by(ReportSheet.year, ReportSheet.revision)
    ).all()
    newest = {one.year: one for one in same}
    lines: dict[str, str] = {}
    years = []
    for one in newest.values():
        try:
            find(actor, one.record_id)
        except NotFound:
            continue
        years.append(Year(one.year, one.record_id, _figures(one, lines)))
    return form, list(lines.items()), years


def _figures(sheet: ReportSheet, lines: dict[str, str]) -> dict[str, str]:
    """Figures of a report under names that are the same in every edition."""
    form, rows = editions.of(sheet), sheets.content(sheet)
    found: dict[str, str] = {}
    for table in form.tables:
        listed = rows.get(table.code, [])
        if not table.is_single:
            lines.setdefault(table.code, f"{table.title}: строк")
            found[table.code] = str(len(listed))
        for column in table.columns:
            key = f"{table.code}.{column.name}"
            if table.is_single and listed and column.target is None:
                lines.setdefault(key, column.title)
                found[key] = as_words(typed(column, {})(listed[0]))
            elif not table.is_single and column.type == "dec":
                lines.setdefault(key, f"{table.title}: {column.title}, всего")
                total = sum(float(str(row.get(column.name) or 0)) for row in listed)
                found[key] = f"{total:,.2f}".replace(",", "\u00a0").replace(".", ",")
    return found
