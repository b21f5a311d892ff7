"""The clipboard of Excel, LibreOffice, Google Sheets, Word and browsers: TSV or HTML → a grid of raw cells.

Nothing of the markup is run or fetched: only the text of cells and the values that the programs write beside
it (`data-sheets-value`, `sdval`, `x:num`) are read.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from lxml import etree, html

from attachments import charset
from forms.grid import MAX_COLUMNS, Grid, RawCell, Refused, Span, Stored, Typed
from forms.messages import REFUSALS

_MARKUP: Final = re.compile(
    r"\s*(?:<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta[\s>]|<table[\s>]|<google-sheets|<style[\s>]"
    r"|<!--\s*StartFragment|Version:\d\.\d\s+StartHTML)",
    re.IGNORECASE,
)
_SKIPPED: Final = frozenset(("script", "style", "head", "title", "template", "noscript", "comment", "select"))
_BLOCKS: Final = frozenset(("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr"))
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_SHOWN_ERROR: Final = re.compile(r"#|Err:|Ошибка:", re.IGNORECASE)
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_PERCENT_FORMAT: Final = re.compile(r"%|percent", re.IGNORECASE)
# More rows than any form takes are not built: the limit and the sentence are those of recognition.
_BUILT_ROWS: Final = 20_000


def decoded(data: bytes) -> str | None:
    """Text of a payload that came as bytes; None when no encoding makes sense of it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return charset.decode(data)
        except (UnicodeDecodeError, LookupError, ValueError):
            return None


def read(payload: str | bytes, *, is_html: bool | None = None) -> Grid:
    """A clipboard payload as a grid; what it is, is seen from its beginning when the browser did not say."""
    text = decoded(payload) if isinstance(payload, bytes) else payload
    if text is None:
        return _refused("bad_encoding")
    text = text.removeprefix("\ufeff")
    if is_html is None:
        is_html = _MARKUP.match(text) is not None
    return _of_html(text) if is_html else Grid(rows=split(text))


def _refused(code: str) -> Grid:
    return Grid(error=Refused(code, REFUSALS[code]))


# --- text/plain ---------------------------------------------------------------------------------------------


def split(text: str) -> list[list[RawCell]]:
    """Cells of text/plain.

    Excel and Sheets quote a cell only for a line break or a tab inside, and leave `"Строй" ООО` as it is: a
    field is quoted only when its closing quote ends the cell and there is a break or a tab within.
    """
    if '"' not in text:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if lines and not lines[-1]:
            lines.pop()
        return [list(line.split("\t")) for line in lines]
    rows: list[list[RawCell]] = [[]]
    at, size = 0, len(text)
    while at < size:
        field, at = _field(text, at)
        rows[-1].append(field)
        if at >= size:
            break
        if text[at] == "\t":
            at += 1
            if at == size:
                rows[-1].append("")
            continue
        at += 2 if text.startswith("\r\n", at) else 1
        if at < size:
            rows.append([])
    return rows


_END: Final = re.compile(r"[\t\r\n]")
_LONGEST_QUOTED: Final = 100_000


def _field(text: str, at: int) -> tuple[str, int]:
    if text[at] == '"':
        quoted = _quoted(text, at)
        if quoted is not None:
            return quoted
    found = _END.search(text, at)
    end = found.start() if found else len(text)
    return text[at:end], end


def _quoted(text: str, at: int) -> tuple[str, int] | None:
    """The content of a quoted field and where it ends; None when the quote belongs to the text."""
    look, limit = at + 1, min(len(text), at + _LONGEST_QUOTED)
    while (close := text.find('"', look, limit)) >= 0:
        if text.startswith('"', close + 1):
            look = close + 2
            continue
        if close + 1 < len(text) and text[close + 1] not in "\t\r\n":
            return None
        inner = text[at + 1 : close]
        return (inner.replace('""', '"'), close + 1) if _END.search(inner) else None
    return None


# --- text/html ----------------------------------------------------------------------------------------------


def _of_html(text: str) -> Grid:
    tree = _parsed(text)
    if tree is None:
        return _refused("empty")
    tables = [t for t in tree.iter("table") if next(t.iterancestors("table"), None) is None]
    grids = [grid for grid in map(_grid, tables) if grid.error or _has_text(grid)]
    if len(grids) > 1:
        return _refused("several_tables")
    if grids:
        return grids[0]
    if tables:
        return _refused("empty")
    return _single(tree)


