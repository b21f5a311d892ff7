"""Terms: how long, from what, by whom, and whether they are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from workflows.calendar import WorkingCalendar

_TABLE: Final = Path(__file__).parent / "data" / "deadlines.json"
DUE_SOON_WORKING_DAYS: Final = 3


class Unit(StrEnum):
    """What a term is measured in; the value is the owner's own abbreviation."""

    WORKING_DAYS = "рд"
    WORKING_DAYS_BEFORE = "рд до"
    CALENDAR_DAYS = "кд"
    CALENDAR_DAYS_BEFORE = "кд до"
    MONTHS = "мес"
    DATE = "дата"
    ELSEWHERE = "иной документ"

    @property
    def forms(self) -> tuple[str, str, str]:
        """Forms of the noun beside a number: «3 рабочих дня»."""
        return _FORMS[self]


_WORKING: Final = ("рабочий день", "рабочих дня", "рабочих дней")
_CALENDAR: Final = ("календарный день", "календарных дня", "календарных дней")
_FORMS: Final = {
    Unit.WORKING_DAYS: _WORKING,
    Unit.WORKING_DAYS_BEFORE: _WORKING,
    Unit.CALENDAR_DAYS: _CALENDAR,
    Unit.CALENDAR_DAYS_BEFORE: _CALENDAR,
    Unit.MONTHS: ("месяц", "месяца", "месяцев"),
    Unit.DATE: ("год", "года", "лет"),
    Unit.ELSEWHERE: ("день", "дня", "дней"),
}


@dataclass(frozen=True)
class Term:
    """A length of time, as a kind of record declares it: `term=working_days(10)`."""

    value: int
    unit: Unit
    roll: bool = True

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("срок не бывает отрицательным")
        if self.unit in (Unit.DATE, Unit.ELSEWHERE):
            raise ValueError("у срока-даты нет длины")

    def due_on(self, event: date, calendar: WorkingCalendar) -> date:
        """Last day of the term that an event has opened."""
        match self.unit:
            case Unit.WORKING_DAYS:
                return calendar.add_working_days(event, self.value)
            case Unit.WORKING_DAYS_BEFORE:
                return calendar.sub_working_days(event, self.value)
            case Unit.CALENDAR_DAYS_BEFORE:
                return calendar.sub_calendar_days(event, self.value, roll=self.roll)
            case Unit.MONTHS:
                return calendar.add_months(event, self.value, roll=self.roll)
            case _:
                return calendar.add_calendar_days(event, self.value, roll=self.roll)


def working_days(count: int) -> Term:
    """So many working days after the event."""
    return Term(count, Unit.WORKING_DAYS)


def working_days_before(count: int) -> Term:
    """Not later than so many working days before the event."""
    return Term(count, Unit.WORKING_DAYS_BEFORE)


def calendar_days(count: int, *, roll: bool = True) -> Term:
    """So many calendar days; a day off at the end yields to the next working day unless told otherwise."""
    return Term(count, Unit.CALENDAR_DAYS, roll)


def months(count: int) -> Term:
    """So many months; a day off at the end yields to the next working day."""
    return Term(count, Unit.MONTHS)


@dataclass(frozen=True)
class DeadlineRule:
    """A row of the table of terms; the staff may change the value, the rest is the law's or the council's."""

    code: str
    title_ru: str
    value: int | str | None
    unit: Unit
    counted_from: str
    owner: str
    source: str
    roll: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        if self.unit is Unit.DATE and not isinstance(self.value, str):
            raise ValueError(f"{self.code}: для даты нужен месяц и день, «03-01»")
        if self.unit not in (Unit.DATE, Unit.ELSEWHERE) and not isinstance(self.value, int):
            raise ValueError(f"{self.code}: нужна длина срока числом")
        if self.unit is Unit.DATE:
            _next_yearly_date(str(self.value), date(2024, 1, 1))

    @property
    def term(self) -> Term | None:
        """The length of the term, or nothing where a date or another document sets it."""
        if isinstance(self.value, int) and self.unit not in (Unit.DATE, Unit.ELSEWHERE):
            return Term(self.value, self.unit, self.roll)
        return None

    def with_value(self, value: int | str) -> DeadlineRule:
        """The rule as the organisation's settings have it."""
        return replace(self, value=value)


