"""Акт сверки (C-31): член подписывает со своей стороны или возражает построчно; исправленный идёт заново."""

from __future__ import annotations

from records.fields import Date, Files, Money, Rows, Text
from records.kinds import from_reference

KIND = from_reference(
    "reconciliation_act",
    "out",
    heading="Акт сверки с {since} по {until}",
    description="Акт сверки расчётов за период. Номер присваивается при подписании.",
    group="Взносы и расчёты",
    created_by=frozenset({"sro_accountant", "system"}),
    fields=(
        Date(name="since", label="С даты", required=True),
        Date(name="until", label="По дату", required=True),
        Money(name="charged", label="Начислено", required=True),
        Money(name="paid", label="Оплачено", required=True),
        Text(name="opening", label="Сальдо на начало"),
        Text(name="closing", label="Сальдо на конец"),
        Rows(
            name="lines",
            label="Строки",
            of=(
                Date(name="on", label="Дата"),
                Text(name="what", label="Документ"),
                Money(name="charged", label="Начислено"),
                Money(name="paid", label="Оплачено"),
            ),
        ),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "organisation", "charged", "paid", "state", "due_on"),
    numbers={"sign": "recon"},
    term={"send": "DL_RECON_REPLY"},
    auto={"agreed": "close"},
    stops_term=frozenset({"agreed", "disputed", "closed", "annulled"}),
    member_sees_from=frozenset({"sent", "agreed", "disputed", "closed", "archived"}),
    replies=("letter",),
)
