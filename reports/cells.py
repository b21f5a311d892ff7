"""One cell between the page and the row: what is typed becomes a value, or a fault that keeps what was
typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from forms import recognise
from forms.grid import RawCell
from forms.messages import cell_text
from forms.reading.cell import Cell
from forms.reading.marks import References
from forms.reports.model import Column, Table

from .model import ReportRow


def read(column: Column, raw: object, today: date, references: References) -> Cell:
    """A value as JSON carries it: text as typed, a number, a truth, a list of codes, nothing."""
    return recognise.cell(column, plain(raw), today=today, references=references)


def plain(raw: object) -> RawCell:
    """What came in JSON as the text a person would have typed."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "да" if raw else "нет"
    if isinstance(raw, list):
        return "; ".join(str(item) for item in raw)
    return str(raw)


def put(row: ReportRow, name: str, cell: Cell) -> bool:
    """Set a cell of a row; says whether anything changed. Dictionaries are given anew, never changed in
    place."""
    before, noted = row.cells.get(name), row.notes.get(name)
    value = None if cell.error else cell.value
    note = _note(cell)
    if before == value and noted == note and (value is not None or name not in row.cells):
        return False
    kept = {key: one for key, one in row.cells.items() if key != name}
    notes = {key: one for key, one in row.notes.items() if key != name}
    if value not in (None, "", []):
        kept[name] = value
    if note is not None:
        notes[name] = note
    row.cells, row.notes = kept, notes
    return True


def _note(cell: Cell) -> dict[str, str] | None:
    if cell.error:
        return {"error": cell.error, "raw": cell.raw}
    return {"warning": cell.warning, "raw": cell.raw} if cell.warning else None


def shown(table: Table, row: ReportRow) -> dict[str, dict[str, object]]:
    """The cells of a row as the page reads them: {v, raw?, error?, warning?, source?}."""
    origins = row.origins or {}
    found: dict[str, dict[str, object]] = {}
    for name in table.by_name:
        value, note = row.cells.get(name), row.notes.get(name)
        if value is None and note is None:
            continue
        one: dict[str, object] = {"v": value}
        if note is not None:
            one["raw"] = note.get("raw", "")
            fault = "error" if "error" in note else "warning"
            one[fault] = cell_text(note[fault])
        if source := origins.get(name) or origins.get("*"):
            one["source"] = source
        found[name] = one
    return found


def judge(table: Table, row: ReportRow) -> tuple[int, int]:
    """How many required cells are empty, and how many could not be read; a wrong cell is not also an empty
    one."""
    wrong = sum("error" in note for note in row.notes.values())
    lacking = sum(
        column.required and column.name not in row.cells and "error" not in row.notes.get(column.name, {})
        for column in table.columns
    )
    return lacking, wrong


def as_typed(cell: Cell) -> Mapping[str, Any]:
    """A recognised cell as a preview shows it."""
    one: dict[str, Any] = {"v": cell.value}
    if cell.error:
        one |= {"error": cell.text, "code": cell.error, "raw": cell.raw}
    elif cell.warning:
        one |= {"warning": cell.text, "code": cell.warning, "raw": cell.raw}
    return one
