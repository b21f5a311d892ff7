"""Счёт на оплату (C-30): номер при выставлении, срок оплаты, «просрочен» ставит программа."""

from __future__ import annotations

from datetime import date

from records.fields import Choice, Date, Files, LongText, Money, Text
from records.kinds import from_reference
from records.service import Work

DUES = {
    "membership": "Членский взнос",
    "entrance": "Вступительный взнос",
    "kf_vv": "Взнос в КФ возмещения вреда",
    "kf_odo": "Взнос в КФ обеспечения договорных обязательств",
    "target": "Целевой взнос",
}


def set_due(unit: Work) -> None:
    """The term of an invoice is the day of payment written in it."""
    assert unit.record is not None
    until = (unit.record.payload or {}).get("pay_until")
    if until:
        unit.record.due_on = date.fromisoformat(str(until))


KIND = from_reference(
    "invoice",
    "out",
    heading="Счёт: {due}, {amount}",
    description="Счёт на взнос. Номер присваивается при выставлении.",
    group="Взносы и расчёты",
    created_by=frozenset({"sro_accountant", "system"}),
    fields=(
        Choice(name="due", label="Назначение", choices=DUES, required=True, filter=True),
        Text(name="period", label="За период", max_length=60),
        Money(name="amount", label="Сумма", required=True),
        Date(name="pay_until", label="Оплатить до", required=True),
        Text(name="in_words", label="Сумма прописью", search=False),
        LongText(
            name="payment_code",
            label="Код для оплаты",
            hint="ГОСТ Р 56042: программа банка читает его как QR",
            search=False,
        ),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "organisation", "due", "amount", "state", "due_on"),
    numbers={"send": "invoice"},
    on={"send": set_due},
    on_due={"sent": "lapse"},
    auto={"paid": "close"},
    stops_term=frozenset({"paid", "closed", "annulled"}),
    member_sees_from=frozenset({"sent", "paid", "overdue", "closed", "archived", "annulled"}),
)
