"""Workbooks of LibreOffice (OpenDocument 1.2, part 1, chapter 9): values stand beside their display."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from lxml import etree

from attachments.zips import READ_ERRORS
from forms.books.sheet import Sheet, Unreadable, of_flag, of_moment
from forms.grid import MAX_COLUMNS, RawCell, Typed

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_NUMBERS: Final = frozenset(("float", "currency", "percentage"))
_MAX_SPACES: Final = 100


def read(path: Path) -> list[Sheet]:
    """The sheets of a book; Unreadable when its content is missing or broken."""
    try:
        with zipfile.ZipFile(path) as parts, parts.open("content.xml") as stream:
            return list(_sheets(stream))
    except (*READ_ERRORS, etree.XMLSyntaxError, KeyError) as error:
        raise Unreadable("corrupt") from error


def _sheets(stream: Any) -> Iterator[Sheet]:
    hidden_styles: set[str] = set()
    sheet: Sheet | None = None
    number = 0
    tags = (f"{_STYLE}style", f"{_TABLE}table", f"{_TABLE}table-row")
    events = etree.iterparse(
        stream, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True
    )
    for event, item in events:
        name = item.tag.rpartition("}")[2]
        if name == "style":
            shown = item.find(f"{_STYLE}table-properties")
            if event == "end" and shown is not None and shown.get(f"{_TABLE}display") == "false":
                hidden_styles.add(item.get(f"{_STYLE}name") or "")
        elif name == "table" and event == "start":
            sheet = Sheet(item.get(f"{_TABLE}name") or "", item.get(f"{_TABLE}style-name") in hidden_styles)
            number = 0
        elif name == "table" and sheet is not None:
            yield sheet
            sheet = None
        elif event == "end" and sheet is not None:
            number = _add(sheet, item, number)
            item.clear()


def _add(sheet: Sheet, row: Any, number: int) -> int:
    """One declared row, which may stand for many; returns the number of the last."""
    times = _repeated(row, "number-rows-repeated", 1_048_576)
    if sheet.is_hidden or sheet.is_full:
        return number + times
    cells: dict[int, RawCell] = {}
    column = 0
    for item in row.iterchildren(*_CELLS):
        count = _repeated(item, "number-columns-repeated", 16_384)
        raw = _cell(item)
        across, down = (
            _repeated(item, "number-columns-spanned", 256),
            _repeated(item, "number-rows-spanned", 256),
        )
        if across > 1 or down > 1:
            sheet.merged.append((number + 1, column, number + down, column + across - 1))
        if raw != "":
            for step in range(min(count, MAX_COLUMNS - column)):
                cells[column + step] = raw
        column += count
        if column >= MAX_COLUMNS:
            break
    is_hidden = row.get(f"{_TABLE}visibility") in ("collapse", "filter")
    for step in range(times if cells else 0):
        if sheet.is_full:
            break
        sheet.add(number + step + 1, cells, is_hidden=is_hidden)
    return number + times


def _repeated(item: Any, name: str, limit: int) -> int:
    text = item.get(f"{_TABLE}{name}") or "1"
    return min(max(int(text), 1), limit) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _cell(item: Any) -> RawCell:
    kind = item.get(f"{_OFFICE}value-type")
    shown = "\n".join(_paragraph(node) for node in item.iterchildren(f"{_TEXT}p"))
    if shown.startswith(("#", "Err:", "Ошибка:")):
        return Typed(shown, None, "error")
    if kind in _NUMBERS:
        return _number(item.get(f"{_OFFICE}value") or "", shown, percent=kind == "percentage")
    if kind == "date":
        return _date(item.get(f"{_OFFICE}date-value") or "", shown)
    if kind == "boolean":
        return of_flag(item.get(f"{_OFFICE}boolean-value") == "true")
    if kind is None and item.get(f"{_TABLE}formula"):
        return Typed("", None, "uncomputed")
    return item.get(f"{_OFFICE}string-value") or shown


def _number(stored: str, shown: str, *, percent: bool) -> RawCell:
    try:
        value = Decimal(repr(float(stored)))
    except (InvalidOperation, ValueError):
        return shown
    return Typed(shown, value, "number", percent) if value.is_finite() else shown


def _date(stored: str, shown: str) -> RawCell:
    try:
        moment = dt.datetime.fromisoformat(stored)
    except ValueError:
        return shown
    return of_moment(moment.replace(tzinfo=None), has_time="T" in stored)


def _paragraph(node: Any) -> str:
    """Text with its spaces, tabs and line breaks, which OpenDocument writes as elements."""
    parts = []
    for event, item in etree.iterwalk(node, events=("start", "end")):
        if event == "end":
            if item is not node and item.tail:
                parts.append(item.tail)
            continue
        name = item.tag.rpartition("}")[2] if isinstance(item.tag, str) else ""
        if name == "s":
            count = item.get(f"{_TEXT}c") or "1"
            parts.append(" " * (min(int(count), _MAX_SPACES) if count.isdigit() else 1))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        if item.text:
            parts.append(item.text)
    return "".join(parts)
