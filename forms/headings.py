"""Where the headings of a block are, which field each column is, and which rows are data.

A row is a heading when at least half of its filled cells are titles of fields (reference 0.5). Titles are
compared without case, ё, line breaks, stars and colons. The two-storey heading of the printed form is known
by its layout; a heading of two rows made by hand, by titles joined from both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from forms.grid import Grid, RawCell, Typed, is_blank, shown
from forms.reading.cell import cleaned, one_line
from forms.reports.model import Layout, Table

_SEARCHED_ROWS: Final = 14
_EDGES: Final = re.compile(r"^[\s*:.;]+|[\s*:.;]+$")
_TOTAL: Final = re.compile(
    r"(?:итого|всего|total)(?:\s*[:.]?|\s+(?:по|за|на)\s.{0,60}|\s+\S{1,12})", re.IGNORECASE
)
_NIL: Final = re.compile(r"в отч[её]тном периоде (?:сведений|событий) (?:нет|не было)", re.IGNORECASE)
_SIGNATURES: Final = re.compile(
    r"\((?:должность|подпись|расшифровка[^)]*)\)|м\.\s?п\.?|исполнитель:.*|дата:.*|примечани[ея]\b.*",
    re.IGNORECASE,
)
_SPARSE: Final = 2
_LONGEST_TITLE: Final = 400


def key(text: str) -> str:
    """A title as it is compared."""
    return _EDGES.sub("", one_line(cleaned(text))).casefold().replace("ё", "е").replace(" ,", ",")


def _words(raw: RawCell) -> str:
    """The beginning of a cell: no title and no mark of a total is longer."""
    return one_line(cleaned(shown(raw)[:_LONGEST_TITLE]))


@dataclass(frozen=True)
class Heading:
    """Headings found: rows `first` to `last`, the field (or None) and the title of each column."""

    first: int
    last: int
    fields: Mapping[int, str | None]
    titles: Mapping[int, str]
    matched: int
    is_printed: bool = False


def find(table: Table, grid: Grid, *, layout: Layout | None = None, start: int = 0) -> Heading | None:
    """The best heading among the first rows, or None when the block has none."""
    names = {key(column.title): column.name for column in table.columns}
    best: Heading | None = None
    last = min(len(grid.rows), start + _SEARCHED_ROWS)
    for index in range(start, last):
        for candidate in _candidates(table, grid, index, names, layout):
            if best is None or candidate.matched > best.matched:
                best = candidate
        if best is not None and index > best.last + 1:
            break
    return best


def _candidates(
    table: Table, grid: Grid, index: int, names: Mapping[str, str], layout: Layout | None
) -> list[Heading]:
    row = grid.rows[index]
    single = {column: _words(raw) for column, raw in enumerate(row) if not is_blank(raw)}
    if not single or any(isinstance(raw, Typed) and raw.nature in ("number", "date") for raw in row[:40]):
        return []
    found = [_heading(index, index, single, names)]
    if index + 1 < len(grid.rows):
        joined = _two_storeys(grid, index)
        if joined is not None:
            found.append(_heading(index, index + 1, joined, names))
            if layout is not None:
                printed = _printed(table, layout)
                found.append(_heading(index, index + 1, joined, printed, is_printed=True))
    return [one for one in found if one is not None]


def _heading(
    first: int,
    last: int,
    titles: Mapping[int, str],
    names: Mapping[str, str | None],
    *,
    is_printed: bool = False,
) -> Heading | None:
    fields: dict[int, str | None] = {}
    matched = 0
    for column, title in titles.items():
        options = [key(title), *(key(part) for part in title.split("\n"))] if "\n" in title else [key(title)]
        hit = next((option for option in options if option in names), None)
        matched += hit is not None
        fields[column] = names[hit] if hit is not None else None
    if matched == 0 or matched * 2 < len(titles):
        return None
    flat = {column: title.replace("\n", " ") for column, title in titles.items()}
    return Heading(first, last, fields, flat, matched, is_printed)


def _two_storeys(grid: Grid, index: int) -> dict[int, str] | None:
    """Titles joined from two rows: a group reaches over the columns it is merged over, or the blank ones."""
    upper, lower = grid.rows[index], grid.rows[index + 1]
    if all(map(is_blank, lower)) or any(isinstance(raw, Typed) and raw.nature != "text" for raw in lower):
        return None
    joined: dict[int, str] = {}
    group, reach = "", -1
    for column in range(max(len(upper), len(lower))):
        above = _text(upper, column)
        below = _text(lower, column)
        span = grid.spans.get((index, column))
        if above:
            group, reach = above, column + (span[1] - 1 if span else 0)
            if below and span is None:
                reach = max(len(upper), len(lower))
        elif column > reach or not below:
            group = ""
        if above and below:
            joined[column] = f"{above} {below}\n{below}"
        elif below:
            joined[column] = f"{group} {below}\n{below}" if group else below
        elif above:
            joined[column] = above
    return joined


def _text(row: Sequence[RawCell], column: int) -> str:
    return _words(row[column]) if column < len(row) else ""


def _printed(table: Table, layout: Layout) -> dict[str, str | None]:
    """Headings of the printed page; a column that joins several fields gives none of them back."""
    return {
        key(column.heading): column.field if column.field in table.by_name else None
        for column in layout.columns
        if column.heading
    }


@dataclass(frozen=True)
class Plan:
    """Which field every column of the source goes to."""

    fields: Mapping[int, str]
    ignored: tuple[str, ...]
    warnings: tuple[str, ...]
    sources: Mapping[int, str]


def plan(
    table: Table,
    grid: Grid,
    found: Heading | None,
    mapping: Mapping[int, str | None] | None,
    start: str | None,
) -> Plan:
    """Columns by the person's choice, else by headings, else in order from `start`."""
    titles = found.titles if found else {}
    if mapping is not None:
        chosen = {
            index: name for index, name in sorted(mapping.items()) if name and not table.column(name).computed
        }
        ignored = tuple(title for index, title in titles.items() if index not in chosen)
        return Plan(MappingProxyType(chosen), ignored, (), MappingProxyType(dict(titles)))
    return _by_headings(table, found) if found else _in_order(table, grid, start)