def _parsed(text: str) -> Any:
    safe = re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(safe.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        # lxml says so of a document without a single element: there is nothing in it to read.
        return None


def _single(tree: Any) -> Grid:
    """Google Sheets puts one cell as a <span>; other markup without a table is text, not cells."""
    for span in tree.iter("span"):
        if span.get("data-sheets-root") or span.get("data-sheets-value"):
            return Grid(rows=[[_cell(span)]])
    body = tree.find("body")
    words = _text_of(body if body is not None else tree)
    return _refused("not_a_table" if words.strip() else "empty")


def _has_text(grid: Grid) -> bool:
    return any(raw if isinstance(raw, str) else raw.shown for row in grid.rows for raw in row)


def _grid(table: Any) -> Grid:
    """Rows of a table; a merged cell has its value in its first place, the others are blank."""
    rows: list[list[RawCell]] = []
    spans: dict[Span, Span] = {}
    covered: dict[int, int] = {}
    hidden = False
    for tr in table.iter("tr"):
        if next(tr.iterancestors("table"), None) is not table:
            continue
        if len(rows) >= _BUILT_ROWS:
            return _refused("too_many_rows")
        hidden = hidden or _HIDDEN.search(tr.get("style") or "") is not None
        row: list[RawCell] = []
        rows.append(row)
        _skip_covered(row, covered)
        for td in tr:
            if not isinstance(td.tag, str) or td.tag not in ("td", "th"):
                continue
            across, down = _span(td, "colspan"), _span(td, "rowspan")
            if len(row) + across > MAX_COLUMNS:
                return _refused("too_many_columns")
            if across > 1 or down > 1:
                spans[len(rows) - 1, len(row)] = (down, across)
            for step in range(across):
                if down > 1:
                    covered[len(row)] = down - 1
                row.append(_cell(td) if step == 0 else "")
            _skip_covered(row, covered)
    return Grid(rows=rows, spans=spans, warnings=("hidden_rows",) if hidden else ())


def _skip_covered(row: list[RawCell], covered: dict[int, int]) -> None:
    while covered.get(len(row), 0) > 0 and len(row) < MAX_COLUMNS:
        covered[len(row)] -= 1
        row.append("")


def _span(td: Any, name: str) -> int:
    text = td.get(name) or "1"
    return min(max(int(text), 1), 10_000) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _cell(td: Any) -> RawCell:
    shown = _text_of(td)
    if td.get("data-sheets-value"):
        return _of_sheets(td.get("data-sheets-value"), shown, td.get("data-sheets-numberformat") or "")
    if td.get("sdval") is not None:
        return _of_number(td.get("sdval").replace(",", "."), shown, td.get("sdnum") or "")
    for name in ("x:num", "num"):
        if td.get(name):
            return _of_number(td.get(name), shown, "")
    return shown


def _of_sheets(stored: str, shown: str, shown_as: str) -> RawCell:
    """Google Sheets: {"1":2,"2":text}, {"1":3,"3":number}, {"1":4,"4":0|1}."""
    try:
        data = json.loads(stored, parse_float=Decimal, parse_int=Decimal)
        nature, value = str(data["1"]), data[str(data["1"])]
    except (ValueError, KeyError, TypeError, RecursionError):
        return shown
    if _SHOWN_ERROR.match(shown):
        return shown
    if nature == "4" and isinstance(value, Decimal):
        return Typed(shown, value == 1, "bool")
    if nature == "3" and isinstance(value, Decimal):
        return Typed(shown, value, "number", _is_percent(shown, shown_as))
    if nature == "2" and isinstance(value, str):
        return Typed(value, value, "text")
    return shown


def _of_number(stored: str, shown: str, shown_as: str) -> RawCell:
    """LibreOffice and old Excel: the number beside its display. Beside an error it says nought, and lies."""
    if _SHOWN_ERROR.match(shown):
        return shown
    try:
        value: Stored = Decimal(stored)
    except InvalidOperation:
        return shown
    if isinstance(value, Decimal) and not value.is_finite():
        return shown
    if "BOOLEAN" in shown_as.upper() and value in (0, 1):
        return Typed(shown, value == 1, "bool")
    return Typed(shown, value, "number", _is_percent(shown, shown_as))


def _is_percent(shown: str, shown_as: str) -> bool:
    return shown.rstrip().endswith("%") or _PERCENT_FORMAT.search(shown_as) is not None


def _text_of(element: Any) -> str:
    """The text a person sees: runs of blanks of the source are one space, <br> and blocks are line breaks."""
    parts: list[str] = []
    _collect(element, parts)
    lines = [_BLANKS.sub(" ", line).strip(" ") for line in "".join(parts).split("\v")]
    text = "\n".join(lines)
    return (
        re.sub(r"\n{2,}", "\n", text).strip("\n") if "\n\n" in text or text[:1] == "\n" else text.rstrip("\n")
    )


def _collect(element: Any, parts: list[str]) -> None:
    """Text in the order of the document, without recursion: markup may be nested as deep as it likes."""
    skip_depth = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if tag in _SKIPPED:
                skip_depth += 1
            if skip_depth:
                continue
            if tag == "br" or (tag in _BLOCKS and node is not element):
                parts.append("\v")
            if node.text:
                parts.append(node.text.replace("\v", " "))
        else:
            if tag in _SKIPPED:
                skip_depth -= 1
            elif tag in _BLOCKS and node is not element and not skip_depth:
                parts.append("\v")
            if node is not element and node.tail and not skip_depth:
                parts.append(node.tail.replace("\v", " "))
