"""Ответ, исходящее письмо члену СРО: номер — при подписании, документ печатает программа (ГОСТ Р 7.0.97)."""

from __future__ import annotations

from records.fields import Files, Flag, LongText, Text
from records.kinds import from_reference

KIND = from_reference(
    "reply",
    "out",
    title="Исходящее письмо",
    heading="Исходящее письмо: {subject}",
    title_field="subject",
    description="Ответ на обращение или письмо члену СРО. Номер присваивается при подписании.",
    group="Переписка",
    created_by=frozenset(
        {
            "sro_curator",
            "sro_registrar",
            "sro_lawyer",
            "sro_director",
            "sro_control",
            "sro_accountant",
            "sro_clerk",
        }
    ),
    fields=(
        Text(name="subject", label="Заголовок", required=True, max_length=300, hint="Начинается с «О …»"),
        LongText(name="text", label="Текст письма", required=True),
        Flag(
            name="final",
            label="Ответ окончательный",
            hint="Запрос перейдёт в «Дан ответ»; иначе останется в работе",
        ),
        Files(name="files", label="Приложения"),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "title", "organisation", "state", "author"),
    numbers={"sign": "out"},
    on_open={"sent": "deliver"},
    member_sees_from=frozenset({"sent", "delivered", "closed", "archived"}),
    prints="letter",
)