def _by_headings(table: Table, found: Heading) -> Plan:
    fields: dict[int, str] = {}
    ignored: list[str] = []
    warnings: list[str] = []
    for index, title in found.titles.items():
        name = found.fields[index]
        if name is not None and name in fields.values():
            warnings.append("duplicate_heading")
            ignored.append(title)
        elif name is None or table.column(name).computed:
            ignored.append(title)
        else:
            fields[index] = name
    return Plan(
        MappingProxyType(fields), tuple(ignored), tuple(warnings), MappingProxyType(dict(found.titles))
    )


def _in_order(table: Table, grid: Grid, start: str | None) -> Plan:
    names = [column.name for column in table.columns]
    begin = names.index(start) if start else 0
    width = max(
        (index + 1 for row in grid.rows for index, raw in enumerate(row) if not is_blank(raw)), default=0
    )
    taken = names[begin : begin + width]
    fields = {index: name for index, name in enumerate(taken) if not table.column(name).computed}
    warnings = ("extra_columns",) if width > len(taken) else ()
    return Plan(MappingProxyType(fields), (), warnings, MappingProxyType({}))


@dataclass(frozen=True)
class Body:
    """The rows that are data."""

    rows: list[int]
    warnings: tuple[str, ...] = ()
    is_nil: bool = False
    # The first row that is not looked at any more.
    end: int = 0


def body(grid: Grid, found: Heading | None, *, is_sheet: bool, mapped: Mapping[int, str]) -> Body:
    """Rows below the headings without column numbers, totals, and in a sheet without notes and signatures."""
    begin = found.last + 1 if found else 0
    rows: list[int] = []
    warnings: list[str] = []
    had_total = gap = False
    for index in range(begin, len(grid.rows)):
        row = grid.rows[index]
        if all(map(is_blank, row)):
            gap = bool(rows) or had_total
            continue
        if found and not rows and _is_numbering(row):
            continue
        if found and _NIL.search(_first(row)):
            return Body([], tuple(warnings), True, index + 1)
        if _is_total(row, mapped):
            warnings.append("total_row")
            had_total, gap = True, False
            continue
        if is_sheet and (_is_signature(row) or (gap and (had_total or _is_note(row, mapped)))):
            return Body(rows, tuple(warnings), end=index)
        if gap and is_sheet:
            warnings.append("rows_after_gap")
        gap = False
        rows.append(index)
    return Body(rows, tuple(warnings), end=len(grid.rows))


def _first(row: Sequence[RawCell]) -> str:
    return next((_words(raw) for raw in row if not is_blank(raw)), "")


def _is_numbering(row: Sequence[RawCell]) -> bool:
    """«1 2 3 …» under the headings: numbers of columns, not data."""
    texts = [shown(raw).strip() for raw in row if not is_blank(raw)]
    if len(texts) < _SPARSE:
        return False
    begin = texts[0]
    return begin in ("0", "1") and texts == [str(int(begin) + step) for step in range(len(texts))]


def _is_total(row: Sequence[RawCell], mapped: Mapping[int, str]) -> bool:
    """«ИТОГО» and sums: the first words say so, and nothing but numbers follows."""
    filled = [raw for raw in row if not is_blank(raw)]
    if not filled or not _TOTAL.fullmatch(_words(filled[0])):
        return False
    return all(
        (isinstance(raw, Typed) and raw.nature != "text") or not re.search(r"[^\W\d_]{3,}", shown(raw))
        for raw in filled[1:]
    )


def _is_signature(row: Sequence[RawCell]) -> bool:
    return any(_SIGNATURES.fullmatch(_words(raw)) for raw in row if not is_blank(raw))


def _is_note(row: Sequence[RawCell], mapped: Mapping[int, str]) -> bool:
    """After a gap, a row with fewer than two (or than half of the) filled columns is somebody's remark."""
    filled = sum(1 for index in mapped if index < len(row) and not is_blank(row[index]))
    return filled < min(_SPARSE, len(mapped)) or filled * 3 < len(mapped)
