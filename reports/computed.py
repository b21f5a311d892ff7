"""Columns that the program fills (reference, forms 7 and 7.1): counted when shown, filed and printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from forms import progress
from forms.reports.model import Form
from forms.warnings.model import sum_of

from . import formulas

_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)
_COMPETITIVE: Final = frozenset({"fz44", "fz223", "pp615", "mandatory_tender"})
"""Ч. 3 ст. 60.1 ГрК РФ: the fund of contract obligations answers for contracts made by mandatory
competitive ways."""
_CONSTRUCTION: Final = frozenset(
    {"construction", "reconstruction", "capital_repair", "demolition", "design", "survey"}
)

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows of a form by table, each with its `uid`."""


def of_form(form: Form, rows: Rows, today: dt.date) -> dict[str, dict[str, Any]]:
    """uid → computed columns of the row."""
    found: dict[str, dict[str, Any]] = {}
    if form.code == "f7":
        found = _contracts(rows)
    elif form.code == "f7_1":
        found = _stages(rows, today)
    for table in form.tables:
        for column in table.columns:
            head, _, formula = column.requirement.partition(" = ")
            if head == "вычисл." and formula:
                for row in rows.get(table.code, ()):
                    found.setdefault(str(row["uid"]), {})[column.name] = formulas.value(formula, row)
    return found


def _contracts(rows: Rows) -> dict[str, dict[str, Any]]:
    """Accepted work by the acts of a contract; what remains; whether it counts towards the level of ОДО."""
    contracts = rows.get("contract", ())
    sole = str(contracts[0]["uid"]) if len(contracts) == 1 else ""
    accepted: dict[str, Decimal] = {}
    for act in rows.get("acts", ()):
        owner = str(act.get("parent") or sole)
        accepted[owner] = accepted.get(owner, Decimal(0)) + sum_of(act.get("amount"))
    found = {}
    for row in contracts:
        price = sum_of(row.get("price_current") or row.get("price_initial"))
        done = accepted.get(str(row["uid"]), Decimal(0))
        is_open = row.get("status") in (None, "active", "suspended")
        counts = row.get("procurement") in _COMPETITIVE and row.get("work_kind") in _CONSTRUCTION
        left = max(price - done, Decimal(0)) if is_open else Decimal(0)
        found[str(row["uid"])] = {
            "accepted_amount": _text(done),
            "accepted_percent": _text(min(done / price * _HUNDRED, _HUNDRED)) if price else None,
            "remaining": _text(left),
            "counts_for_odo": counts and is_open and not row.get("exclude_reason"),
        }
    return found


def _stages(rows: Rows, today: dt.date) -> dict[str, dict[str, Any]]:
    """Volume from the beginning, plan, fact, lag and forecast of every stage (appendix В)."""
    header: Mapping[str, Any] = next(iter(rows.get("header", ())), {})
    on = progress.day(header.get("report_date")) or today
    found = {}
    for row in rows.get("works", ()):
        fact = sum_of(row.get("volume_before")) + sum_of(row.get("volume_period"))
        said = progress.progress({**row, "volume_fact": fact}, on)
        values: dict[str, Any] = {"volume_fact": f"{fact.quantize(Decimal('0.001'), ROUND_HALF_UP)}"}
        if said is not None:
            values |= {
                "plan_percent": _text(said.plan_percent),
                "fact_percent": _text(said.fact_percent),
                "lag_percent": _text(said.lag_percent),
                "lag_days": said.lag_days,
                "forecast_end": said.forecast_end.isoformat() if said.forecast_end else None,
            }
        found[str(row["uid"])] = values
    return found


def _text(amount: Decimal) -> str:
    return f"{amount.quantize(_CENT, ROUND_HALF_UP)}"
