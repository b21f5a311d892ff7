"""Working days and the counting of terms (ГК РФ ст. 190–194, ТК РФ ст. 95, 112).

The source of truth is our own table, not a library: an update of a library must not silently move
a term that has been told to a member. The staff add a year when the government has published it.
"""

from __future__ import annotations

import calendar as gregorian
import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parent / "data" / "calendar-ru.json"
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_LAST_NEW_YEAR_HOLIDAY: Final = (1, 8)


@dataclass(frozen=True)
class DayOverride:
    """A day that differs from «Monday to Friday and fixed holidays», with the act that says so."""

    day: date
    is_working: bool
    reason: str = ""
    act: str = ""


@dataclass(frozen=True)
class _Year:
    """Working days of one year in order, for binary search."""

    working: tuple[date, ...]

    def upto(self, day: date) -> int:
        """How many working days have passed, the day itself included."""
        return bisect_right(self.working, day)

    def before(self, day: date) -> int:
        return bisect_left(self.working, day)


@dataclass(frozen=True)
class WorkingCalendar:
    """Production calendar of the five-day week; every question costs a search in a list of 250 days."""

    holidays: frozenset[tuple[int, int]]
    overrides: Mapping[date, bool]
    confirmed_years: frozenset[int]
    worked_for: Mapping[date, date] = field(default_factory=dict)
    acts: Mapping[int, str] = field(default_factory=dict)
    _years: dict[int, _Year] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def load(*, decree_days: bool = False) -> WorkingCalendar:
        """The calendar shipped with the program.

        `decree_days` makes the «non-working days with pay» of 2020 and 2021 days off. By the Labour
        Code they are not, so by default terms run through them.
        """
        return _shipped(decree_days)

    def with_overrides(
        self, overrides: Iterable[DayOverride], confirmed: Iterable[int] = ()
    ) -> WorkingCalendar:
        """A calendar with days the staff have entered; they win over the shipped ones."""
        entered = list(overrides)
        acts = {entry.day.year: entry.act for entry in entered if entry.act}
        return WorkingCalendar(
            holidays=self.holidays,
            overrides={**self.overrides, **{entry.day: entry.is_working for entry in entered}},
            confirmed_years=self.confirmed_years | frozenset(confirmed),
            worked_for=self.worked_for,
            acts={**self.acts, **acts},
        )

    # --- days -------------------------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        """Whether the office works on the day."""
        year = self._year(day.year)
        return year.upto(day) > year.before(day)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday by ст. 112 ТК РФ, whatever the weekday."""
        return (day.month, day.day) in self.holidays

    def is_short(self, day: date) -> bool:
        """Whether the working day is an hour shorter: the eve of a holiday (ТК РФ ст. 95).

        A working Saturday has the length of the day it replaces (приказ Минздравсоцразвития № 588н).
        """
        if not self.is_working(day):
            return False
        return self.is_holiday(self.worked_for.get(day, day) + _DAY) or self.is_holiday(day + _DAY)

    def confirmed(self, year: int) -> bool:
        """Whether the transfers of the year are published; if not, terms in it are «предварительно»."""
        return year in self.confirmed_years

    def preliminary(self, start: date, end: date) -> bool:
        """Whether a term between two days runs through a year that is not confirmed."""
        first, last = sorted((start, end))
        return any(not self.confirmed(year) for year in range(first.year, last.year + 1))

    def version(self, year: int) -> str:
        """Mark of the year's content, kept beside a term to tell by which calendar it was counted."""
        days = ",".join(day.isoformat() for day in self._year(year).working)
        return f"{year}:{hashlib.sha256(days.encode()).hexdigest()[:12]}"

    def working_days_of(self, year: int) -> tuple[date, ...]:
        """All working days of a year in order."""
        return self._year(year).working

    # --- working days -----------------------------------------------------------------------------

    def next_working_day(self, day: date) -> date:
        """The day itself if the office works, otherwise the nearest next working day (ГК РФ ст. 193)."""
        return self._shifted(day.year, self._year(day.year).before(day))

    def previous_working_day(self, day: date) -> date:
        """The day itself if the office works, otherwise the nearest working day before it."""
        return self._shifted(day.year, self._year(day.year).upto(day) - 1)

    def add_working_days(self, event: date, count: int) -> date:
        """Last day of a term in working days; the day of the event does not count (ГК РФ ст. 191).

        A term of nought days ends on the day of the event, or on the next working day.
        """
        if count < 0:
            raise ValueError("срок не бывает отрицательным: для срока «до события» есть sub_working_days")
        if count == 0:
            return self.next_working_day(event)
        return self._shifted(event.year, self._year(event.year).upto(event) + count - 1)

    def sub_working_days(self, event: date, count: int) -> date:
        """«Не позднее чем за N рабочих дней до»: counted back, the day of the event does not count."""
        if count < 0:
            raise ValueError("срок до события не бывает отрицательным")
        if count == 0:
            return self.previous_working_day(event)
        return self._shifted(event.year, self._year(event.year).before(event) - count)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to `end` inclusive; below zero when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        whole = sum(len(self._year(year).working) for year in range(start.year, end.year))
        return whole - self._year(start.year).upto(start) + self._year(end.year).upto(end)

    # --- calendar days, months, years -------------------------------------------------------------

    def add_calendar_days(self, event: date, count: int, *, roll: bool = True) -> date:
        """Last day of a term in calendar days; a day off yields to the next working one (ГК РФ ст. 193)."""
        if count < 0:
            raise ValueError("срок не бывает отрицательным: для срока «до события» есть sub_calendar_days")
        return self._rolled(event + count * _DAY, roll)

    def sub_calendar_days(self, event: date, count: int, *, roll: bool = True) -> date:
        """«Не позднее чем за N дней до»; a day off yields to the working one *before*, for the notified."""
        if count < 0:
            raise ValueError("срок до события не бывает отрицательным")
        last = event - count * _DAY
        return self.previous_working_day(last) if roll else last

    def add_months(self, event: date, count: int, *, roll: bool = True) -> date:
        """The same number of a later month, or its last day when there is none (ГК РФ п. 3 ст. 192)."""
        if count < 0:
            raise ValueError("срок не бывает отрицательным")
        months = event.year * 12 + event.month - 1 + count
        year, month = divmod(months, 12)
        last = gregorian.monthrange(year, month + 1)[1]
        return self._rolled(date(year, month + 1, min(event.day, last)), roll)

    def add_years(self, event: date, count: int, *, roll: bool = True) -> date:
        """The same day of a later year; 29 February falls on the 28th (ГК РФ п. 1 ст. 192)."""
        return self.add_months(event, count * 12, roll=roll)

    def _rolled(self, day: date, roll: bool) -> date:
        return self.next_working_day(day) if roll else day

    # --- receipt ----------------------------------------------------------------------------------

    def legal_receipt_date(
        self, received_at: datetime, zone: tzinfo, *, closes_at: time | None = None
    ) -> date:
        """Day on which what came at a moment counts as received, by the organisation's clock.

        Through the cabinet the whole day counts, until 24:00 (ГК РФ п. 1, 2 ст. 194). Where a paper is
        brought to the office, pass its closing time: later means the next working day. What came on
        a day off is received on the next working day.
        """
        if received_at.tzinfo is None:
            raise ValueError("момент поступления должен иметь часовой пояс")
        local = received_at.astimezone(zone)
        if closes_at is not None and local.time() >= closes_at:
            return self.next_working_day(local.date() + _DAY)
        return self.next_working_day(local.date())

    # --- inside -----------------------------------------------------------------------------------

    def _year(self, year: int) -> _Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _Year(tuple(self._work_of(year)))
        return known

    def _work_of(self, year: int) -> Iterable[date]:
        moved = frozenset() if self.confirmed(year) or self._is_published(year) else self._moved_days(year)
        day = date(year, 1, 1)
        while day.year == year:
            if self._works(day, moved):
                yield day
            if day == date.max:
                break
            day += _DAY

    def _is_published(self, year: int) -> bool:
        """A draft of the year is at hand: its transfers are taken from it, not guessed."""
        return any(day.year == year for day in self.overrides)

    def _works(self, day: date, moved: frozenset[date]) -> bool:
        told = self.overrides.get(day)
        if told is not None:
            return told
        return self._plain(day) and day not in moved

    def _plain(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

    def _moved_days(self, year: int) -> frozenset[date]:
        """Days off that a year without an act will surely have (ТК РФ ст. 112 ч. 2).

        A holiday on Saturday or Sunday moves to the next working day. The days of 1–8 January are
        moved by the government alone, so nothing is guessed about them.
        """
        moved: set[date] = set()
        for month, number in sorted(self.holidays):
            holiday = date(year, month, number)
            if (month, number) <= _LAST_NEW_YEAR_HOLIDAY or holiday.weekday() < _SATURDAY:
                continue
            while not self._plain(holiday) or holiday in moved:
                holiday += _DAY
            moved.add(holiday)
        return frozenset(moved)

    def _shifted(self, year: int, index: int) -> date:
        """Working day by its number within a year; numbers outside run on into the years beside."""
        while index < 0:
            year -= 1
            index += len(self._year(year).working)
        while index >= len(self._year(year).working):
            index -= len(self._year(year).working)
            year += 1
        return self._year(year).working[index]


@lru_cache(maxsize=2)
def _shipped(decree_days: bool) -> WorkingCalendar:
    table = json.loads(_TABLE.read_text("utf-8"))
    overrides: dict[date, bool] = {}
    worked_for: dict[date, date] = {}
    for year, entry in table["years"].items():
        overrides |= {_day(year, text): False for text in entry["off"]}
        overrides |= {_day(year, text): True for text in entry["work"]}
        worked_for |= {_day(year, day): _day(year, other) for day, other in entry["worked_for"].items()}
    if decree_days:
        for year, entry in table["decree_days"].items():
            overrides |= {_day(year, text): False for text in entry["days"]}
    return WorkingCalendar(
        holidays=frozenset(_month_and_day(text) for text in table["fixed_holidays"]),
        overrides=overrides,
        confirmed_years=frozenset(int(year) for year, entry in table["years"].items() if entry["confirmed"]),
        worked_for=worked_for,
        acts={int(year): entry["act"] for year, entry in table["years"].items()},
    )


def _month_and_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def _day(year: str, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")
