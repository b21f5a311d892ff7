"""The passage of a record that answers the query, cut from the original and marked.

Stems are beginnings of words, so one compiled expression finds candidates in a long text at the speed of C;
only the candidates are analysed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from records.search.port import IndexDoc
from records.search.terms import clean, dates, fold, grouped, pieces
from records.search.tree import Node, Word, positive

WIDTH: Final = 240
LEAD: Final = 60
_MOST_MARKS: Final = 300
_MOST_CHARACTERS: Final = 3_000_000
_LATIN_OF: Final = {"а": "aа", "с": "cс", "е": "eе", "н": "hн", "к": "kк", "м": "mм", "о": "oо", "р": "pр"}
_LATIN_OF.update({"т": "tт", "х": "xх", "у": "yу", "в": "bв"})
_DATE_OR_SUM: Final = re.compile(r"d\d{8}|s\d+")
_HALVES: Final = re.compile(r"(?<=[^\W\d_])-[ \t]*\r?\n[ \t]*(?=[а-яё])")
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Snippet:
    """Escaped HTML with <mark>; the file it comes from, or None for the card."""

    html: str
    file_id: int | None = None
    file_name: str | None = None


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    term: str


class Marker:
    """Finds the words of one query in any number of texts."""

    def __init__(self, query: Node) -> None:
        groups: dict[str, str] = {}
        prefixes: dict[str, str] = {}
        for number, leaf in enumerate(positive(query)):
            if isinstance(leaf, Word):
                groups.update(dict.fromkeys(leaf.terms, str(number)))
                prefixes.update(dict.fromkeys(leaf.prefixes, str(number)))
            else:
                for place, slot in enumerate(leaf.slots):
                    for term in slot:
                        groups.setdefault(term, f"{number}.{place}")
        self._terms = groups
        self._prefixes = prefixes
        self._pattern = _pattern([*groups, *prefixes])
        self.group_count = len({*groups.values(), *prefixes.values()})
        self._has_dates = any(re.fullmatch(r"d\d{8}", term) for term in groups)
        self._has_sums = any(re.fullmatch(r"s\d+", term) for term in groups)

    def marks(self, folded: str) -> list[_Mark]:
        """Places of the query's words, in order."""
        found: list[_Mark] = []
        if self._has_dates:
            found += [_Mark(s, e, t) for t, s, e in dates(folded) if t in self._terms]
        if self._has_sums:
            found += [_Mark(s, e, t) for t, s, e in grouped(folded) if t in self._terms]
        if self._pattern:
            end = 0
            for match in self._pattern.finditer(folded):
                if match.start() < end:
                    continue
                word = folded[match.start() : match.end()]
                end = match.end()
                found += self._in_word(word, match.start())
                if len(found) >= _MOST_MARKS:
                    break
        return _apart(found)

    def _in_word(self, word: str, at: int) -> Iterable[_Mark]:
        for piece in pieces(word):
            whole = next((g for g in map(self._group, piece.extra) if g), None)
            if whole:
                yield _Mark(at + piece.start, at + piece.end, whole)
                continue
            for term, start, end in piece.main:
                group = self._group(term)
                if group:
                    yield _Mark(at + start, at + end, group)

    def _group(self, term: str) -> str | None:
        found = self._terms.get(term)
        if found is not None:
            return found
        return next((group for prefix, group in self._prefixes.items() if term.startswith(prefix)), None)


def _pattern(terms: Iterable[str]) -> re.Pattern[str] | None:
    """A word or number that may hold one of the terms, to its end."""
    starts = {start for start in map(_start, terms) if start}
    if not starts:
        return None
    body = "|".join(sorted(starts, key=lambda start: (-len(start), start)))
    return re.compile(rf"(?:{body})[^\W_]*(?:(?:-[ \t]*\r?\n[ \t]*|[-/.\\])[^\W_]+)*")


