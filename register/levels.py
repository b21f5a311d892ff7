"""Levels of responsibility and the least contributions to the two funds (ч. 10–13 ст. 55.16 ГрК РФ).

The tables are dated data; a СРО may set larger contributions by its own decision (setting
`register.levels`, in the same shape). A boundary belongs to the lower level: the law's «не превышает» and
«составляет и более» meet in one rouble, and we take the lower (register.md §3.2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from language.money import whole_roubles

_DATA = Path(__file__).parent / "data" / "levels.json"
FUNDS = MappingProxyType({"vv": "КФ возмещения вреда", "odo": "КФ обеспечения договорных обязательств"})
ORDINALS = ("простой", "первый", "второй", "третий", "четвёртый", "пятый")


@dataclass(frozen=True)
class Level:
    """One level: up to what sum one may bind oneself, and the least contribution; no limit is None."""

    number: int
    limit: Decimal | None
    fee: Decimal

    @property
    def ordinal(self) -> str:
        return ORDINALS[self.number]

    @property
    def words(self) -> str:
        """«первый, до 90 000 000 ₽»."""
        if self.number == 0:
            return f"{self.ordinal}, только снос"
        return f"{self.ordinal}, " + (f"до {whole_roubles(self.limit)}" if self.limit else "без предела")

    def covers(self, amount: Decimal) -> bool:
        return self.limit is None or amount <= self.limit


@dataclass(frozen=True)
class Table:
    """The levels of one fund in force on a date, the least first."""

    levels: tuple[Level, ...]
    norm: str
    valid_from: date

    def level(self, number: int) -> Level:
        return next(level for level in self.levels if level.number == number)

    def has(self, number: int | None) -> bool:
        return any(level.number == number for level in self.levels)

    def level_for(self, amount: Decimal) -> Level:
        """The least level that covers a sum; the «simple» one (demolition alone) is never chosen by a sum."""
        return next(level for level in self.levels if level.number > 0 and level.covers(amount))

    def extra_fee(self, have: int, need: int) -> Decimal:
        """What must be added to pass to a higher level; lowering a level returns nothing."""
        return max(self.level(need).fee - self.level(have).fee, Decimal(0))


@lru_cache(maxsize=1)
def _shipped() -> tuple[Mapping[str, object], ...]:
    return tuple(json.loads(_DATA.read_text("utf-8")))


def table(kind: str, fund: str, on: date, own: Sequence[Mapping[str, object]] = ()) -> Table:
    """The table of a fund («vv» or «odo») for a kind of СРО («build», «design», «survey») on a date.

    `own` are the СРО's decisions of the same shape; of two in force the later wins.
    """
    found = [row for row in (*_shipped(), *own) if row["kind"] == kind and str(row["valid_from"]) <= str(on)]
    if not found:
        raise ValueError(f"нет уровней для «{kind}» на {on}")
    row = max(found, key=lambda item: str(item["valid_from"]))
    lines: Sequence[Sequence[object]] = row[fund]  # type: ignore[assignment]
    levels = tuple(
        Level(int(str(n)), None if limit is None else Decimal(str(limit)), Decimal(str(fee)))
        for n, limit, fee in lines
    )
    return Table(levels, str(row["norm"]), date.fromisoformat(str(row["valid_from"])))
