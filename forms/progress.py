"""Form 7.1: plan, fact, lag and forecast of a stage of works (reference, form 7.1 and appendix В)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, Final

_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True)
class Progress:
    """The computed columns of a stage on a day."""

    plan_percent: Decimal
    fact_percent: Decimal
    lag_percent: Decimal
    lag_days: int
    forecast_end: dt.date | None


def progress(stage: Mapping[str, Any], report_date: dt.date) -> Progress | None:
    """Plan runs evenly from day to day; nothing is said of a stage without a term or a volume."""
    start, end = day(stage.get("start_plan")), day(stage.get("end_plan"))
    total = Decimal(str(stage.get("volume_total") or 0))
    if start is None or end is None or end < start or total <= 0:
        return None
    length = (end - start).days + 1
    passed = min(max((report_date - start).days + 1, 0), length)
    planned = Decimal(passed) / length * _HUNDRED
    done = Decimal(str(stage.get("volume_fact") or 0))
    made = min(done / total * _HUNDRED, _HUNDRED)
    lag = made.quantize(_CENT, ROUND_HALF_UP) - planned.quantize(_CENT, ROUND_HALF_UP)
    lag_days = int((-lag / _HUNDRED * length).quantize(Decimal(1), ROUND_HALF_UP)) if lag < 0 else 0
    return Progress(
        planned.quantize(_CENT, ROUND_HALF_UP),
        made.quantize(_CENT, ROUND_HALF_UP),
        lag,
        lag_days,
        _forecast(stage, made, report_date),
    )


def _forecast(stage: Mapping[str, Any], made: Decimal, report_date: dt.date) -> dt.date | None:
    """At the speed so far; of finished works, the day they were finished; of works not begun, nothing."""
    begun = day(stage.get("start_fact"))
    if made >= _HUNDRED:
        return day(stage.get("end_fact"))
    if made == 0 or begun is None or begun > report_date:
        return None
    took = (report_date - begun).days + 1
    needed = int((took / (made / _HUNDRED)).to_integral_value(ROUND_CEILING))
    return begun + dt.timedelta(days=needed - 1) if needed < 100_000 else None


def weighted_fact(stages: Iterable[Mapping[str, Any]], report_date: dt.date) -> Decimal | None:
    """The fact of an object: weighed by cost, or evenly where any stage has no cost."""
    known = [(stage, found) for stage in stages if (found := progress(stage, report_date)) is not None]
    if not known:
        return None
    costs = [Decimal(str(stage.get("cost_total") or 0)) for stage, _ in known]
    weights = costs if all(costs) else [Decimal(1)] * len(known)
    total = sum(
        (found.fact_percent * weight for (_, found), weight in zip(known, weights, strict=True)), Decimal(0)
    )
    return (total / sum(weights, Decimal(0))).quantize(_CENT, ROUND_HALF_UP)


def day(value: object) -> dt.date | None:
    """A stored day or moment as a day."""
    return dt.date.fromisoformat(str(value)[:10]) if value else None
