"""Sums, shares, counts and years as Russian tables write them. Nothing is rounded or guessed in silence."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from forms.grid import Typed
from forms.reading.cell import Cell, mended, wrong
from forms.reports.model import Column

_CURRENCY: Final = re.compile(r"\s*(?:₽|руб\.?|рублей|р\.)\s*$", re.IGNORECASE)
_EXPONENT: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[EeЕе][+-]?\d+", re.ASCII)
_NUMBER: Final = re.compile(
    r"""(?:
      (?P<plain>\d+)(?:[.,](?P<plain_cents>\d+))?
    | (?P<spaced>\d{1,3}(?:[ ]\d{3})+)(?:[.,](?P<spaced_cents>\d+))?
    | (?P<ticked>\d{1,3}(?:['’]\d{3})+)(?:[.,](?P<ticked_cents>\d+))?
    | (?P<german>\d{1,3}(?:\.\d{3})+),(?P<german_cents>\d+)
    | (?P<english>\d{1,3}(?:,\d{3})+)\.(?P<english_cents>\d+)
    )""",
    re.ASCII | re.VERBOSE,
)
_MINUS: Final = "-−–—‑"
_WHOLE: Final = re.compile(r"\d{1,3}(?: \d{3})+|\d+", re.ASCII)
_YEAR_MARK: Final = re.compile(r"\s*(?:г\.?|год)$")
# Excel keeps fifteen digits; what is longer has been spoilt already.
EXCEL_DIGITS: Final = Decimal(10) ** 15
_MAX_WHOLE_DIGITS: Final = 9
_FIRST_YEAR: Final = 1950


def parsed(text: str) -> Decimal | None:
    """A number written with any spaces, one decimal sign, brackets or a minus for a debt."""
    sign, body = _signed(text)
    found = _NUMBER.fullmatch(body)
    if found is None:
        return None
    for name in ("plain", "spaced", "ticked", "german", "english"):
        whole = found[name]
        if whole is not None:
            digits = "".join(char for char in whole if char.isdigit())
            cents = found[f"{name}_cents"]
            value = Decimal(f"{digits}.{cents}" if cents else digits)
            return -value if sign < 0 else value
    return None


def _signed(text: str) -> tuple[int, str]:
    if text[:1] == "(" and text[-1:] == ")":
        return -1, text[1:-1].strip()
    if text[:1] in _MINUS and len(text) > 1:
        return -1, text[1:].lstrip()
    if text[-1:] in _MINUS and len(text) > 1:
        return -1, text[:-1].rstrip()
    return (1, text[1:]) if text[:1] == "+" else (1, text)


def is_exponent(text: str) -> bool:
    """«7,70123E+09»: the display of a long number, its last digits are gone."""
    return _EXPONENT.fullmatch(text) is not None


def decimal(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """`dec(p,s)`: exact, with all its kopecks."""
    if typed is not None and typed.nature in ("bool", "date"):
        return wrong("not_a_number", text)
    if typed is not None and isinstance(typed.value, Decimal):
        if not typed.value.is_finite():
            return wrong("not_a_number", text)
        return _of_stored(column, typed.value, column.scale or 0, text)
    body = _CURRENCY.sub("", text)
    if body != text and body in tuple(_MINUS):
        # The accounting format of Excel shows nought as a dash before the sign of the rouble.
        return Cell(_plain(Decimal(0), column.scale or 0))
    return _of_text(column, body, column.scale or 0, text)


def percent(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """`pct`: «12 %» is 12, «0,5» is half a percent; a stored fraction shown as percent is multiplied."""
    if typed is not None and typed.nature in ("bool", "date"):
        return wrong("not_a_number", text)
    if typed is not None and isinstance(typed.value, Decimal):
        value = typed.value * 100 if typed.percent else typed.value
        return _of_stored(column, value, 2, text)
    return _of_text(column, text[:-1].rstrip() if text.endswith("%") else text, 2, text)


def _of_text(column: Column, body: str, scale: int, raw: str) -> Cell:
    value = parsed(body)
    if value is None:
        return wrong("digits_lost" if is_exponent(body) else "not_a_number", raw)
    if -int(value.as_tuple().exponent) > scale:
        return wrong("too_many_decimals", raw)
    return _in_bounds(column, value, scale, None, raw)


def _of_stored(column: Column, value: Decimal, scale: int, raw: str) -> Cell:
    """A number of a sheet: the noise of binary fractions goes, true parts of a kopeck are told of."""
    if abs(value) >= EXCEL_DIGITS:
        return wrong("digits_lost", raw)
    step = Decimal(1).scaleb(-scale)
    exact = _exact(value, step)
    if exact is not None:
        return _in_bounds(column, exact, scale, None, raw)
    return _in_bounds(column, value.quantize(step, ROUND_HALF_UP), scale, "rounded", raw)


def _exact(value: Decimal, step: Decimal) -> Decimal | None:
    near = value.quantize(step, ROUND_HALF_UP)
    # Fifteen digits are what Excel shows; further ones are the noise of 0.1 + 0.2.
    if near == value or Decimal(f"{value:.14E}") == near:
        return near
    return None


def _in_bounds(column: Column, value: Decimal, scale: int, warning: str | None, raw: str) -> Cell:
    if column.digits is not None and abs(value) >= Decimal(10) ** (column.digits - scale):
        return wrong("too_many_digits", raw)
    if is_outside(column, value):
        return wrong("out_of_range", raw)
    return Cell(_plain(value, scale), None, warning, raw if warning else "")


def is_outside(column: Column, value: Decimal | int) -> bool:
    """Whether a value breaks the bounds of its field."""
    if column.low is not None and (value < column.low or (column.above and value == column.low)):
        return True
    return column.high is not None and value > column.high


def _plain(value: Decimal, scale: int) -> str:
    fixed = f"{value:.{scale}f}"
    return fixed[1:] if value == 0 and fixed[0] == "-" else fixed


def whole(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """`int`: whole numbers only; «3,0» and «1,000» are not whole enough to be sure."""
    value = _whole(text, typed)
    if value is None:
        return wrong("digits_lost" if is_exponent(text) else "not_an_integer", text)
    if abs(value) >= 10**_MAX_WHOLE_DIGITS:
        return wrong("too_many_digits", text)
    return wrong("out_of_range", text) if is_outside(column, value) else Cell(value)


def _whole(text: str, typed: Typed | None) -> int | None:
    if typed is not None and typed.nature in ("bool", "date"):
        return None
    if typed is not None and isinstance(typed.value, Decimal):
        stored = typed.value
        near = stored.quantize(Decimal(1), ROUND_HALF_UP) if abs(stored) < EXCEL_DIGITS else None
        return int(near) if near is not None and _exact(stored, Decimal(1)) is not None else None
    sign, body = _signed(text) if text else (1, text)
    return sign * int(body.replace(" ", "")) if _WHOLE.fullmatch(body) and len(body) < 40 else None


def year(column: Column, text: str, typed: Typed | None, today: date) -> Cell:
    """`year`: from 1950 to the next one."""
    value = _whole(_YEAR_MARK.sub("", text), typed)
    if value is None:
        return wrong("not_an_integer", text)
    first, last = column.low or _FIRST_YEAR, column.high or today.year + 1
    return Cell(value) if first <= value <= last else wrong("out_of_range", text)


def without_percent(column: Column, cell: Cell, typed: Typed | None) -> Cell:
    """A share from a book without formats may be a fraction that was shown as percent: it is told of."""
    if typed is None or not typed.bare or not isinstance(typed.value, Decimal) or not 0 < typed.value <= 1:
        return cell
    return mended(_plain(typed.value * 100, 2), "guessed", typed.shown)
