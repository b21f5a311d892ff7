"""Уведомление о договоре подряда: три рабочих дня от события (ст. 55.8 ч. 4 ГрК РФ)."""

from __future__ import annotations

from records.fields import Choice, Date, Files, Flag, Money, Text, not_in_future
from records.kinds import from_reference

EVENTS = {"signed": "Заключён", "changed": "Изменён", "done": "Исполнен", "ended": "Расторгнут"}

KIND = from_reference(
    "contract_notice",
    "in",
    title="Уведомление о договоре",
    heading="Уведомление о договоре № {contract_number}",
    description="Сообщите о заключении, изменении, исполнении или расторжении договора подряда.",
    group="Договоры",
    result="Отметка о принятии; пересчёт обязательств",
    created_by=frozenset({"member_head", "member_proxy"}),
    fields=(
        Choice(name="event", label="Что произошло", choices=EVENTS, required=True, filter=True),
        Date(name="event_on", label="Дата события", required=True, rules=(not_in_future,)),
        Text(name="contract_number", label="Номер договора", required=True, max_length=100),
        Date(name="contract_on", label="Дата договора", required=True),
        Text(name="customer", label="Заказчик", required=True, max_length=300),
        Money(name="price", label="Цена договора", required=True),
        Flag(name="competitive", label="Заключён на торгах"),
        Files(name="files", label="Договор и приложения"),
    ),
    columns=("number", "registered_on", "organisation", "event", "price", "state", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_ODO_CHECK"},
    auto={"submitted": "register", "accepted": "close"},
    route_to="sro_control",
    prints="application",
    member_menu=True,
)
