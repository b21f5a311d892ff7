"""Заявление о внесении изменений в реестр: «Передать новые сведения» (сид 000), 004 не касается."""

from __future__ import annotations

from records.fields import Choices, Date, Files, LongText, Rows, Text, not_in_future
from records.kinds import from_reference

CHANGES = {
    "name": "Наименование",
    "address": "Адрес",
    "head": "Руководитель",
    "contacts": "Контакты",
    "other": "Иные сведения",
}

_RECORD_SHEET = "Лист записи ЕГРЮЛ (ЕГРИП)"
DOCUMENTS = {
    "name": (_RECORD_SHEET, "Устав в новой редакции"),
    "address": (_RECORD_SHEET,),
    "head": (_RECORD_SHEET, "Решение об избрании руководителя", "Приказ о вступлении в должность"),
    "contacts": ("Письмо о новых контактах",),
    "other": ("Документ, подтверждающий изменение",),
}
"""What usually confirms a change: an incomplete set warns and does not block (C-23)."""

KIND = from_reference(
    "register_change_application",
    "in",
    heading="О внесении изменений в реестр: {changes}",
    description="Сообщите новые сведения: наименование, адрес, руководитель, контакты. "
    "По закону — не позднее трёх рабочих дней после изменения.",
    result="Изменённая запись реестра и ответ об этом",
    group="Реестр",
    created_by=frozenset({"member_head", "member_proxy"}),
    fields=(
        Choices(name="changes", label="Что изменилось", choices=CHANGES, required=True, filter=True),
        LongText(
            name="new_values",
            label="Новые сведения",
            required=True,
            hint="Напишите, как было и как стало, например: адрес — 664025, г. Иркутск, ул. Ленина, д. 5.",
        ),
        Date(name="changed_on", label="Дата изменения", required=True, rules=(not_in_future,)),
        Rows(
            name="items",
            label="Поля реестра",
            hint="Заполняет страница реестра: после одобрения значения вносятся сами",
            of=(
                Text(name="what", label="Что"),
                Text(name="was", label="Было", max_length=1000),
                Text(name="now", label="Стало", max_length=1000),
            ),
        ),
        LongText(name="comment", label="Пояснение", max_length=5000),
        Files(
            name="files",
            label="Подтверждающие документы",
            required=True,
            hint="Лист записи ЕГРЮЛ, приказ, договор",
        ),
    ),
    expected={"changes": DOCUMENTS},
    columns=("number", "registered_on", "organisation", "changes", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_REGISTER_UPDATE"},
    auto={"submitted": "register"},
    route_to="sro_registrar",
    replies=("reply",),
    prints="application",
    member_menu=True,
    samples=True,
)
