"""Предупреждение о превышении уровня и требование о доплате КФ ОДО (ст. 55.13 ГрК РФ, register.md §4)."""

from __future__ import annotations

from records.fields import Files, LongText, Money
from records.kinds import from_reference

KIND = from_reference(
    "warning_odo",
    "out",
    heading="О превышении уровня обязательств: {organisation}",
    description="Предупреждение о превышении уровня и требование доплатить взнос в КФ ОДО.",
    group="Контроль",
    created_by=frozenset({"sro_control"}),
    fields=(
        Money(name="fact_total", label="Фактический совокупный размер обязательств", required=True),
        Money(name="level_limit", label="Предел уровня", required=True),
        Money(name="extra_fee", label="Нужно доплатить", required=True),
        LongText(name="text", label="Текст", required=True),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "organisation", "extra_fee", "state", "due_on"),
    numbers={"sign": "out"},
    term={"deliver": "DL_ODO_PAY"},
    on_open={"sent": "deliver"},
    on_due={"delivered": "lapse"},
    stops_term=frozenset({"paid", "closed", "annulled"}),
    member_sees_from=frozenset({"sent", "delivered", "paid", "overdue", "closed", "archived"}),
    prints="letter",
    replies=("letter",),
)
