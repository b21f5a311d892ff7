"""Workbooks of Excel (ECMA-376), read as a stream: values with their formats, no formula is computed.

Libraries either forget the format of a cell (percent, a day shown as a month) and whether a formula was ever
computed, or take a minute for a large book; the part of the format that a table needs is small.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from lxml import etree

from attachments.zips import READ_ERRORS
from forms.books import stream
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
        self._spent = stream.Spent()

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
        return etree.fromstring(stream.small(self._parts, part), parser)

    # --- what cells refer to -----------------------------------------------------------------------------

    def _string(self, index: int) -> str:
        if self._strings is None:
            self._strings = self._read_strings()
        return self._strings[index] if 0 <= index < len(self._strings) else ""

    def _read_strings(self) -> list[str]:
        part = self._named("/sharedStrings")
        if part is None:
            return []
        reader = _Strings()
        stream.walk(self._parts, part, self._spent, reader.start, reader.end, reader.text)
        return reader.found

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
        reader = _Rows(self, sheet)
        stream.walk(self._parts, part, self._spent, reader.start, reader.end, reader.text)

    def cell(self, told: _Told) -> RawCell:
        """The value of a cell by its kind."""
        text = told.value or ""
        if told.kind == "inlineStr":
            return _unescaped(told.inline)
        if not text and told.is_formula and not (told.kind == "str" and told.value is not None):
            return Typed("", None, "uncomputed")
        if told.kind == "s":
            return self._string(int(text)) if text.isdigit() else ""
        if told.kind == "str":
            return _unescaped(text)
        if told.kind == "b":
            return of_flag(text in ("1", "true"))
        if told.kind == "e":
            return Typed(text, None, "error")
        if told.kind == "d":
            return text
        return self._number(text, told.style) if text else ""

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


@dataclass(slots=True)
class _Told:
    """What a sheet has told of one cell so far; `value` is None until the element of a value is met."""

    kind: str = "n"
    style: str = "0"
    value: str | None = None
    inline: str = ""
    is_formula: bool = False


class _Rows:
    """Turns the elements of a sheet into rows."""

    def __init__(self, book: _Book, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._cells: dict[int, RawCell] = {}
        self._number = self._column = 0
        self._is_hidden = False
        self._told: _Told | None = None
        self._inside = ""
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._column = _column(attributes.get("r"), self._column)
            self._told = _Told(attributes.get("t", "n"), attributes.get("s", "0"))
        elif name == "row":
            declared = attributes.get("r", "")
            self._number = int(declared) if declared.isdigit() else self._number + 1
            self._cells, self._column = {}, 0
            self._is_hidden = attributes.get("hidden") in ("1", "true")
        elif name == "mergeCell":
            _merge(self._sheet, attributes.get("ref", ""))
        elif self._told is not None:
            if name == "v":
                self._told.value = ""
            elif name == "f":
                self._told.is_formula = True
            elif name == "rPh":
                self._phonetic = True
            self._inside = name

    def text(self, data: str) -> None:
        told = self._told
        if told is None:
            return
        if self._inside == "v":
            told.value = (told.value or "") + data
        elif self._inside == "t" and not self._phonetic:
            told.inline += data

    def end(self, name: str) -> None:
        self._inside = ""
        if name == "c" and self._told is not None:
            if self._column < MAX_COLUMNS:
                raw = self._book.cell(self._told)
                if raw != "":
                    self._cells[self._column] = raw
            self._told = None
            self._column += 1
        elif name == "rPh":
            self._phonetic = False
        elif name == "row":
            self._sheet.add(self._number, self._cells, is_hidden=self._is_hidden)
            if self._sheet.is_full:
                raise stream.Enough


@dataclass
class _Strings:
    """The shared strings; hints for reading (rPh) are not part of a string."""

    found: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _size: int = 0
    _inside: bool = False
    _phonetic: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._phonetic = True
        self._inside = name == "t" and not self._phonetic

    def text(self, data: str) -> None:
        if self._inside:
            self._parts.append(data)

    def end(self, name: str) -> None:
        self._inside = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            text = _unescaped("".join(self._parts))
            self._size += len(text)
            if len(self.found) >= _MAX_STRINGS or self._size > _MAX_STRING_CHARS:
                raise Unreadable("expands_too_much")
            self.found.append(text)


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
