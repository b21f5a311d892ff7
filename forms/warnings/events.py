"""Accidents, disputes, orders of supervision, insurance (forms 8–11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from forms.progress import day
from forms.warnings.model import Control, Facts, Row, Rows, shown_day, sum_of

_OPEN: Final = frozenset(("open", "extended"))
_YEAR_DAYS: Final = 365


def incidents(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 8."""
    for index, row in enumerate(rows.get("incidents", ())):
        place = ("incidents", index)
        happened, reported = day(row.get("happened_at")), day(row.get("reported_at"))
        if (row.get("dead") or 0) > 0:
            yield Control("F8_FATAL", "error", "Смертельный случай: внеплановая проверка", *place, "dead")
        if happened is None:
            continue
        passed = (facts.today - happened).days
        if not row.get("act_number") and passed > 30:
            yield Control("F8_NO_ACT_30", "warn", "Нет акта расследования", *place, "act_number")
        if reported is not None and reported > facts.add_working_days(happened, 3):
            yield Control("F8_LATE", "warn", "Сообщено позже срока", *place, "reported_at")
        if row.get("insurance_case") and not row.get("payout") and passed > 90:
            yield Control("F8_F11", "warn", "Нет сведений о выплате", *place, "payout")


def disputes(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 9."""
    for index, row in enumerate(rows.get("disputes", ())):
        place = ("disputes", index)
        if row.get("compfund_risk") and row.get("court_role") == "defendant":
            text = "Риск выплаты из компфонда: уведомить юриста СРО"
            yield Control("F9_RISK", "error", text, *place, "compfund_risk")
        if row.get("dispute_subject") == "bankruptcy":
            yield Control("F9_BANKRUPT", "error", "Дело о банкротстве члена", *place, "dispute_subject")
        hearing = day(row.get("next_hearing"))
        if hearing is not None and 0 <= (hearing - facts.today).days <= 7:
            yield Control(
                "F9_HEARING", "info", f"Заседание {shown_day(hearing)}", *place, "next_hearing", hearing
            )
        changed = day(row.get("changed_at"))
        if row.get("dispute_stage") != "closed" and changed and (facts.today - changed).days > 180:
            yield Control("F9_STALE", "warn", "Обновите сведения", *place, "dispute_stage")


def orders(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 10."""
    listed = rows.get("orders", ())
    for index, row in enumerate(listed):
        due = _due(row)
        if due is not None and row.get("status") in _OPEN:
            left = (due - facts.today).days
            place = ("orders", index, "due_date", due)
            if left < 0:
                yield Control("F10_OVERDUE", "error", f"Предписание просрочено на {-left} дн.", *place)
            elif left <= 10:
                yield Control("F10_DUE_10", "warn", f"До срока исполнения {left} дн.", *place)
        issued = day(row.get("order_date"))
        unpaid = sum_of(row.get("fine")) > 0 and not row.get("fine_paid")
        # Ч. 1 ст. 32.2 КоАП РФ: штраф уплачивается не позднее 60 дней.
        if unpaid and issued is not None and (facts.today - issued).days > 60:
            yield Control("F10_FINE", "warn", "Штраф не уплачен", "orders", index, "fine_paid")
    failed = [row for row in listed if row.get("authority") == "gsn" and _is_failed(row, facts.today)]
    if len(failed) >= 2:
        # Ч. 2 ст. 55.7 ГрК РФ: неисполнение двух и более раз в течение одного года предписаний.
        yield Control("F10_GSN_2", "error", "Основание для исключения (ст. 55.7 ГрК)", "orders")


def _due(row: Row) -> dt.date | None:
    days = [found for name in ("due_date", "extended_to") if (found := day(row.get(name))) is not None]
    return max(days) if days else None


def _is_failed(row: Row, today: dt.date) -> bool:
    due = _due(row)
    return row.get("status") in _OPEN and due is not None and 0 < (today - due).days <= _YEAR_DAYS


def policies(rows: Rows, facts: Facts) -> Iterator[Control]:
    """Form 11."""
    listed = rows.get("policies", ())
    for index, row in enumerate(listed):
        yield from _of_policy(row, index, facts)
    kind = facts.insurance_kind
    if kind is None:
        return
    own = [(index, start, end) for index, row in enumerate(listed) if row.get("policy_kind") == kind
           and (start := day(row.get("start_date"))) and (end := day(row.get("end_date")))]  # fmt: skip
    if not own:
        yield Control("F11_EXPIRED", "error", "Нет действующего полиса", "policies")
        return
    own.sort(key=lambda policy: policy[1])
    index, _, last = max(own, key=lambda policy: policy[2])
    left = (last - facts.today).days
    place = ("policies", index, "end_date", last)
    if left < 0:
        yield Control("F11_EXPIRED", "error", f"Страховка истекла {shown_day(last)}", *place)
    elif left < 30:
        yield Control("F11_30", "warn", f"Полис истекает через {left} дн.", *place)
    for (_, _, ended), (following, begun, _) in pairwise(own):
        if (begun - ended).days > 1:
            gap = (shown_day(ended + dt.timedelta(days=1)), shown_day(begun - dt.timedelta(days=1)))
            text = f"Перерыв страхования с {gap[0]} по {gap[1]}"
            yield Control("F11_GAP", "warn", text, "policies", following, "start_date")


def _of_policy(row: Row, index: int, facts: Facts) -> Iterator[Control]:
    is_needed = facts.insured_minimum is not None and row.get("policy_kind") == facts.insurance_kind
    if is_needed and sum_of(row.get("insured_sum")) < sum_of(facts.insured_minimum):
        yield Control(
            "F11_SUM", "error", "Страховая сумма меньше требуемой", "policies", index, "insured_sum"
        )
    begun = day(row.get("start_date"))
    if begun is not None and not row.get("premium_paid") and (facts.today - begun).days > 10:
        text = "Нет подтверждения уплаты премии"
        yield Control("F11_PREMIUM", "warn", text, "policies", index, "premium_paid")
