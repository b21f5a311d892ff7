"""Importing a workbook into a form: the file is examined, tables are found by headings, cells are recognised.

Nothing of a file is run, fetched or unpacked to disk; a hostile one is refused before it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from attachments import content as contents
from attachments import formats, zips
from attachments.findings import Refusal
from attachments.inspection import Inspection, inspect
from attachments.limits import MEGABYTE, Limits
from forms import headings, recognise, reports
from forms.books import csvfile, ods, xls, xlsx
from forms.books.sheet import Sheet, Unreadable
from forms.grid import Grid, Refused
from forms.headings import Heading
from forms.messages import PAYLOAD_WARNINGS, REFUSALS
from forms.recognise import Recognised, References, refused
from forms.reports.model import Form, Table

# A form takes two thousand rows: a book that needs more than this is not a book of forms.
LIMITS: Final = Limits(max_bytes=20 * MEGABYTE, max_parts=2_000)
_MAX_MARKUP: Final = 24 * MEGABYTE
_READERS: Final[Mapping[str, Callable[[Path], list[Sheet]]]] = MappingProxyType(
    {
        formats.XLSX: xlsx.read,
        formats.ODS: ods.read,
        formats.XLS: xls.read,
        formats.CSV: csvfile.read,
        formats.TEXT: csvfile.read,
    }
)
_LEAST_MATCHED: Final = 2


@dataclass(frozen=True)
class Imported:
    """What a workbook gives a form: typed rows by table, or a refusal of the whole."""

    tables: Mapping[str, Recognised] = field(default_factory=dict)
    nil: bool = False
    warnings: tuple[str, ...] = ()
    error: Refused | None = None

    def as_json(self) -> dict[str, object]:
        """As `forms import --json` and the API answer."""
        return {
            "tables": {code: found.as_json() for code, found in self.tables.items()},
            "nil": self.nil,
            "warnings": [{"code": code, "text": PAYLOAD_WARNINGS[code]} for code in self.warnings],
            "error": self.error.as_json() if self.error else None,
        }


def read(
    form: Form,
    path: Path,
    name: str | None = None,
    *,
    today: date | None = None,
    references: References = MappingProxyType({}),
) -> Imported:
    """Read a file under the name its sender gave it."""
    if _markup_size(path) > _MAX_MARKUP:
        return Imported(error=refused("expands_too_much"))
    inspected = inspect(path, path.name if name is None else name, limits=LIMITS)
    refusal = _refusal(inspected)
    if refusal is not None:
        return Imported(error=refusal)
    try:
        sheets = _READERS[inspected.type](path)
    except Unreadable as error:
        return Imported(error=refused(error.code))
    return _Import(form, today, references).of(sheets)


def _markup_size(path: Path) -> int:
    """How much markup a packed book declares; nothing for what is no archive: the inspection judges that."""
    try:
        with contents.opened(path) as content, zips.directory(content) as parts:
            return sum(
                part.file_size for part in parts.infolist() if part.filename.endswith((".xml", ".rels"))
            )
    except (zips.BrokenZip, Refusal):
        return 0


def _refusal(inspected: Inspection) -> Refused | None:
    if inspected.is_refused:
        code = inspected.reason or "corrupt"
        return Refused(code, inspected.message_ru or REFUSALS[code])
    for flag in ("encrypted", "corrupt", "macros"):
        if flag in inspected.flags:
            return refused(flag)
    return None if inspected.type in _READERS else refused("format_unsupported")


class _Import:
    """One import: the tables found so far and what is to be said."""

    def __init__(self, form: Form, today: date | None, references: References) -> None:
        self._form, self._today, self._references = form, today, references
        self._tables: dict[str, Recognised] = {}
        self._warnings: list[str] = []
        self._error: Refused | None = None
        self._expected = False

    def of(self, sheets: list[Sheet]) -> Imported:
        if any(sheet.is_hidden for sheet in sheets):
            self._warnings.append("hidden_sheet")
        for sheet in sheets:
            if not sheet.is_hidden and self._error is None:
                self._of_sheet(sheet)
        if self._error is None and not self._tables:
            self._error = self._not_found(sheets)
        if self._error is not None:
            return Imported(error=self._error, warnings=tuple(self._warnings))
        found = [code for table in self._tables.values() for code in table.warnings]
        is_nil = any(table.is_nil for table in self._tables.values())
        return Imported(self._tables, is_nil, tuple(dict.fromkeys([*self._warnings, *found])))

    def _of_sheet(self, sheet: Sheet) -> None:
        """Tables of a sheet one under another, each with headings of its own."""
        grid, begin = sheet.grid(), 0
        while begin < len(grid.rows) and self._error is None:
            found = _best(self._form, grid, begin, sheet.name)
            if found is None:
                return
            table, heading = found
            read_rows = recognise.table_under(
                table, grid, heading, today=self._today, references=self._references
            )
            self._add(table, read_rows.recognised)
            begin = max(read_rows.end, heading.last + 1)

    def _add(self, table: Table, found: Recognised) -> None:
        if found.error is not None:
            self._error = found.error
            return
        earlier = self._tables.get(table.code)
        if earlier is None:
            self._tables[table.code] = found
            return
        self._warnings.append("several_tables")
        rows = [*earlier.rows, *found.rows]
        if len(rows) > recognise.MAX_ROWS:
            self._error = refused("too_many_rows", f"Здесь строк: {len(rows)}.")
        self._tables[table.code] = replace(earlier, rows=rows, numbers=(*earlier.numbers, *found.numbers))

    def _not_found(self, sheets: list[Sheet]) -> Refused:
        visible = [sheet for sheet in sheets if not sheet.is_hidden]
        if not any(sheet.rows for sheet in visible):
            return refused("empty")
        for other in reports.all_forms():
            if other.code == self._form.code:
                continue
            if any(_best(other, sheet.grid(), 0, sheet.name) for sheet in visible):
                return refused("wrong_form", f"Похоже на форму {other.number} «{other.title}».")
        titles = [column.title for column in self._form.row_tables[0].columns if not column.computed][:6]
        return refused("no_table_found", f"Ожидаются заголовки: «{'», «'.join(titles)}» и другие.")


def _best(form: Form, grid: Grid, begin: int, sheet_name: str) -> tuple[Table, Heading] | None:
    """The table whose headings match best; of equals, the one the sheet is named after."""
    best: tuple[tuple[int, bool, int], Table, Heading] | None = None
    name = headings.key(sheet_name)
    for order, table in enumerate(form.row_tables):
        found = headings.find(table, grid, layout=form.layout, start=begin)
        if found is None or found.matched < min(_LEAST_MATCHED, len(table.columns)):
            continue
        rank = (found.matched, bool(name) and name in headings.key(table.title), -order)
        if best is None or rank > best[0]:
            best = (rank, table, found)
    return (best[1], best[2]) if best else None
