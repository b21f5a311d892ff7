"""Contracts and progress of works: terms, sums, levels, plan against fact (forms 7 and 7.1; F-22, F-24)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from forms.progress import day, progress
from forms.warnings.model import Control, Facts, Row, Rows, shown_day, sum_of

_LAG: Final = Decimal(-10)
_CRITICAL_LAG: Final = Decimal(-25)
_NO_ACTS_DAYS: Final = 90
_SOON: Final = 30
# Доля предела уровня ОДО, о которой предупреждают заранее.
_NEAR_LIMIT: Final = Decimal("0.8")
_NOTICE_DAYS: Final = 3


def contracts(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 7."""
    listed = rows.get("contract", ())
    for index, row in enumerate(listed):
        for code, level, text, field, due in _of_contract(row, rows, facts, len(listed) == 1):
            yield Control(code, level, text, "contract", index, field, due)
    yield from _levels(rows, facts)


Found = tuple[str, str, str, str, dt.date | None]


def _of_contract(row: Row, rows: Rows, facts: Facts, is_only: bool) -> Iterator[Found]:
    if row.get("status") == "active":
        yield from _terms(row, facts.today)
        last_act = _last_act(row, rows, is_only)
        if last_act is not None and (facts.today - last_act).days > _NO_ACTS_DAYS:
            yield "F7_NO_ACTS_90", "warn", "Нет актов более 90 дней", "accepted_amount", None
    price = sum_of(row.get("price_current") or row.get("price_initial"))
    if facts.vv_limit is not None and price > facts.vv_limit:
        yield (
            "F7_VV_LEVEL",
            "error",
            "Цена договора выше предела уровня ВВ: нужен более высокий",
            "price_current",
            None,
        )
    if row.get("procurement") not in (None, "", "direct") and facts.odo_level is None:
        text = "Нет права заключать договоры конкурентным способом"
        yield "F7_NO_ODO", "error", text, "procurement", None
    category = row.get("object_category")
    if category and facts.categories is not None and category not in facts.categories:
        yield (
            "F7_NO_RIGHT",
            "error",
            "Нет права на работы на объектах этой категории",
            "object_category",
            None,
        )
    if category in ("hazardous", "nuclear") and not row.get("responsible"):
        yield "F7_NO_RESP", "error", "Не назначен специалист НРС", "responsible", None
    if sum_of(row.get("accepted_amount")) > price > 0:
        yield "F7_OVER_ACCEPTED", "warn", "Принято больше цены — проверьте ДС", "accepted_amount", None
    yield from _dates(row, facts)


def _terms(row: Row, today: dt.date) -> Iterator[Found]:
    end, start = day(row.get("end_plan")), day(row.get("start_plan"))
    if end is not None and end < today:
        text = f"Срок работ истёк {(today - end).days} дн. назад (план {shown_day(end)})"
        yield "F7_OVERDUE", "error", text, "end_plan", end
    elif end is not None and (end - today).days <= _SOON:
        done = str(row.get("accepted_percent") or "0").replace(".", ",")
        text = f"До окончания работ {(end - today).days} дн., выполнено {done}\u00a0%"
        yield "F7_END_30", "warn", text, "end_plan", end
    if start is not None and start < today and not row.get("start_fact"):
        yield (
            "F7_NOT_STARTED",
            "warn",
            f"Работы не начаты, план начала {shown_day(start)}",
            "start_fact",
            start,
        )


def _last_act(row: Row, rows: Rows, is_only: bool) -> dt.date | None:
    """The last act of a contract: acts name their contract by its uid, or there is only one contract."""
    own = [act for act in rows.get("acts", ()) if is_only or act.get("parent") == row.get("uid")]
    days = [found for act in own if (found := day(act.get("act_date"))) is not None]
    return max(days) if days else day(row.get("start_fact"))


def _dates(row: Row, facts: Facts) -> Iterator[Found]:
    signed, notified = day(row.get("contract_date")), day(row.get("notified_at"))
    if signed is None:
        return
    if notified is not None and notified > facts.add_working_days(signed, _NOTICE_DAYS):
        yield "F7_NOTIFY_LATE", "warn", "Уведомление о договоре подано с опозданием", "notified_at", None
    if facts.register_date is not None and signed < facts.register_date:
        text = "Договор заключён до вступления в СРО — в расчёт не входит"
        yield "F7_BEFORE_MEMBER", "info", text, "contract_date", None


def _levels(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Ст. 55.16 ГрК РФ: the sum of obligations against the limit of the paid level of ОДО."""
    if not facts.odo_limit:
        return
    counted = (row for row in rows.get("contract", ()) if row.get("counts_for_odo"))
    used = sum((sum_of(row.get("remaining")) for row in counted), Decimal(0))
    if used > facts.odo_limit:
        over = f"{used - facts.odo_limit:,.2f}".replace(",", "\u00a0").replace(".", ",")
        yield Control("F7_ODO_LEVEL", "error", f"Превышен уровень ОДО на {over}\u00a0руб.", "contract")
    elif used >= facts.odo_limit * _NEAR_LIMIT:
        share = f"{used / facts.odo_limit * 100:.1f}".replace(".", ",")
        yield Control("F7_ODO_80", "warn", f"Использовано {share}\u00a0% уровня ОДО", "contract")


def stages(rows: Rows, facts: Facts, earlier: Rows | None = None) -> Iterator[Control]:
    """Form 7.1: lag of every stage on the day of the report, and volumes that cannot be."""
    header: Row = next(iter(rows.get("header", ())), {})
    on = day(header.get("report_date")) or facts.today
    before = {stage.get("stage_code"): stage for stage in (earlier or {}).get("works", ())}
    for index, stage in enumerate(rows.get("works", ())):
        yield from _lag(stage, index, on)
        done = sum_of(stage.get("volume_fact"))
        past = before.get(stage.get("stage_code"))
        if past is not None and done < sum_of(past.get("volume_fact")):
            yield Control("F71_BACK", "error", "Объём с начала уменьшился", "works", index, "volume_fact")
        if done > sum_of(stage.get("volume_total")) > 0:
            yield Control("F71_OVER", "warn", "Выполнено больше объёма", "works", index, "volume_fact")


def _lag(stage: Row, index: int, on: dt.date) -> Iterator[Control]:
    found = progress(stage, on)
    end = day(stage.get("end_plan"))
    if found is None or end is None:
        return
    if found.lag_percent <= _CRITICAL_LAG or (end < on and found.fact_percent < 100):
        yield Control("F71_LAG_CRIT", "error", "Критическое отставание", "works", index, "lag_percent", end)
    elif found.lag_percent <= _LAG:
        points = str(-found.lag_percent).replace(".", ",")
        text = f"Отставание по этапу «{stage.get('work_name')}» {points} п. п. ({found.lag_days} дн.)"
        yield Control("F71_LAG", "warn", text, "works", index, "lag_percent", end)
