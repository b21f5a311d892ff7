"""Order of Russian words: Ё stands with Е, case and quotes do not count, 2 comes before 10."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]+)")
_IGNORED: Final = str.maketrans("", "", "«»„“\"'()")
_LEGAL_FORM: Final = re.compile(
    r"^(?:ООО|ОАО|ЗАО|ПАО|НАО|АО|ИП|ГУП|МУП|ФГУП|ФГБУ|АНО|НКО|СРО|ПК|СПК|НПО)\b[\s«\"]*", re.IGNORECASE
)

SortKey = tuple[str, str]


def sort_key(text: str) -> SortKey:
    """Key for `sorted`; the text itself comes last, so that the order of equal words is steady."""
    return flat_key(text), text


def flat_key(text: str) -> str:
    """The order as one string, for a column of the database: numbers by length, then by digits."""
    plain = text.translate(_IGNORED).casefold().replace("ё", "е").replace("\u00a0", " ").strip()
    return _DIGITS.sub(lambda run: _by_value(run.group()), plain)


def _by_value(digits: str) -> str:
    bare = digits.lstrip("0") or "0"
    return f"{min(len(bare), 99):02d}{bare}"


def organisation_key(name: str) -> SortKey:
    """Key that looks past «ООО», «АО», «ИП»: a list of members goes by their proper names."""
    return sort_key(_LEGAL_FORM.sub("", name.strip()))
