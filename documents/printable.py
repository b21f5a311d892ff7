"""What may stand on paper: cleaned text and the Russian look of every kind of value."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from language.dates import short_date
from language.grammar import NBSP
from language.numbers import number
from language.zones import zone_label

Cell = str | int | float | Decimal | date | datetime | bool | None
Kind = Literal["text", "code", "integer", "number", "money", "date", "moment", "flag", "hash"]

RIGHT_ALIGNED: frozenset[Kind] = frozenset({"integer", "number", "money"})
CENTRED: frozenset[Kind] = frozenset({"date", "moment", "flag"})

# XML 1.0 forbids most control characters, so a docx that holds one does not open. The overrides of the
# writing direction are dropped as well: they let a file name show itself as another one on paper.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    r"\ud800-\udfff\ufffe\uffff]"
)
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_LONG_RUN = re.compile(r"[^\s\u200b]{19,}")
SOFT_BREAK = "\u200b"  # where an endless word may be broken; never left in what a reader copies
_ENDLESS = 40
_PIECE = re.compile(r"[^\W_]{1,8}[\W_]?|[\W_]")


def clean(text: str) -> str:
    """The text without characters that break a file or deceive the reader."""
    if text.isprintable():
        return text
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def breakable(text: str) -> str:
    """The text in which an endless word (a file name, an address) may be broken, so that nothing is cut."""
    if not _LONG_RUN.search(text):
        return text
    return _LONG_RUN.sub(_in_pieces, text)


def _in_pieces(run: re.Match[str]) -> str:
    """A Russian word is left to the hyphenation; anything else is marked every few signs."""
    word = run.group()
    bare = word.strip('«»„“"().,;:!?').replace("-", "")
    if bare.isalpha() and len(word) < _ENDLESS:
        return word
    return SOFT_BREAK.join(_PIECE.findall(word))


def shown(value: Cell, kind: Kind = "text") -> str:
    """The value as a person reads it: 20.11.2026, 1 234,56, да; an empty field is an empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, int | float | Decimal):
        return _number(value, kind)
    return clean(value)


def _number(value: float | Decimal, kind: Kind) -> str:
    """Money always shows its kopecks; what is not a number (a spreadsheet's NaN) is an empty field."""
    exact = Decimal(str(value))
    if not exact.is_finite():
        return ""
    return number(exact, 2 if kind == "money" else None)


def _moment(value: datetime) -> str:
    """Date and time to the second with the zone's label; the caller has put the moment into that zone."""
    text = f"{short_date(value.date())} {value:%H:%M:%S}"
    if value.tzinfo is None:
        return text
    return f"{text}{NBSP}({zone_label(value.tzinfo)})"
