"""A sheet of a workbook while it is read: sparse rows in, a bounded grid out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from forms.grid import MAX_COLUMNS, MAX_ROWS, Grid, RawCell, Span, Typed, is_blank

# Titles, headings, numbers of columns, totals and signatures stand around the rows that a form takes.
READ_ROWS: Final = MAX_ROWS + 200


class Unreadable(Exception):
    """The book cannot be read; `code` is a refusal of `forms.messages`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Sheet:
    """One sheet under its name. Reading stops once more rows are filled than any form takes."""

    name: str
    is_hidden: bool = False
    rows: list[list[RawCell]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    spans: dict[Span, Span] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    has_hidden_rows: bool = False

    @property
    def is_full(self) -> bool:
        """Whether further rows are of no use."""
        return len(self.rows) > READ_ROWS

    def add(self, number: int, cells: dict[int, RawCell], *, is_hidden: bool = False) -> None:
        """A row by its number from one; blank rows are told only by a jump of numbers."""
        filled = {column: raw for column, raw in cells.items() if column < MAX_COLUMNS and not is_blank(raw)}
        if not filled:
            return
        if self.numbers and number > self.numbers[-1] + 1:
            self.rows.append([])
            self.numbers.append(self.numbers[-1] + 1)
        row: list[RawCell] = [""] * (max(filled) + 1)
        for column, raw in filled.items():
            row[column] = raw
        self.rows.append(row)
        self.numbers.append(number)
        self.has_hidden_rows = self.has_hidden_rows or is_hidden

    def grid(self) -> Grid:
        """The sheet as recognition takes it."""
        place = {number: index for index, number in enumerate(self.numbers)}
        spans = dict(self.spans)
        for top, left, bottom, right in self.merged:
            if top in place:
                spans[place[top], left] = (bottom - top + 1, right - left + 1)
        warnings = ("hidden_rows",) if self.has_hidden_rows else ()
        return Grid(rows=self.rows, spans=spans, warnings=warnings, numbers=self.numbers)


def of_number(value: Decimal, *, percent: bool = False, bare: bool = False) -> Typed:
    """A number as a cell: shown as the general format shows it."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return Typed(text.replace(".", ","), value, "number", percent, bare)


def of_moment(value: dt.datetime, *, has_time: bool) -> Typed:
    """A day or a moment as a cell."""
    if has_time:
        return Typed(value.strftime("%d.%m.%Y %H:%M"), value, "date")
    return Typed(value.strftime("%d.%m.%Y"), value.date(), "date")


def of_flag(value: bool) -> Typed:
    """A logical value as a cell."""
    return Typed("да" if value else "нет", value, "bool")
