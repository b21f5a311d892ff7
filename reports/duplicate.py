"""Last year's report as the beginning of this one: what is copied and what begins anew (reference,
appendix А)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select

from forms.progress import day
from forms.reports.model import Table
from records.database import db
from records.model import StoredFile

from . import cells, editions
from .model import ReportRow, ReportSheet

Keeps = Callable[[Mapping[str, Any], dt.date], bool]


def _works_here(row: Mapping[str, Any], begins: dt.date) -> bool:
    return not row.get("dismiss_date")


def _still_held(row: Mapping[str, Any], begins: dt.date) -> bool:
    until = day(row.get("right_until"))
    return until is None or until >= begins


def _in_force(row: Mapping[str, Any], begins: dt.date) -> bool:
    return row.get("status") in ("active", "suspended")


def _unfinished(row: Mapping[str, Any], begins: dt.date) -> bool:
    return row.get("dispute_stage") != "closed"


def _not_done(row: Mapping[str, Any], begins: dt.date) -> bool:
    return row.get("status") in ("open", "extended", "appealed")


def _insures(row: Mapping[str, Any], begins: dt.date) -> bool:
    until = day(row.get("end_date"))
    return until is not None and until >= begins


def _never(row: Mapping[str, Any], begins: dt.date) -> bool:
    return False


_KEEPS: Final[Mapping[tuple[str, str], Keeps]] = {
    ("f2", "employee"): _works_here,
    ("f3", "premises"): _still_held,
    ("f3", "vehicles"): _still_held,
    ("f3", "machines"): _still_held,
    ("f7", "contract"): _in_force,
    ("f8", "incidents"): _never,
    ("f9", "disputes"): _unfinished,
    ("f10", "orders"): _not_done,
    ("f11", "policies"): _insures,
    ("f11", "payouts"): _never,
}
_OF_CONTRACT: Final = frozenset({"acts", "addenda", "subcontractors"})
_ANEW: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("f5", "summary"): frozenset({"injuries_total", "injuries_fatal", "lost_days"}),
    ("f6", "standards"): frozenset({"compliance", "self_check_date", "deviation"}),
    ("f7_1", "header"): frozenset({"period", "report_date"}),
    ("f7_1", "works"): frozenset({"volume_period"}),
}
_WHOLE_ANEW: Final = frozenset({("f1", "indicators")})


def copy_forward(before: ReportSheet, sheet: ReportSheet) -> None:
    """Rows that go on into the next year, with references to the same files; the source is named."""
    _copy(before, sheet, f"из отчёта за {before.year} год", forward=True)


def copy_all(before: ReportSheet, sheet: ReportSheet) -> None:
    """Everything as it stood: the beginning of a new revision."""
    _copy(before, sheet, f"из редакции {before.revision}", forward=False)


def _copy(before: ReportSheet, sheet: ReportSheet, source: str, *, forward: bool) -> None:
    form = editions.of(sheet)
    begins = dt.date(sheet.year, 1, 1)
    old = db.session.scalars(
        select(ReportRow)
        .where(ReportRow.record_id == before.record_id, ReportRow.removed.is_(False))
        .order_by(ReportRow.position)
    ).all()
    tables = {table.code: table for table in form.tables}
    kept = [row for row in old if row.table in tables and (not forward or _goes_on(before.form, row, begins))]
    uids = {row.uid: str(uuid4()) for row in kept}
    if forward:
        kept = [
            r
            for r in kept
            if r.table not in _OF_CONTRACT or not r.cells.get("parent") or r.cells["parent"] in uids
        ]
    cards = {
        row.table: row
        for row in db.session.scalars(select(ReportRow).where(ReportRow.record_id == sheet.record_id))
    }
    for row in kept:
        table = tables[row.table]
        target = cards.get(row.table) if table.is_single else None
        if target is None:
            target = _bare(sheet, table, uids[row.uid], row.position)
        _fill(sheet, table, target, row, uids, source, forward)
    _copy_files(before, sheet, uids)


def _goes_on(form: str, row: ReportRow, begins: dt.date) -> bool:
    if (form, row.table) in _WHOLE_ANEW:
        return False
    rule = _KEEPS.get((form, row.table))
    return rule is None or rule(row.cells, begins)


def _bare(sheet: ReportSheet, table: Table, uid: str, position: int) -> ReportRow:
    needed = sum(column.required for column in table.columns)
    row = ReportRow(uid=uid, record_id=sheet.record_id, table=table.code, position=position)
    row.cells, row.notes, row.marks, row.origins = {}, {}, {}, {}
    row.version, row.stamp, row.wrong, row.lacking, row.removed = 1, sheet.stamp, 0, needed, False
    db.session.add(row)
    sheet.rows, sheet.wanted, sheet.lacking = sheet.rows + 1, sheet.wanted + needed, sheet.lacking + needed
    return row


def _fill(
    sheet: ReportSheet,
    table: Table,
    target: ReportRow,
    row: ReportRow,
    uids: Mapping[str, str],
    source: str,
    forward: bool,
) -> None:
    anew = _ANEW.get((sheet.form, table.code), frozenset()) if forward else frozenset()
    values = {n: _pointed(v, uids) for n, v in row.cells.items() if n in table.by_name and n not in anew}
    if forward and table.code == "works":
        before = [row.cells.get("volume_before"), row.cells.get("volume_period")]
        values["volume_before"] = f"{sum(float(str(part)) for part in before if part):.3f}"
    elif not forward and "volume_before" in row.cells:
        values["volume_before"] = row.cells["volume_before"]
    target.cells, target.notes = values, {n: note for n, note in row.notes.items() if n not in anew}
    target.origins, target.copy_of = {"*": source}, row.uid
    lacking, wrong = cells.judge(table, target)
    sheet.lacking += lacking - target.lacking
    sheet.wrong += wrong - target.wrong
    target.lacking, target.wrong = lacking, wrong


def _pointed(value: object, uids: Mapping[str, str]) -> object:
    """References within the form follow their rows."""
    if isinstance(value, list):
        return [uids.get(str(item), item) for item in value]
    return uids.get(value, value) if isinstance(value, str) else value


def _copy_files(before: ReportSheet, sheet: ReportSheet, uids: Mapping[str, str]) -> None:
    """The same bytes are referred to again: nothing is stored twice."""
    wanted = select(StoredFile).where(
        StoredFile.record_id == before.record_id,
        StoredFile.removed_at.is_(None),
        StoredFile.signature_of.is_(None),
        StoredFile.origin == "upload",
    )
    for file in db.session.scalars(wanted).all():
        head, _, tail = file.slot.partition(":")
        if head == "row" and tail in uids:
            slot = f"row:{uids[tail]}"
        elif head == "form":
            slot = file.slot
        else:
            continue
        db.session.add(
            StoredFile(
                record_id=sheet.record_id,
                slot=slot,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                streebog256=file.streebog256,
                flags=list(file.flags),
                text_state=file.text_state,
                origin="upload",
                uploaded_by=file.uploaded_by,
                uploaded_at=file.uploaded_at,
            )
        )
