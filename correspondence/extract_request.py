"""Заявление о выдаче выписки (R-22): нумеруется сразу, завершается связанной выпиской за три рабочих дня."""

from __future__ import annotations

from records.fields import Choice, Files, Integer, LongText, Text
from records.kinds import from_reference

FORMATS = {"electronic": "Электронная, с подписью СРО", "paper": "На бумаге"}

KIND = from_reference(
    "extract_request",
    "in",
    heading="О выдаче выписки из реестра: {organisation}",
    description="Выписка из реестра членов СРО о вашей организации. Выдаётся бесплатно.",
    result="Выписка из реестра с номером и подписью СРО",
    group="Реестр",
    created_by=frozenset({"member_head", "member_proxy", "public"}),
    fields=(
        Choice(name="format", label="Вид выписки", choices=FORMATS, required=True, filter=True),
        Integer(name="copies", label="Экземпляров", minimum=1, maximum=20),
        Text(name="purpose", label="Куда представляется", hint="Например: участие в закупке"),
        LongText(name="comment", label="Пояснение", max_length=2000),
        Files(name="files", label="Приложения"),
    ),
    columns=("number", "registered_on", "organisation", "format", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_EXTRACT"},
    auto={"submitted": "register", "refused": "close"},
    on_open={"replied": "close"},
    route_to="sro_registrar",
    replies=("extract", "reply"),
    prints="application",
    member_menu=True,
    samples=True,
)
