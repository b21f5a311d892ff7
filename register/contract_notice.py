"""Уведомление о договоре подряда: заключён, изменён, исполнен, расторгнут (ст. 55.8 ч. 4 ГрК РФ)."""

from __future__ import annotations

from records.fields import Choice, Date, Files, LongText, Money, Text, not_in_future
from records.kinds import from_reference

EVENTS = {
    "made": "Заключение",
    "changed": "Изменение",
    "done": "Исполнение",
    "ended": "Расторжение",
    "total": "Совокупный размер обязательств за год",
}

KIND = from_reference(
    "contract_notice",
    "in",
    title="Уведомление о договоре",
    heading="{event} договора № {contract_number}",
    description="О заключении, изменении, исполнении или расторжении договора, заключённого на торгах. "
    "Подаётся не позднее трёх рабочих дней.",
    result="Отметка о принятии и новый расчёт обязательств; при превышении — предупреждение",
    group="Контроль",
    created_by=frozenset({"member_head", "member_proxy"}),
    fields=(
        Choice(name="event", label="Что произошло", choices=EVENTS, required=True, filter=True),
        Text(name="contract_number", label="Номер договора", required=True, max_length=100),
        Date(name="happened_on", label="Дата события", required=True, rules=(not_in_future,)),
        Text(name="customer", label="Заказчик", required=True),
        LongText(name="subject", label="Предмет договора", max_length=2000),
        Money(name="amount", label="Цена договора", required=True),
        Files(name="files", label="Договор, соглашение или акт", required=True),
    ),
    columns=("number", "registered_on", "organisation", "event", "amount", "state", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_ODO_CHECK"},
    auto={"submitted": "register", "accepted": "close"},
    route_to="sro_control",
    replies=("warning_odo", "reply"),
    prints="application",
    member_menu=True,
    samples=True,
)
