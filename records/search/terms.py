"""Text to terms: the one analysis that indexing, queries and highlighting share.

Main terms keep their order, so that phrases work. Extra terms (marked, so that they never meet a main term)
answer what a clerk types of a number: its whole, its tail, its last digits, the same without leading zeros.

    5117        main: a run of digits                 n51_17_     a joined number, and each tail of it
    договор     main: a snowball stem                 z123        «000123» without its zeros
    r3714       the digits of «4173» from the end     d20260424   a date, however it is written
    s1518000    «1 518 000» as one number             0югозапад   a hyphenated word as one
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import Stemmer

# Increase when the same text would give other terms: every index made before is then due for a rebuild.
ANALYSIS_VERSION: Final = 1
BREAK: Final = "_"  # stands between texts that a phrase must not join
MAX_PARTS: Final = 8
MOST_LETTERS: Final = 100  # of one term; a longer run of letters is not a word

_SOFT: Final = re.compile(
    "(?:\u00ad|\u0002|\ufffe)[ \t]*(?:\r?\n[ \t]*)?|[\u200b\u200c\u200d\u2060\ufeff\u0000]"
)
_DASHES: Final = {ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2212"}
_FOLD: Final = {**_DASHES, ord("ё"): "е", ord("\u00a0"): " ", ord("\u202f"): " ", ord("\u2009"): " "}
_LOOKALIKE: Final = str.maketrans("acehkmoptxyb", "асенкмортхув")
_LATIN: Final = re.compile("[a-z]")
_CYRILLIC: Final = re.compile("[а-я]")
# Parts joined by one sign; a hyphen at the end of a line joins too.
COMPOUND: Final = re.compile(r"[^\W_]+(?:(?:-[ \t]*\r?\n[ \t]*|[-/.\\])[^\W_]+)*")
_JOINT: Final = re.compile(r"-[ \t]*\r?\n[ \t]*|[-/.\\]")
RUNS: Final = re.compile(r"\d+|[^\W\d_]+")
_BROKEN: Final = re.compile(r"-[ \t]*\r?\n")

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("янв", "фев", "мар", "апр", "мая май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"), start=1
    )
    for name in names.split()
}
_MONTH: Final = (
    r"(янв(?:ар[ьяе])?|фев(?:рал[ьяе])?|март?[ае]?|апр(?:ел[ьяе])?|ма[йя]|июн[ьяе]?|июл[ьяе]?|авг(?:уст[ае]?)?"
    r"|сен(?:тябр[ьяе])?|окт(?:ябр[ьяе])?|ноя(?:бр[ьяе])?|дек(?:абр[ьяе])?)\.?"
)
DATE: Final = re.compile(
    r"(?<![\w.])(?:(?P<d1>\d{1,2})\s?[./-]\s?(?P<m1>\d{1,2})\s?[./-]\s?(?P<y1>(?:19|20)\d\d)"
    r"|(?P<y2>(?:19|20)\d\d)-(?P<m2>\d\d)-(?P<d2>\d\d)"
    rf"|[«\"„“]?(?P<d3>\d{{1,2}})[»\"”“]?(?:-?го)?\s+(?P<m3>{_MONTH})\s+(?P<y3>(?:19|20)\d\d))(?![\d.-]*\d)"
)
GROUPED: Final = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)(?! \d)")


@dataclass(frozen=True)
class Piece:
    """A stretch of text with its terms; `end` and `start` count in the cleaned text."""

    start: int
    end: int
    main: tuple[tuple[str, int, int], ...]  # term, start, end
    extra: tuple[str, ...] = ()


def clean(text: str) -> str:
    """One form of each letter, no invisible hyphens: the text that snippets are cut from."""
    return _SOFT.sub("", unicodedata.normalize("NFC", text))


def fold(cleaned: str) -> str:
    """Lower case, ё as е, one hyphen; as long as the text itself, so that places agree."""
    lowered = cleaned.lower()
    if len(lowered) != len(cleaned):  # «İ» grows when lowered
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in cleaned)
    return lowered.translate(_FOLD)


_stemmer = Stemmer.Stemmer("russian")
_stemmer.maxCacheSize = 0


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The snowball stem of a folded word. Three letters stay: many are abbreviations (ОДО is not «ода»)."""
    return word if len(word) <= 3 else str(_stemmer.stemWord(word))


@lru_cache(maxsize=20_000)
def word_term(word: str) -> str:
    """The main term of a folded word that stands alone."""
    return stem(cyrillic(word, in_number=False))