def due_on(rule: DeadlineRule | Term, event: date, calendar: WorkingCalendar) -> date | None:
    """Last day of the term; nothing when the day stands in another document (an act, a charter)."""
    if isinstance(rule, Term):
        return rule.due_on(event, calendar)
    if rule.unit is Unit.DATE:
        return calendar.next_working_day(_next_yearly_date(str(rule.value), event))
    term = rule.term
    return None if term is None else term.due_on(event, calendar)


def _next_yearly_date(month_and_day: str, event: date) -> date:
    """The nearest such day after the event: for a year that ended on 31.12.2025 it is 01.03.2026."""
    this_year = date.fromisoformat(f"{event.year}-{month_and_day}")
    return this_year if this_year > event else this_year.replace(year=event.year + 1)


@lru_cache(maxsize=1)
def deadline_rules() -> Mapping[str, DeadlineRule]:
    """The table of terms shipped with the program, by code."""
    rows = json.loads(_TABLE.read_text("utf-8"))
    rules = (
        DeadlineRule(
            code=row["code"],
            title_ru=row["title_ru"],
            value=row["value"],
            unit=Unit(row["unit"]),
            counted_from=row["from"],
            owner=row["owner"],
            source=row["source"],
            roll=row.get("roll", True),
            note=row.get("note", ""),
        )
        for row in rows
    )
    return MappingProxyType({rule.code: rule for rule in rules})


# --- is the term kept? ----------------------------------------------------------------------------


class ControlStatus(StrEnum):
    """Where a paper under control stands (records §6)."""

    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"

    @property
    def title_ru(self) -> str:
        """The word shown on screen."""
        return _STATUS_TITLES[self]

    @property
    def is_late(self) -> bool:
        """Whether the term was or is broken."""
        return self in (ControlStatus.OVERDUE, ControlStatus.DONE_LATE)


_STATUS_TITLES: Final = {
    ControlStatus.ON_TIME: "В срок",
    ControlStatus.DUE_SOON: "Срок близко",
    ControlStatus.OVERDUE: "Просрочено",
    ControlStatus.DONE_IN_TIME: "Исполнено в срок",
    ControlStatus.DONE_LATE: "Исполнено с опозданием",
}


def control_status(
    due: date,
    *,
    today: date,
    calendar: WorkingCalendar,
    done: date | None = None,
    soon: int = DUE_SOON_WORKING_DAYS,
) -> ControlStatus:
    """How a paper stands against its term; «soon» is three working days or fewer, the last day included."""
    if done is not None:
        return ControlStatus.DONE_IN_TIME if done <= due else ControlStatus.DONE_LATE
    if today > due:
        return ControlStatus.OVERDUE
    left = calendar.working_days_between(today, due)
    return ControlStatus.DUE_SOON if left <= soon else ControlStatus.ON_TIME


# --- the term stands still while the paper is returned --------------------------------------------


@dataclass(frozen=True)
class Pause:
    """Time a paper spent returned to its sender; without an end it is there still."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("пауза кончилась раньше, чем началась")


def paused_due_on(due: date, pauses: Iterable[Pause], *, today: date, calendar: WorkingCalendar) -> date:
    """The due date moved by the working days the paper spent returned (records §10).

    The day of the return itself had been the office's, so counting begins on the next one (as ГК РФ
    ст. 191 counts terms). A return after the term has run out heals nothing.
    """
    moved = due
    for pause in _merged(pauses, today):
        if pause.start > moved or pause.end is None:
            continue
        moved = calendar.add_working_days(moved, calendar.working_days_between(pause.start, pause.end))
    return moved


def _merged(pauses: Iterable[Pause], today: date) -> list[Pause]:
    """Pauses in order, overlapping ones joined, an open one closed by today."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.start):
        end = pause.end if pause.end is not None else max(today, pause.start)
        last = merged[-1] if merged else None
        if last is not None and last.end is not None and pause.start <= last.end:
            merged[-1] = Pause(last.start, max(last.end, end))
        else:
            merged.append(Pause(pause.start, end))
    return merged
