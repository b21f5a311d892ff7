"""Workbooks of Excel (ECMA-376), read as a stream: values with their formats, no formula is computed.

Libraries either forget the format of a cell (percent, a day shown as a month) and whether a formula was ever
computed, or take a minute for a large book; the part of the format that a table needs is small.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from lxml import etree

from attachments.zips import READ_ERRORS
from forms.books.sheet import Sheet, Unreadable, of_flag, of_moment, of_number
from forms.grid import MAX_COLUMNS, RawCell, Typed

_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_IDS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_TIME_IDS: Final = frozenset((18, 19, 20, 21, 22, 32, 33, 45, 46, 47))
_PERCENT_IDS: Final = frozenset((9, 10))
_EPOCH_1900: Final = dt.datetime(1899, 12, 30)
_EPOCH_1904: Final = dt.datetime(1904, 1, 1)
# 29.02.1900, which never was, is day 60 of Excel: earlier numbers are a day off and mean nothing here.
_FIRST_DAY: Final = 61
_LAST_DAY: Final = 2_958_465
_MAX_STRINGS: Final = 300_000
_MAX_STRING_CHARS: Final = 20_000_000
_MAX_SHEETS: Final = 100


@dataclass(frozen=True)
class _Style:
    is_date: bool = False
    has_time: bool = False
    is_percent: bool = False


def read(path: Path) -> list[Sheet]:
    """The sheets of a book; Unreadable when a part is missing or broken."""
    try:
        with zipfile.ZipFile(path) as parts:
            return _Book(parts).sheets()
    except (*READ_ERRORS, etree.XMLSyntaxError, KeyError) as error:
        raise Unreadable("corrupt") from error


class _Book:
    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._parts = parts
        self._root = self._main_part()
        self._strings: list[str] | None = None
        self._styles: list[_Style] | None = None
        self._epoch = _EPOCH_1900

    def sheets(self) -> list[Sheet]:
        book = self._tree(self._root)
        targets = self._relations(self._root)
        settings = book.find("{*}workbookPr")
        if settings is not None and settings.get("date1904") in ("1", "true"):
            self._epoch = _EPOCH_1904
        found = []
        for entry in book.findall("{*}sheets/{*}sheet")[:_MAX_SHEETS]:
            kind, target = targets[entry.get(_RELATION) or entry.get(_STRICT_RELATION) or ""]
            if not kind.endswith("/worksheet"):
                continue
            sheet = Sheet(entry.get("name") or "", entry.get("state") in ("hidden", "veryHidden"))
            if not sheet.is_hidden:
                self._fill(sheet, target)
            found.append(sheet)
        return found

    def _main_part(self) -> str:
        for kind, target in self._relations("").values():
            if kind.endswith("/officeDocument"):
                return target
        raise Unreadable("corrupt")

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        tree = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for entry in tree.findall("{*}Relationship"):
            if entry.get("TargetMode") == "External":
                continue
            target = entry.get("Target") or ""
            joined = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[entry.get("Id") or ""] = (entry.get("Type") or "", joined)
        return found

    def _tree(self, part: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        with self._parts.open(part) as stream:
            return etree.parse(stream, parser).getroot()

    def _events(self, part: str, tags: tuple[str, ...]) -> Iterator[Any]:
        with self._parts.open(part) as stream:
            yield from etree.iterparse(
                stream, events=("start", "end"), tag=tags, resolve_entities=False, no_network=True
            )

    # --- what cells refer to -----------------------------------------------------------------------------

    def _string(self, index: int) -> str:
        if self._strings is None:
            self._strings = self._read_strings()
        return self._strings[index] if 0 <= index < len(self._strings) else ""

    def _read_strings(self) -> list[str]:
        part = self._named("/sharedStrings")
        found: list[str] = []
        size = 0
        if part is None:
            return found
        for event, item in self._events(part, ("{*}si",)):
            if event == "start":
                continue
            text = _rich(item)
            size += len(text)
            if len(found) >= _MAX_STRINGS or size > _MAX_STRING_CHARS:
                raise Unreadable("expands_too_much")
            found.append(text)
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]
        return found

    def _style(self, index: int) -> _Style:
        if self._styles is None:
            self._styles = self._read_styles()
        return self._styles[index] if 0 <= index < len(self._styles) else _Style()

    def _read_styles(self) -> list[_Style]:
        part = self._named("/styles")
        if part is None:
            return []
        tree = self._tree(part)
        codes = {
            int(entry.get("numFmtId") or 0): entry.get("formatCode") or ""
            for entry in tree.findall("{*}numFmts/{*}numFmt")
        }
        return [
            _style_of(int(entry.get("numFmtId") or 0), codes) for entry in tree.findall("{*}cellXfs/{*}xf")
        ]

    def _named(self, ending: str) -> str | None:
        for kind, target in self._relations(self._root).values():
            if kind.endswith(ending):
                return target
        return None

    # --- cells -------------------------------------------------------------------------------------------

    def _fill(self, sheet: Sheet, part: str) -> None:
        cells: dict[int, RawCell] = {}
        number = column = 0
        for event, item in self._events(part, ("{*}row", "{*}c", "{*}mergeCell")):
            name = item.tag.rpartition("}")[2]
            if event == "start":
                if name == "row":
                    declared = item.get("r") or ""
                    number = int(declared) if declared.isdigit() else number + 1
                    cells, column = {}, 0
                continue
            if name == "c":
                column = _column(item.get("r"), column)
                if column < MAX_COLUMNS:
                    raw = self._cell(item)
                    if raw != "":
                        cells[column] = raw
                column += 1
                item.clear()
            elif name == "row":
                sheet.add(number, cells, is_hidden=item.get("hidden") in ("1", "true"))
                item.clear()
                while item.getprevious() is not None:
                    del item.getparent()[0]
                if sheet.is_full:
                    return
            else:
                _merge(sheet, item.get("ref") or "")

    def _cell(self, item: Any) -> RawCell:
        kind = item.get("t") or "n"
        if kind == "inlineStr":
            inline = item.find("{*}is")
            return _rich(inline) if inline is not None else ""
        value = item.find("{*}v")
        text = (value.text or "") if value is not None else ""
        if not text and item.find("{*}f") is not None and not (kind == "str" and value is not None):
            return Typed("", None, "uncomputed")
        if kind == "s":
            return self._string(int(text)) if text.isdigit() else ""
        if kind == "str":
            return _unescaped(text)
        if kind == "b":
            return of_flag(text in ("1", "true"))
        if kind == "e":
            return Typed(text, None, "error")
        if kind == "d":
            return text
        return self._number(text, item.get("s") or "0") if text else ""

    def _number(self, text: str, style_index: str) -> RawCell:
        try:
            value = Decimal(repr(float(text))) if len(text) > 15 or "E" in text.upper() else Decimal(text)
        except (InvalidOperation, ValueError):
            return text
        if not value.is_finite():
            return text
        style = self._style(int(style_index) if style_index.isdigit() else 0)
        if style.is_date:
            return self._date(value, style)
        return of_number(value, percent=style.is_percent)

    def _date(self, value: Decimal, style: _Style) -> RawCell:
        first = _FIRST_DAY if self._epoch == _EPOCH_1900 else 0
        if not first <= value <= _LAST_DAY:
            return of_number(value)
        days = int(value)
        moment = self._epoch + dt.timedelta(days=days, seconds=round((value - days) * 86400))
        return of_moment(moment, has_time=style.has_time or value != days)


def _style_of(number_format: int, codes: dict[int, str]) -> _Style:
    code = codes.get(number_format)
    if code is None:
        is_date = number_format in _DATE_IDS
        return _Style(is_date, number_format in _TIME_IDS, number_format in _PERCENT_IDS)
    plain = _QUOTED.sub("", code).lower()
    is_date = plain not in ("general", "standard") and any(sign in plain for sign in "dmyhs")
    return _Style(is_date, is_date and "h" in plain, not is_date and "%" in plain)


def _rich(item: Any) -> str:
    """Text of a string with its differently painted parts; hints for reading (rPh) are not part of it."""
    parts = []
    for node in item.iter("{*}t"):
        if node.getparent().tag.rpartition("}")[2] != "rPh" and node.text:
            parts.append(node.text)
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _column(address: str | None, following: int) -> int:
    found = _ADDRESS.fullmatch(address or "")
    if found is None:
        return following
    index = 0
    for letter in found[1]:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _merge(sheet: Sheet, reference: str) -> None:
    first, _, last = reference.partition(":")
    begin, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last)
    if begin and end and len(sheet.merged) < 5_000:
        sheet.merged.append((int(begin[2]), _column(first, 0), int(end[2]), _column(last, 0)))
