"""Days, moments, months. What leaves a doubt between day and month, or lacks a part, is an error."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from forms.grid import Typed
from forms.reading.cell import Cell, wrong
from forms.reports.model import Column

_TIME: Final = r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
_RUSSIAN: Final = re.compile(
    rf"(?P<day>\d{{1,2}})(?P<sep>[.,/-])(?P<month>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}|\d{{2}})(?:\s?г\.?|\s?года)?{_TIME}",
    re.ASCII,
)
_ISO: Final = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_TIME}", re.ASCII)
_WORDY: Final = re.compile(
    rf"(?P<day>\d{{1,2}})\s(?P<name>[а-я]{{3,8}})\.?\s(?P<year>\d{{4}})(?:\s?г\.?|\s?года)?{_TIME}",
    re.IGNORECASE,
)
_INCOMPLETE: Final = re.compile(
    r"""(?: (?P<name>[а-я]{3,8})\.?\s?(?:\d{4}|\d{2})?(?:\s?г\.?|\s?года)?     # ноябрь 2026
        | \d{1,2}\s(?P<day_name>[а-я]{3,8})\.?                               # 5 нояб.
        | (?P<alone>\d{1,2}[.,/]\d{4}|\d{4}[-.]\d{1,2}|\d{1,2}\.\d{1,2})(?:\s?г\.?)?   # 11.2026
        | (?:[IVXivx1-4]{1,3})\s?[-–]?й?\s?кв(?:\.|артал)?\s?\d{4}(?:\s?г\.?|\s?года)?
        | (?P<bare>\d{4})\s?(?:г\.?|год)?
        )""",
    re.VERBOSE | re.IGNORECASE,
)
_SERIAL: Final = re.compile(r"(\d{1,6})(?:[.,](\d+))?", re.ASCII)
_STEMS: Final = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_EPOCH: Final = dt.datetime(1899, 12, 30)
# A bare number is a serial number of a day only between 1950 and 2100: «2026» is a year, «1» is nothing.
_FIRST_SERIAL: Final = 18264
_LAST_SERIAL: Final = 73415
_YEARS: Final = range(1900, 2101)


def _month_of(name: str) -> int | None:
    lowered = name.lower()
    for number, stem in enumerate(_STEMS, start=1):
        if lowered.startswith(stem) and (number != 5 or lowered in ("май", "мая", "мае")):
            return number
    return None


def day(column: Column, text: str, typed: Typed | None, today: dt.date) -> Cell:
    """`date`: the time of day, if there is one, is dropped."""
    found = _moment(text, typed, today)
    return wrong(found, text) if isinstance(found, str) else Cell(found[0].date().isoformat())


def moment(column: Column, text: str, typed: Typed | None, today: dt.date) -> Cell:
    """`datetime`: local time of the СРО, to the minute; a day alone is not a moment."""
    found = _moment(text, typed, today)
    if isinstance(found, str):
        return wrong(found, text)
    when, has_time = found
    if not has_time:
        return wrong("date_incomplete", text)
    return Cell(when.isoformat(timespec="minutes"))


def month(column: Column, text: str, typed: Typed | None, today: dt.date) -> Cell:
    """`month`: «ноябрь 2026», «11.2026», «2026-11», or any day of it."""
    if typed is None or typed.value is None or isinstance(typed.value, str):
        found = re.fullmatch(r"(?P<name>[а-яА-Я]{3,8})\.?\s(?P<year>\d{4})(?:\s?г\.?)?", text)
        number = _month_of(found["name"]) if found else None
        if found and number:
            return _month(int(found["year"]), number, text)
        for pattern in (r"(?P<month>\d{1,2})[./](?P<year>\d{4})", r"(?P<year>\d{4})-(?P<month>\d{1,2})"):
            if plain := re.fullmatch(pattern, text, re.ASCII):
                return _month(int(plain["year"]), int(plain["month"]), text)
    whole = day(column, text, typed, today)
    return whole if whole.error else Cell(str(whole.value)[:7])


def _month(year: int, number: int, raw: str) -> Cell:
    if not 1 <= number <= 12:
        return wrong("no_such_date", raw)
    return Cell(f"{year}-{number:02d}") if year in _YEARS else wrong("out_of_range", raw)


def _moment(text: str, typed: Typed | None, today: dt.date) -> tuple[dt.datetime, bool] | str:
    """The moment and whether its time was told, or the code of what is wrong."""
    if typed is not None and not isinstance(typed.value, str | None):
        return _stored(typed.value)
    for pattern in (_RUSSIAN, _ISO, _WORDY):
        if found := pattern.fullmatch(text):
            return _parts(found, today)
    found = _INCOMPLETE.fullmatch(text)
    if _SERIAL.fullmatch(text) and not (found and found["alone"]):
        return _bare(Decimal(text.replace(",", ".")))
    if found is None:
        return "not_a_date"
    name = found["name"] or found["day_name"]
    return "not_a_date" if name and _month_of(name) is None else "date_incomplete"


def _stored(value: Decimal | bool | dt.date) -> tuple[dt.datetime, bool] | str:
    if isinstance(value, bool):
        return "not_a_date"
    if isinstance(value, dt.datetime):
        # Seconds of a serial number are noise of its fraction.
        near = (
            (value + dt.timedelta(seconds=30)).replace(second=0, microsecond=0)
            if value.second > 58
            else value
        )
        return (near, True) if value.year in _YEARS else "out_of_range"
    if isinstance(value, dt.date):
        if value.year not in _YEARS:
            return "out_of_range"
        return dt.datetime(value.year, value.month, value.day), False
    return _bare(value)


def _bare(value: Decimal) -> tuple[dt.datetime, bool] | str:
    if not value.is_finite() or value < 0:
        return "not_a_date"
    if value == value.to_integral_value() and int(value) in _YEARS:
        return "date_incomplete"
    if not _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return "out_of_range"
    days = int(value)
    minutes = round((value - days) * 1440)
    return _EPOCH + dt.timedelta(days=days, minutes=minutes), value != days


def _parts(found: re.Match[str], today: dt.date) -> tuple[dt.datetime, bool] | str:
    groups = found.groupdict()
    year, number, day_ = _year(groups["year"], today), 0, int(groups["day"])
    if groups.get("name"):
        named = _month_of(groups["name"])
        if named is None:
            return "not_a_date"
        number = named
    else:
        number = int(groups["month"])
    if groups.get("sep") == "/":
        # English Excel puts the month first: only a number above twelve tells which is which.
        if day_ <= 12 < number:
            day_, number = number, day_
        elif day_ <= 12 and number <= 12 and day_ != number:
            return "date_ambiguous"
    if groups.get("sep") in (",", "-") and len(groups["year"]) == 2:
        return "not_a_date"
    has_time = groups["hour"] is not None
    try:
        when = dt.datetime(
            year,
            number,
            day_,
            int(groups["hour"] or 0),
            int(groups["minute"] or 0),
            int(groups["second"] or 0),
        )
    except ValueError:
        return "no_such_date"
    return (when.replace(second=0), has_time) if year in _YEARS else "out_of_range"


def _year(text: str, today: dt.date) -> int:
    """Two digits: this century, unless that is more than ten years ahead (reference 0.5)."""
    if len(text) == 4:
        return int(text)
    near = 2000 + int(text)
    return near if near <= today.year + 10 else near - 100
