"""What runs out: insurance, qualification, terms of violations; and the phrase of membership's length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from language.dates import age
from workflows.calendar import WorkingCalendar

WARN_DAYS = (60, 30, 7)
"""Days before an end at which member and curator are told (C-35)."""
QUALIFICATION_YEARS = 5
"""Independent assessment at least once in five years (ч. 10 ст. 55.5-1 ГрК РФ)."""
MINIMUM_SPECIALISTS = 2
"""By main place of work (ч. 6 ст. 55.5 and ст. 55.5-1 ГрК РФ)."""


def expiry_mark(ends_on: date, today: date) -> int | None:
    """The nearest warning reached: 60, 30, 7, 0 when it has ended, None while it is far."""
    left = (ends_on - today).days
    if left < 0:
        return 0
    reached = [days for days in WARN_DAYS if left <= days]
    return min(reached) if reached else None


def is_warning_day(ends_on: date, today: date) -> bool:
    """Today is one of the days on which the warning goes out (each once)."""
    return (ends_on - today).days in (*WARN_DAYS, -1)


def qualification_until(assessed_on: date) -> date:
    """The last day of five years after an assessment; 29 February ends on the 28th (п. 3 ст. 192 ГК РФ)."""
    return WorkingCalendar.load().add_months(assessed_on, QUALIFICATION_YEARS * 12, roll=False)


def membership_length(since: date, today: date, until: date | None = None) -> str:
    """«6 лет 9 мес» to this day, or to the day membership ended (C-21)."""
    return age(since, max(since, min(today, until) if until else today)).removesuffix(".")


@dataclass(frozen=True)
class Specialist:
    """A specialist as the rule sees him."""

    is_listed: bool
    main_work: bool
    assessed_on: date | None
    employed_from: date | None = None
    employed_to: date | None = None

    def counts(self, today: date) -> bool:
        """Listed in НРС, at the main place of work now, assessed within five years."""
        working = (self.employed_from is None or self.employed_from <= today) and (
            self.employed_to is None or self.employed_to >= today
        )
        return self.is_listed and self.main_work and working and self.is_qualified(today)

    def is_qualified(self, today: date) -> bool:
        return self.assessed_on is not None and qualification_until(self.assessed_on) >= today


def specialists_short(people: Sequence[Specialist], today: date, minimum: int = MINIMUM_SPECIALISTS) -> int:
    """How many specialists are missing to the minimum."""
    return max(minimum - sum(person.counts(today) for person in people), 0)


def extract_valid_until(issued_on: date, months: int | None) -> date | None:
    """The last day of an extract's validity: the same date of a later month, no roll over days off (§5.1)."""
    if months is None:
        return None
    return WorkingCalendar.load().add_months(issued_on, months, roll=False)


def next_planned_inspection(last: date | None, joined: date) -> tuple[date, date]:
    """Earliest and latest day: at most once a year, at least once in three (ст. 9 315-ФЗ)."""
    calendar, start = WorkingCalendar.load(), last or joined
    earliest = calendar.add_months(start, 12, roll=False) if last else joined + timedelta(days=1)
    return earliest, calendar.add_months(start, 36, roll=False)
