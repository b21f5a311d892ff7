"""Yes and no, values of lists, references to rows of other forms, and lists of any of these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from forms.grid import Typed
from forms.reading.cell import Cell, mended, one_line, wrong
from forms.reports.model import Choice, Column
from records.identifier_problem import to_cyrillic

_YES: Final = frozenset(("да", "true", "истина", "yes", "1", "+", "✓", "✔", "☑"))
_NO: Final = frozenset(("нет", "false", "ложь", "no", "0", "-", "−", "–", "☐", "✗", "✘"))
_QUOTES: Final = str.maketrans(
    {"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "‑": "-", "–": "-", "—": "-"}
)
_SEPARATORS: Final = re.compile(r"\s*[;\n]\s*")


def key(text: str) -> str:
    """A word as it is compared: no case, ё=е, one kind of quotes and dashes, single spaces."""
    return one_line(text).casefold().replace("ё", "е").translate(_QUOTES)


def boolean(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """`bool`: there is no third state."""
    if typed is not None and isinstance(typed.value, bool):
        return Cell(typed.value)
    if typed is not None and isinstance(typed.value, Decimal):
        stored = typed.value
        return Cell(stored == 1) if stored in (0, 1) else wrong("not_a_boolean", text)
    word = text.casefold()
    if word in _YES:
        return Cell(True)
    return Cell(False) if word in _NO else wrong("not_a_boolean", text)


@lru_cache(maxsize=512)
def _codes(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    by_code = {key(choice.code): choice.code for choice in choices}
    return by_code | {key(choice.title): choice.code for choice in choices}


def choice(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """`enum`: by title or code; a like word is never put in its place."""
    code, is_mended = _one(column.choices, text)
    if code is None:
        return wrong("not_in_list", text)
    return mended(code, "lookalike_fixed", text) if is_mended else Cell(code)


def _one(choices: tuple[Choice, ...], text: str) -> tuple[str | None, bool]:
    codes = _codes(choices)
    found = codes.get(key(text))
    if found is not None:
        return found, False
    found = codes.get(key(to_cyrillic(text)))
    return found, found is not None


def choices(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """`menum`: several values of a list, one per line or after a semicolon."""
    taken: list[str] = []
    fixed = False
    for part in _SEPARATORS.split(text):
        if not part:
            continue
        code, is_mended = _one(column.choices, part)
        if code is None:
            return wrong("not_in_list", text)
        fixed = fixed or is_mended
        if code not in taken:
            taken.append(code)
    return mended(taken, "lookalike_fixed", text) if fixed else Cell(taken)


References = Mapping[str, Mapping[str, str]]
"""What a reference may point at: target («f2») → key of the title (`marks.key`) → uid of the row."""


def reference(column: Column, text: str, references: References) -> Cell:
    """`ref:fN`: the uid of the row whose title or uid is written; an unknown one is not lost but refused."""
    known = references.get(column.target or "", {})
    found = known.get(key(text)) or (text if text in known.values() else None)
    return Cell(found) if found is not None else wrong("ref_unknown", text)


def reference_list(column: Column, text: str, references: References) -> Cell:
    """`list[ref:fN]`."""
    found = [reference(column, part, references) for part in _SEPARATORS.split(text) if part]
    bad = next((cell for cell in found if cell.error), None)
    return wrong("ref_unknown", text) if bad else Cell([cell.value for cell in found])
