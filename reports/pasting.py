"""Pasting and loading a workbook: first a preview that waits under a token, then the whole of it or
nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select

from forms import clipboard, recognise, workbook
from forms.messages import PAYLOAD_WARNINGS
from forms.reading.cell import Cell
from forms.recognise import Recognised
from forms.reports.model import Table
from records.actor import Actor
from records.database import db
from records.errors import Invalid, NotFound
from records.service import work

from . import cells, sheets, titles
from .filling import Editing, Saved, begin, table_of
from .model import ReportPaste, ReportRow

_WAITS = timedelta(hours=6)


def preview_paste(
    actor: Actor,
    record_id: int,
    code: str,
    payload: str,
    *,
    html: bool | None = None,
    at: Mapping[str, Any] | None = None,
    mapping: Mapping[int, str | None] | None = None,
) -> dict[str, Any]:
    """What a clipboard would put into a table, from a cell on (`at`: uid and column; no uid: after the
    last row)."""
    place = at or {}
    with work(actor) as unit:
        editing = begin(unit, record_id)
        table = table_of(editing.form, code)
        _known_columns(table, [place.get("column"), *(mapping or {}).values()])
        found = recognise.table(
            table,
            clipboard.read(payload, is_html=html),
            mapping,
            layout=editing.form.layout,
            start=place.get("column"),
            today=unit.today,
            references=titles.known(editing.sheet, table.columns),
        )
        targets = _below(editing, table, str(place.get("uid") or ""), len(found.rows))
        return _keep(actor, editing, table, found, targets)


def preview_upload(actor: Actor, record_id: int, code: str, path: Path, name: str) -> dict[str, Any]:
    """What a workbook would put into a table; its rows meet those that stand there already (F-03)."""
    with work(actor) as unit:
        editing = begin(unit, record_id)
        table = table_of(editing.form, code)
        references = titles.known(editing.sheet, [c for t in editing.form.tables for c in t.columns])
        book = workbook.read(editing.form, path, name, today=unit.today, references=references)
        found = book.tables.get(code)
        if found is None:
            error = book.error or recognise.refused("no_table_found")
            found = Recognised(error=error)
        return _keep(actor, editing, table, found, _met(editing, table, found))


def _known_columns(table: Table, names: Sequence[object]) -> None:
    for name in names:
        if name and name not in table.by_name:
            raise Invalid({"columns": ["В таблице нет такой графы."]})


def _below(editing: Editing, table: Table, uid: str, count: int) -> list[ReportRow | None]:
    """Rows from the pasted cell down; None where a new row is added."""
    if not uid:
        return [None] * count
    first = editing.row(table, uid)
    wanted = (
        select(ReportRow)
        .where(
            ReportRow.record_id == editing.record.id,
            ReportRow.table == table.code,
            ReportRow.removed.is_(False),
            ReportRow.position >= first.position,
        )
        .order_by(ReportRow.position)
        .limit(count)
    )
    listed: list[ReportRow | None] = list(db.session.scalars(wanted))
    return listed + [None] * (count - len(listed))


def _met(editing: Editing, table: Table, found: Recognised) -> list[ReportRow | None]:
    """Rows of the file and rows of the table that are the same one: by what makes a row unique, else in
    order."""
    present = sheets.live(editing.record.id, table.code)
    if not table.unique:
        return [present[i] if i < len(present) else None for i in range(len(found.rows))]
    by_key: dict[tuple[str, ...], ReportRow] = {}
    for row in present:
        by_key.setdefault(tuple(str(row.cells.get(name) or "") for name in table.unique), row)
    met: list[ReportRow | None] = []
    for cell_row in found.rows:
        key = tuple(str(_value(cell_row.get(name)) or "") for name in table.unique)
        met.append(by_key.pop(key, None) if any(key) else None)
    return met


def _value(cell: Cell | None) -> object:
    return cell.value if cell is not None else None


def _keep(
    actor: Actor, editing: Editing, table: Table, found: Recognised, targets: Sequence[ReportRow | None]
) -> dict[str, Any]:
    shown = [{name: cells.as_typed(cell) for name, cell in row.items()} for row in found.rows]
    token = "" if found.error else str(uuid4())
    if token:
        _forget(editing)
        kept = {
            "rows": shown,
            "targets": [row.uid if row else None for row in targets],
            "versions": [row.version if row else None for row in targets],
        }
        db.session.add(
            ReportPaste(
                token=token,
                record_id=editing.record.id,
                table=table.code,
                user_id=actor.user_id,
                content=kept,
                made_at=editing.unit.at,
            )
        )
    faults = [
        {
            "row": index,
            "no": found.numbers[index] if index < len(found.numbers) else index + 1,
            "column": name,
            "code": cell.error or cell.warning,
            "text": f"{table.column(name).title}: {cell.text}",
            "raw": cell.raw,
            "is_error": cell.error is not None,
        }
        for index, row in enumerate(found.rows)
        for name, cell in row.items()
        if cell.error or cell.warning
    ]
    return {
        "token": token,
        "error": found.error.as_json() if found.error else None,
        "header": found.header,
        "mapping": {str(index): name for index, name in found.mapping.items()},
        "sources": {str(index): title for index, title in found.sources.items()},
        "ignored": list(found.ignored),
        "rows": shown,
        "targets": [row.uid if row else None for row in targets],
        "errors": [fault for fault in faults if fault["is_error"]],
        "warnings": [
            *({"code": code, "text": PAYLOAD_WARNINGS[code]} for code in found.warnings),
            *(fault for fault in faults if not fault["is_error"]),
        ],
        "conflicts": _overwritten(table, found, targets),
        "is_nil": found.is_nil,
    }


def _overwritten(
    table: Table, found: Recognised, targets: Sequence[ReportRow | None]
) -> list[dict[str, Any]]:
    """Filled cells that would get another value: what stands there and what would."""
    return [
        {"row": index, "uid": row.uid, "column": name, "was": row.cells[name], "now": cell.value}
        for index, (cell_row, row) in enumerate(zip(found.rows, targets, strict=True))
        if row is not None
        for name, cell in cell_row.items()
        if row.cells.get(name) not in (None, "", []) and cell.value != row.cells[name]
    ]


def _forget(editing: Editing) -> None:
    db.session.execute(delete(ReportPaste).where(ReportPaste.made_at < editing.unit.at - _WAITS))


def apply(
    actor: Actor, record_id: int, code: str, token: str
) -> tuple[Table, Saved, list[str], dict[str, Any]]:
    """Put the preview into the table: every row of it or none.

    Returns the table, what changed, the uids that were added, and the former values by uid (for the undo).
    """
    with work(actor) as unit:
        paste = db.session.get(ReportPaste, token)
        if (
            paste is None
            or paste.record_id != record_id
            or paste.table != code
            or paste.user_id != actor.user_id
        ):
            raise NotFound
        editing = begin(unit, record_id)
        table = table_of(editing.form, code)
        content: Mapping[str, Any] = paste.content
        added: list[str] = []
        before: dict[str, Any] = {}
        rows = {row.uid: row for row in sheets.live(record_id, code)}
        with db.session.no_autoflush:
            for values, uid in zip(content["rows"], content["targets"], strict=True):
                row = rows.get(str(uid)) if uid else None
                if row is None:
                    row = editing.bare(table, editing.end(table))
                    added.append(row.uid)
                else:
                    before[row.uid] = {name: row.cells.get(name) for name in values}
                _write(editing, table, row, values)
        db.session.delete(paste)
        return table, editing.finish(), added, before


def _write(editing: Editing, table: Table, row: ReportRow, values: Mapping[str, Mapping[str, Any]]) -> None:
    """Typed cells as the preview showed them; one mark for the whole row."""
    unit = editing.unit
    kept, notes = dict(row.cells), dict(row.notes)
    for name, said in values.items():
        kept.pop(name, None)
        notes.pop(name, None)
        if "error" in said:
            notes[name] = {"error": said["code"], "raw": said["raw"]}
        elif said["v"] not in (None, "", []):
            kept[name] = said["v"]
            if "warning" in said:
                notes[name] = {"warning": said["code"], "raw": said["raw"]}
    row.cells, row.notes, row.version = kept, notes, row.version + 1
    mark: list[object] = [row.version, unit.actor.user_id, unit.at.isoformat()]
    row.marks = (
        {**row.marks, **{name: mark for name in values}} if row.marks else {name: mark for name in values}
    )
    row.origins = {name: text for name, text in row.origins.items() if name not in values and name != "*"}
    editing.note(table, row)
