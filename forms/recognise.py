"""Typed recognition: what a pasted or imported cell means. One module for the grid, the workbook and the API.

`cell(column, raw)` reads one cell; `table(table, grid)` reads a block: finds its headings, drops what is not
data, types every cell. Pure: no database, no clock when `today` is given, never an exception for an input.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from forms import headings
from forms.grid import MAX_ROWS, Grid, RawCell, Refused, Typed, is_blank
from forms.messages import PAYLOAD_WARNINGS, REFUSALS
from forms.reading import dates, identifiers, marks, numbers
from forms.reading.cell import EMPTY, Cell, cleaned, has_forbidden, lines, mended, one_line, printable, wrong
from forms.reading.marks import References
from forms.reports.model import Column, Layout, Table

_ERRORS: Final = re.compile(
    r"#(?:[A-ZА-ЯЁ_]+(?:/[0AАДЛ])?[!?]|N/A|Н/Д|DIV/0!|ДЕЛ/0!|GETTING_DATA|ОЖИДАНИЕ_ДАННЫХ|SPILL!|ПЕРЕНОС!)"
    r"|(?:Err|Ошибка):\d{3}",
    re.IGNORECASE,
)
_HASHES: Final = re.compile(r"#{2,}")
_MAX_TEXT: Final = 20_000
_MAX_NAME: Final = 500
_MAX_EXPONENT: Final = 40
# A cell of Excel holds 32 767 characters.
_MAX_SOURCE: Final = 40_000
_NO_REFERENCES: Final[References] = MappingProxyType({})
_PROSE: Final = frozenset(("str", "text", "addr", "fio"))

_READERS: Final[Mapping[str, identifiers.Reader]] = MappingProxyType(
    {
        **identifiers.READERS,
        "dec": numbers.decimal,
        "pct": numbers.percent,
        "int": numbers.whole,
        "year": numbers.year,
        "date": dates.day,
        "datetime": dates.moment,
        "month": dates.month,
        "bool": marks.boolean,
        "enum": marks.choice,
        "menum": marks.choices,
    }
)


def cell(
    column: Column, raw: RawCell, *, today: date | None = None, references: References = _NO_REFERENCES
) -> Cell:
    """What one raw cell means in a column: a value, a mended value, or the code of what is wrong."""
    typed = raw if isinstance(raw, Typed) and not _is_absurd(raw) else None
    source = raw.shown if isinstance(raw, Typed) else raw
    if len(source) > _MAX_SOURCE:
        return wrong("too_long", source[:_MAX_NAME])
    text = cleaned(source)
    if not text and (typed is None or typed.value is None) and not (typed and typed.nature in _FAULTS):
        return EMPTY
    fault = _fault(column, text, typed)
    if fault is not None:
        return wrong(fault, source)
    if column.type in _PROSE:
        return _prose(column, text, typed)
    if column.type == "ref":
        return marks.reference(column, text, references)
    if column.type == "list":
        return _list(column, text, references, today)
    read = _READERS[column.type]
    found = read(
        column,
        one_line(text) if "\n" in text and column.type != "menum" else text,
        typed,
        today or date.today(),
    )
    return numbers.without_percent(column, found, typed) if column.type == "pct" else found


def _is_absurd(raw: Typed) -> bool:
    """A stored number that no table holds («1E+999999»): what is shown is judged instead."""
    return isinstance(raw.value, Decimal) and (
        not raw.value.is_finite() or abs(raw.value.adjusted()) > _MAX_EXPONENT
    )


_FAULTS: Final = frozenset(("error", "uncomputed"))


def _fault(column: Column, text: str, typed: Typed | None) -> str | None:
    """What is wrong with a cell whatever its column."""
    if typed is not None and typed.nature == "uncomputed":
        return "formula_no_value"
    if typed is not None and typed.nature == "error":
        return "excel_error"
    if has_forbidden(text):
        return "bad_characters"
    if text[:1] == "#":
        if _HASHES.fullmatch(text):
            return "excel_hashes"
        if _ERRORS.fullmatch(text):
            return "excel_error"
    elif text[:3] in ("Err", "Оши") and _ERRORS.fullmatch(text):
        return "excel_error"
    return "formula_text" if text[:1] == "=" and column.type not in _PROSE else None


def _prose(column: Column, text: str, typed: Typed | None) -> Cell:
    """Words: only spaces are tidied. A number behind them must not have lost its digits."""
    if column.type == "text":
        tidy = lines(text)
        return wrong("too_long", text) if len(tidy) > _MAX_TEXT else Cell(tidy)
    tidy = one_line(text)
    warning = None
    if column.type == "str" and (numbers.is_exponent(tidy) or (typed and isinstance(typed.value, Decimal))):
        found = identifiers.digits_of(tidy, typed)
        if found is None:
            return wrong("digits_lost", text)
        tidy, warning = (found[0], "digits_restored") if found[1] else (tidy, None)
    if typed is not None and typed.nature == "date" and warning is None:
        # «12/1» that Excel took for a day: the day is seen, what was typed is not known.
        warning = "guessed"
    if len(tidy) > (column.length or _MAX_NAME):
        return wrong("too_long", text)
    return mended(tidy, warning, text) if warning else Cell(tidy)


def _list(column: Column, text: str, references: References, today: date | None) -> Cell:
    if column.item == "ref":
        return marks.reference_list(column, text, references)
    one = Column(name=column.name, title=column.title, type=column.item or "str", length=_MAX_NAME)
    found = [cell(one, part, today=today) for part in re.split(r"[;,\n]", text) if part.strip()]
    bad = next((part.error for part in found if part.error), None)
    if bad:
        return wrong(bad, text)
    warning = next((part.warning for part in found if part.warning), None)
    values = [part.value for part in found]
    return mended(values, warning, text) if warning else Cell(values)


@dataclass(frozen=True)
class Recognised:
    """A block as typed rows. `mapping` says which field each column of the source went to."""

    rows: list[dict[str, Cell]] = field(default_factory=list)
    header: bool = False
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: Refused | None = None
    mapping: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    # Titles of the source's columns, for the dialog that maps them.
    sources: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    numbers: tuple[int, ...] = ()
    is_nil: bool = False

    @property
    def faults(self) -> list[tuple[int, str, Cell]]:
        """Every cell that is not taken: index of the row, field, cell."""
        return [(i, name, c) for i, row in enumerate(self.rows) for name, c in row.items() if c.error]

    def as_json(self) -> dict[str, object]:
        """As `forms paste --json` and the API answer."""
        return {
            "header": self.header,
            "fields": list(self.mapping.values()),
            "rows": [{name: one.as_json() for name, one in row.items()} for row in self.rows],
            "ignored": [printable(title) for title in self.ignored],
            "warnings": [{"code": code, "text": PAYLOAD_WARNINGS[code]} for code in self.warnings],
            "error": self.error.as_json() if self.error else None,
        }


def refused(code: str, detail: str = "") -> Refused:
    """A refusal with the sentence of its code."""
    return Refused(code, f"{REFUSALS[code]} {detail}".strip())


def table(
    table: Table,
    grid: Grid,
    mapping: Mapping[int, str | None] | None = None,
    *,
    layout: Layout | None = None,
    start: str | None = None,
    today: date | None = None,
    references: References = _NO_REFERENCES,
) -> Recognised:
    """Read a block into a table.

    `mapping` (column of the source → field) is what the person confirmed; without it headings decide, and
    without headings the columns are fields in order from `start`. `layout` lets a printed form be read back.
    """
    if grid.error is not None:
        return Recognised(error=grid.error)
    filled = [index for index, row in enumerate(grid.rows) if not all(map(is_blank, row))]
    if not filled:
        return Recognised(error=refused("empty"))
    found = headings.find(table, grid, layout=layout)
    plan = headings.plan(table, grid, found, mapping, start)
    return _read(table, grid, found, plan, today, references, is_sheet=False).recognised


@dataclass(frozen=True)
class Below:
    """A table of a sheet and the row its reading ended at."""

    recognised: Recognised
    end: int


def table_under(
    table: Table,
    grid: Grid,
    found: headings.Heading,
    *,
    today: date | None = None,
    references: References = _NO_REFERENCES,
) -> Below:
    """Read the rows under headings already found on a sheet."""
    plan = headings.plan(table, grid, found, None, None)
    return _read(table, grid, found, plan, today, references, is_sheet=True)


def _read(
    table: Table,
    grid: Grid,
    found: headings.Heading | None,
    plan: headings.Plan,
    today: date | None,
    references: References,
    *,
    is_sheet: bool,
) -> Below:
    body = headings.body(grid, found, is_sheet=is_sheet, mapped=plan.fields)
    if len(body.rows) > MAX_ROWS:
        return Below(Recognised(error=refused("too_many_rows", f"Здесь строк: {len(body.rows)}.")), body.end)
    day = today or date.today()
    columns = [(index, table.column(name)) for index, name in plan.fields.items()]
    rows, kept, repeated = [], [], False
    seen: set[tuple[object, ...]] = set()
    for index in body.rows:
        row = _row(columns, grid.rows[index], day, references)
        if all(one.is_empty for one in row.values()):
            continue
        mark = _mark(table, row)
        repeated = repeated or mark in seen
        seen.add(mark)
        rows.append(row)
        kept.append(grid.number_of(index))
    warnings = [*grid.warnings, *plan.warnings, *body.warnings, *(["duplicate_row"] if repeated else [])]
    recognised = Recognised(
        rows,
        found is not None,
        plan.ignored,
        tuple(dict.fromkeys(warnings)),
        None,
        plan.fields,
        plan.sources,
        tuple(kept),
        body.is_nil,
    )
    return Below(recognised, body.end)


def _row(
    columns: list[tuple[int, Column]], raw: list[RawCell], today: date, references: References
) -> dict[str, Cell]:
    width = len(raw)
    return {
        column.name: cell(column, raw[index], today=today, references=references) if index < width else EMPTY
        for index, column in columns
    }


def _mark(table: Table, row: Mapping[str, Cell]) -> tuple[object, ...]:
    """What makes a row the same row: its declared key when it is whole, else everything in it."""
    if table.unique and all(name in row and row[name].value is not None for name in table.unique):
        return tuple(str(row[name].value).casefold() for name in table.unique)
    return tuple((name, one.raw if one.error else str(one.value)) for name, one in row.items())


__all__ = ["MAX_ROWS", "Below", "Cell", "Recognised", "References", "cell", "refused", "table", "table_under"]
