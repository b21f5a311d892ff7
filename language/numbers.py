"""Numbers as a Russian reader expects them: «1 234,56», «−5», «12,5 %», «1,4 МБ»."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from language.grammar import NBSP

MINUS: Final = "\u2212"
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
_PLAIN: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_BYTE_UNITS: Final = ("байт", "КБ", "МБ", "ГБ", "ТБ")


def rounded(value: int | Decimal, places: int) -> Decimal:
    """Round half away from zero, as accountants do (Python's own rounding is to even)."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: int | Decimal, places: int | None = None) -> str:
    """Group thousands by a blank that does not break and part the fraction by a comma."""
    amount = Decimal(value) if places is None else rounded(value, places)
    digits = f"{abs(amount):,f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{digits}" if amount < 0 else digits


def percent(value: int | Decimal, places: int | None = None) -> str:
    """«66,67 %»: the sign is parted by a blank (ГОСТ 8.417-2002, 8.4)."""
    return f"{number(value, places)}{NBSP}%"


def share(part: int | Decimal, whole: int | Decimal, places: int = 2) -> str:
    """Part of the whole in percent; of nothing it is «0 %», not an error, for an empty table is shown too."""
    if whole == 0:
        return percent(0)
    return percent(Decimal(part) * 100 / Decimal(whole), places)


def parse_number(text: str) -> Decimal:
    """Read what `number` writes and what people type: «1 234,56», «1234.5», «−5»."""
    plain = _SPACES.sub("", text).replace(MINUS, "-")
    if not _PLAIN.fullmatch(plain):
        raise ValueError(f"«{text}» — не число")
    return Decimal(plain.replace(",", "."))


def file_size(size: int) -> str:
    """Size of a file by 1024: «512 байт», «1,4 МБ»."""
    amount, unit = Decimal(size), 0
    while amount >= 1024 and unit < len(_BYTE_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    places = 0 if unit == 0 or amount >= 100 or amount == int(amount) else 1
    return f"{number(amount, places)}{NBSP}{_BYTE_UNITS[unit]}"
