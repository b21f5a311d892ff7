"""A control warning and what the rules are told besides the rows themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""Rows of a form by table."""


@dataclass(frozen=True)
class Control:
    """What the screen, the calendar and the reminders say of a form, a row or a cell."""

    code: str
    level: str
    text: str
    table: str = ""
    row: int | None = None
    field: str = ""
    # The day the warning is about: the calendar and the reminders stand on it.
    due_on: dt.date | None = None


def _calendar_days(start: dt.date, days: int) -> dt.date:
    return start + dt.timedelta(days=days)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known outside the form: settings of the СРО, the register, the other forms of the report."""

    today: dt.date
    year: int
    sro_kind: str = "build"
    # Ст. 55.5 и 55.5-1 ГрК РФ: at least two specialists at their main place of work.
    min_nrs: int = 2
    register: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    register_date: dt.date | None = None
    categories: frozenset[str] | None = None
    vv_limit: Decimal | None = None
    odo_level: int | None = None
    odo_limit: Decimal | None = None
    # What other members have already named: number in the НРС → who.
    taken_nrs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    insured_minimum: Decimal | None = None
    insurance_kind: str | None = "annual"
    others: Mapping[str, Rows] = field(default_factory=lambda: MappingProxyType({}))
    # Rows that have a document of their right attached: table → indexes.
    documented: Mapping[str, frozenset[int]] | None = None
    add_working_days: Callable[[dt.date, int], dt.date] = _calendar_days

    def rows(self, form: str, table: str) -> Sequence[Row]:
        """Rows of another form of the same report."""
        return self.others.get(form, {}).get(table, ())


def sum_of(value: object) -> Decimal:
    """A stored sum; nothing is nought."""
    return Decimal(str(value)) if value not in (None, "") else Decimal(0)


def shown_day(day: dt.date) -> str:
    """«05.11.2026»."""
    return f"{day:%d.%m.%Y}"
