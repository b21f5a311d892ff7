"""Запрос счёта (C-30): ответ приходит связанным документом и закрывает запрос сам."""

from __future__ import annotations

from records.fields import Choice, LongText, Money
from records.kinds import from_reference

DUES = {
    "membership": "Членский взнос",
    "entrance": "Вступительный взнос",
    "kf_vv": "Взнос в КФ возмещения вреда",
    "kf_odo": "Взнос в КФ обеспечения договорных обязательств",
    "target": "Целевой взнос",
}

KIND = from_reference(
    "invoice_request",
    "in",
    heading="О выставлении счёта: {due}",
    description="Попросите бухгалтерию выставить счёт на взнос.",
    result="Счёт на оплату, связанный с запросом",
    group="Взносы и расчёты",
    created_by=frozenset({"member_head", "member_proxy", "member_spec"}),
    fields=(
        Choice(name="due", label="Какой взнос", choices=DUES, required=True, filter=True),
        Money(name="amount", label="Сумма", hint="Если знаете; иначе посчитает бухгалтерия"),
        LongText(name="comment", label="Пояснение", max_length=2000),
    ),
    columns=("number", "registered_on", "organisation", "due", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_INVOICE"},
    auto={"submitted": "register"},
    on_open={"replied": "close"},
    route_to="sro_accountant",
    replies=("invoice",),
    prints="application",
    member_menu=True,
)