def _start(term: str) -> str:
    """How a term looks in a text: a number begins after anything but a digit, a word but a letter."""
    if _DATE_OR_SUM.fullmatch(term):
        return ""
    if term[0] == "z" and term[1:].isdecimal():
        return r"(?<!\d)0+" + term[1:]
    if term[0] == "r" and term[1:].isdecimal():
        return r"(?<!\d)\d*" + term[:0:-1]
    if term[0] == "n" and "_" in term:
        parts = term[1:].strip("_").split("_")
        return _boundary(parts[0]) + r"[-/.\\]?".join(map(_number_part, parts))
    word = term.removeprefix("0") if not term.isdecimal() else term
    return _boundary(word) + _spelling(word) if word else ""


def _boundary(word: str) -> str:
    return r"(?<!\d)" if word[0].isdecimal() else r"(?<![^\W\d_])"


def _number_part(part: str) -> str:
    return "0*" + part if part.isdecimal() else _spelling(part)


def _spelling(term: str) -> str:
    return "".join(f"[{_LATIN_OF[c]}]" if c in _LATIN_OF else re.escape(c) for c in term)


def _apart(marks: list[_Mark]) -> list[_Mark]:
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    found: list[_Mark] = []
    for mark in marks:
        if not found or mark.start >= found[-1].end:
            found.append(mark)
    return found


def snippet(doc: IndexDoc, marker: Marker, *, staff: bool = False) -> Snippet:
    """The best passage of the card or of a file; without a hit there, the beginning of the card."""
    best: tuple[int, Snippet] = (0, Snippet(""))
    card = [doc.body, *([doc.internal] if staff else [])]
    sources: list[tuple[str, int | None, str | None]] = [(text, None, None) for text in card if text]
    sources += [(file.text or "", file.id, file.name) for file in doc.files]
    for text, file_id, name in sources:
        score, html = passage(text, marker)
        if score > best[0]:
            best = (score, Snippet(html, file_id, name))
        if score >= marker.group_count:
            break
    if best[0]:
        return best[1]
    for file in doc.files:
        if marker.marks(fold(clean(file.name))):
            return Snippet(passage(file.text, marker)[1], file.id, file.name)
    return Snippet(passage(next((text for text, *_ in sources if text.strip()), doc.organisation), marker)[1])


def passage(text: str, marker: Marker, width: int = WIDTH) -> tuple[int, str]:
    """How many different words of the query the best window holds, and the window itself."""
    cleaned = _HALVES.sub("", clean(text[:_MOST_CHARACTERS]))
    marks = marker.marks(fold(cleaned))
    score, first = _best_window(marks, width - LEAD)
    start = marks[first].start if marks else 0
    begin = _word_start(cleaned, start - LEAD)
    end = _word_end(cleaned, begin + width)
    return score, _render(cleaned, begin, end, marks)


def _best_window(marks: Sequence[_Mark], width: int) -> tuple[int, int]:
    best, where = 0, 0
    for i, mark in enumerate(marks):
        inside = {m.term for m in marks[i : i + 40] if m.end <= mark.start + width}
        if len(inside) > best:
            best, where = len(inside), i
    return (best or bool(marks)), where


def _word_start(text: str, place: int) -> int:
    if place <= 0:
        return 0
    space = text.find(" ", place, place + 30)
    return space + 1 if space >= 0 else place


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - 30, place)
    return space if space >= 0 else place


def _render(text: str, begin: int, end: int, marks: Iterable[_Mark]) -> str:
    out = ["… " if begin else ""]
    place = begin
    for mark in marks:
        if mark.start < place or mark.end > end:
            continue
        out += [
            _escaped(text[place : mark.start]),
            "<mark>",
            _escaped(text[mark.start : mark.end]),
            "</mark>",
        ]
        place = mark.end
    out += [_escaped(text[place:end]), " …" if end < len(text) else ""]
    return "".join(out).strip()


def _escaped(text: str) -> str:
    return escape(_SPACES.sub(" ", text))


def marked(text: str, marker: Marker) -> str:
    """A short text whole, escaped and marked: the title of a hit."""
    cleaned = clean(text)
    return _render(cleaned, 0, len(cleaned), marker.marks(fold(cleaned)))
