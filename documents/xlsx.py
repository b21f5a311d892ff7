"""Excel of any list: types are kept, nothing a user typed can become a formula."""

import io
import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from documents.model import Journal
from documents.printable import Cell, Kind, clean, shown

# Limits of the format; a longer text is cut with a mark, more rows are refused, for a list must be whole.
MAX_ROWS = 1_048_575
MAX_TEXT = 32_767
_MAX_NAME = 31
_EXACT_DIGITS = 15  # Excel keeps numbers as binary fractions
_FIRST_DAY = date(1900, 3, 1)  # before it Excel's calendar has a day that never was
_RISKY = ("=", "+", "-", "@")
_BAD_NAME = re.compile(r"[\[\]:*?/\\']")

_FORMATS: dict[Kind, str] = {
    "integer": "#,##0",
    "number": "#,##0.##",
    "money": "#,##0.00",
    "date": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm:ss",
}
_WIDTHS: dict[Kind, float] = {
    "text": 40,
    "code": 22,
    "integer": 12,
    "number": 16,
    "money": 18,
    "date": 12,
    "moment": 20,
    "flag": 8,
    "hash": 68,
}

Writer = Callable[[int, int, Cell], None]


class TooManyRows(ValueError):
    """A sheet holds 1,048,576 rows; a longer list is asked for in parts."""


def table_workbook(
    title: str, columns: Sequence[tuple[str, Kind]], rows: Iterable[Sequence[Cell]], *, made_at: datetime
) -> bytes:
    """A workbook of one sheet: typed columns, a filter, a bold header on every printed A4 page."""
    import xlsxwriter  # with the first workbook someone asks for, not at the start

    out = io.BytesIO()
    look = {"valign": "top", "text_wrap": True}
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_format_properties": look})
    book.set_properties({"title": clean(title)[:255], "created": _naive(made_at)})
    sheet = book.add_worksheet(sheet_name(title))
    count = _fill(book, sheet, columns, rows)
    _dress(book, sheet, clean(title), columns, count)
    book.close()
    return out.getvalue()


def journal_workbook(journal: Journal) -> bytes:
    """The same journal that is printed, as a workbook."""
    columns = [(column.title, column.kind) for column in journal.columns]
    return table_workbook(journal.title, columns, journal.rows, made_at=journal.made_at)


def sheet_name(title: str) -> str:
    """A name the format allows: 31 signs, none of []:*?/\\ ."""
    return _BAD_NAME.sub(" ", clean(title)).replace("\n", " ").strip()[:_MAX_NAME].strip() or "Лист 1"


def _fill(book: Any, sheet: Any, columns: Sequence[tuple[str, Kind]], rows: Iterable[Sequence[Cell]]) -> int:
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#F0F0F0"})
    for place, (name, _) in enumerate(columns):
        sheet.write_string(0, place, clean(name), head)
    writers = [_writer(book, sheet, kind) for _, kind in columns]
    places = range(len(columns))
    number = 0
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise TooManyRows(f"В списке больше {MAX_ROWS} строк: на лист Excel он не помещается")
        for place, write, value in zip(places, writers, row, strict=True):
            write(number, place, value)
    return number


def _dress(book: Any, sheet: Any, title: str, columns: Sequence[tuple[str, Kind]], count: int) -> None:
    """Widths, frozen header, filter and the print set-up: A4, all columns on the width of a page."""
    for place, (name, kind) in enumerate(columns):
        sheet.set_column(place, place, max(_WIDTHS[kind], min(len(name), 20) + 2))
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    sheet.set_paper(9)
    if len(columns) > 5:
        sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.79, right=0.39, top=0.79, bottom=0.79)
    if title:
        sheet.set_header("&C" + title[:100].replace("&", "&&").replace("\n", " "))
    sheet.set_footer("&RСтраница &P из &N")


def _writer(book: Any, sheet: Any, kind: Kind) -> Writer:
    """How values of a column are written; what does not fit the type is written as text, never lost."""
    texts = _text_writer(book, sheet)
    if kind in ("integer", "number", "money"):
        return _number_writer(sheet, book.add_format({"num_format": _FORMATS[kind]}), texts)
    if kind in ("date", "moment"):
        return _date_writer(sheet, book.add_format({"num_format": _FORMATS[kind]}), texts)
    return texts


def _text_writer(book: Any, sheet: Any) -> Writer:
    """Text stays text: zeros of an ИНН are kept, and «=1+1» stays so even when the cell is edited.

    Excel reads a cell anew when somebody edits it, so what could become a number, a date or a formula has the
    text format. Words cannot, and a format on each of them would cost a fifth of the whole export.
    """
    marked = book.add_format({"num_format": "@"})
    quoted = book.add_format({"num_format": "@", "quote_prefix": True})
    write = sheet.write_string

    def text(row: int, column: int, value: Cell) -> None:
        if type(value) is str and value[:1].isalpha() and value.isprintable() and len(value) < MAX_TEXT:
            write(row, column, value)
            return
        words = clean(value) if isinstance(value, str) else shown(value)
        if not words:
            return
        if len(words) > MAX_TEXT:
            words = words[: MAX_TEXT - 1] + "…"
        write(row, column, words, quoted if words.startswith(_RISKY) else marked)

    return text


def _number_writer(sheet: Any, look: Any, texts: Writer) -> Writer:
    write = sheet.write_number

    def number(row: int, column: int, value: Cell) -> None:
        if value is None or value == "":
            return
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and _is_exact(value):
            write(row, column, value, look)
        else:
            texts(row, column, value)

    return number


def _date_writer(sheet: Any, look: Any, texts: Writer) -> Writer:
    write = sheet.write_datetime

    def day(row: int, column: int, value: Cell) -> None:
        if not isinstance(value, date) or _day(value) < _FIRST_DAY:
            texts(row, column, value)
        elif isinstance(value, datetime):
            write(row, column, value.replace(tzinfo=None), look)
        else:
            write(row, column, datetime.combine(value, time()), look)

    return day


def _is_exact(value: float | Decimal) -> bool:
    """Whether Excel keeps all digits; a longer number would be rounded silently."""
    if isinstance(value, int):
        return len(str(abs(value))) <= _EXACT_DIGITS
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.normalize().as_tuple().digits) <= _EXACT_DIGITS
    return math.isfinite(value)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _naive(moment: datetime) -> datetime:
    stamp = moment.astimezone(UTC) if moment.tzinfo else moment
    return stamp.replace(tzinfo=None, microsecond=0)
