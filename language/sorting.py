"""Order of Russian words: Ё stands with Е, case and quotes do not count, 2 comes before 10."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]+)")
_IGNORED: Final = str.maketrans("", "", "«»„“\"'()")
_LEGAL_FORM: Final = re.compile(
    r"^(?:ООО|ОАО|ЗАО|ПАО|НАО|АО|ИП|ГУП|МУП|ФГУП|ФГБУ|АНО|НКО|СРО|ПК|СПК|НПО)\b[\s«\"]*", re.IGNORECASE
)

SortKey = tuple[tuple[tuple[int, int, str], ...], str]


def sort_key(text: str) -> SortKey:
    """Key for `sorted`; the text itself comes last, so that the order of equal words is steady."""
    plain = text.translate(_IGNORED).casefold().replace("ё", "е").replace("\u00a0", " ").strip()
    parts = tuple(_part(piece) for piece in _DIGITS.split(plain) if piece)
    return parts, text


def _part(piece: str) -> tuple[int, int, str]:
    """Numbers by value and before letters."""
    return (0, int(piece), "") if piece.isdecimal() else (1, 0, piece)


def organisation_key(name: str) -> SortKey:
    """Key that looks past «ООО», «АО», «ИП»: a list of members goes by their proper names."""
    return sort_key(_LEGAL_FORM.sub("", name.strip()))


def flat_key(text: str) -> str:
    """The same order as one string, for a column of the database: numbers padded to twelve digits."""
    parts, _ = sort_key(text)
    return "".join(f"{value:012d}" if rank == 0 else word for rank, value, word in parts)