def cyrillic(part: str, *, in_number: bool) -> str:
    """Latin look-alikes inside a Russian word or a number become Russian: «A19-12345» is «А19-12345»."""
    if not _LATIN.search(part):
        return part
    changed = part.translate(_LOOKALIKE)
    if _CYRILLIC.search(part) or (in_number and not _LATIN.search(changed)):
        return changed
    return part


def pieces(folded: str) -> Iterator[Piece]:
    """The words and numbers of a text, in order."""
    for match in COMPOUND.finditer(folded):
        yield from _pieces(match)


def terms(folded: str) -> tuple[list[str], list[str]]:
    """The main and the extra terms of a text without their places: most words need no Piece made for them."""
    main: list[str] = []
    extra: list[str] = []
    for match in COMPOUND.finditer(folded):
        text = match.group()
        if text.isalpha():
            main.append(word_term(text))
            continue
        for piece in _pieces(match):
            main += [term for term, _start, _end in piece.main]
            extra += piece.extra
    if any(map(str.isdecimal, folded)):
        extra += [term for term, _start, _end in (*dates(folded), *grouped(folded))]
    return main, extra


def _pieces(match: re.Match[str]) -> Iterator[Piece]:
    text = match.group()
    if text.isalpha():
        yield Piece(match.start(), match.end(), ((word_term(text), *match.span()),))
    elif any(map(str.isdecimal, text)):
        yield _number(text, match.start())
    else:
        yield from _words(text, match.start())


def _number(text: str, at: int) -> Piece:
    main = []
    raw = []
    for run in RUNS.finditer(text):
        part = run.group()
        if not part.isdecimal():
            part = cyrillic(part, in_number=True)
        raw.append(part)
        main.append((part if part.isdecimal() else stem(part), at + run.start(), at + run.end()))
    return Piece(at, at + len(text), tuple(main), tuple(number_extras(raw)))


def number_extras(parts: list[str]) -> Iterator[str]:
    """What a number is found by besides its parts."""
    for part in parts:
        if part.isdecimal():
            yield from _digit_extras(part)
    if not 1 < len(parts) <= MAX_PARTS:
        return
    for start in range(len(parts) - 1):
        yield joined(parts[start:])
    bare = [part.lstrip("0") or "0" if len(part) > 2 else part for part in parts]
    if bare != parts:
        yield joined(bare)


def _digit_extras(digits: str) -> Iterator[str]:
    if len(digits) > 2 and digits[0] == "0" and (bare := digits.lstrip("0")):
        yield "z" + bare
    if 5 <= len(digits) <= 40:
        yield "r" + digits[::-1]


def joined(parts: list[str]) -> str:
    """«51-17» → n51_17_; every part is closed, so that 51-1 does not begin 51-17."""
    return "n" + "".join(part + "_" for part in parts)


def _words(text: str, at: int) -> Iterator[Piece]:
    """Words joined by a hyphen («юго-запад»), a dot or a slash («и/или»), or broken at the end of a line."""
    if _BROKEN.search(text):
        whole = cyrillic("".join(_JOINT.split(text)), in_number=False)
        halves = tuple("0" + stem(cyrillic(half, in_number=False)) for half in _JOINT.split(text))
        yield Piece(at, at + len(text), ((stem(whole), at, at + len(text)),), halves)
        return
    main = tuple(
        (stem(cyrillic(run.group(), in_number=False)), at + run.start(), at + run.end())
        for run in RUNS.finditer(text)
    )
    extra = ("0" + stem(cyrillic(text.replace("-", ""), in_number=False)),) if _hyphenated(text) else ()
    yield Piece(at, at + len(text), main, extra)


def _hyphenated(text: str) -> bool:
    return "-" in text and "." not in text and "/" not in text and "\\" not in text


def date_term(match: re.Match[str]) -> str | None:
    """The term of a date found by DATE, or None for «45.13.2026»."""
    found = match.groupdict()
    day = found["d1"] or found["d2"] or found["d3"]
    year = found["y1"] or found["y2"] or found["y3"]
    month = MONTHS[found["m3"][:3]] if found["m3"] else int(found["m1"] or found["m2"])
    if not (1 <= int(day) <= 31 and 1 <= month <= 12):
        return None
    return f"d{year}{month:02d}{int(day):02d}"


def dates(folded: str) -> Iterator[tuple[str, int, int]]:
    """Terms of the dates of a text, with their places."""
    for match in DATE.finditer(folded):
        term = date_term(match)
        if term:
            yield term, match.start(), match.end()


def grouped(folded: str) -> Iterator[tuple[str, int, int]]:
    """«1 518 000» as one number, with its place."""
    for match in GROUPED.finditer(folded):
        yield "s" + match.group().replace(" ", ""), match.start(), match.end()
