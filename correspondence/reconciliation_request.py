"""Запрос акта сверки (C-31): ответ приходит связанным документом и закрывает запрос сам."""

from __future__ import annotations

from records.fields import Date, LongText
from records.kinds import from_reference

KIND = from_reference(
    "reconciliation_request",
    "in",
    heading="О сверке расчётов с {since} по {until}",
    description="Попросите бухгалтерию сверить расчёты за период.",
    result="Акт сверки, который можно подписать или возразить",
    group="Взносы и расчёты",
    created_by=frozenset({"member_head", "member_proxy", "member_spec"}),
    fields=(
        Date(name="since", label="С какой даты", required=True),
        Date(name="until", label="По какую дату", required=True),
        LongText(name="comment", label="Пояснение", max_length=2000),
    ),
    columns=("number", "registered_on", "organisation", "since", "until", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_RECON"},
    auto={"submitted": "register"},
    on_open={"replied": "close"},
    route_to="sro_accountant",
    replies=("reconciliation_act",),
    prints="application",
    member_menu=True,
)
