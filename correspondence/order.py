"""Приказ или распоряжение СРО с поручениями; у номера нет года, он в дате (records.md §3.1)."""

from __future__ import annotations

from records.fields import Date, Files, LongText, Rows, Text
from records.kinds import from_reference

KIND = from_reference(
    "order",
    "internal",
    title="Приказ",
    heading="Приказ: {subject}",
    title_field="subject",
    description="Приказ, распоряжение, поручение со сроками.",
    group="Внутренние документы",
    created_by=frozenset({"sro_director", "sro_clerk", "sro_lawyer"}),
    fields=(
        Text(name="subject", label="О чём", required=True, hint="Начинается с «О …»"),
        LongText(name="text", label="Приказываю", required=True),
        Rows(
            name="tasks",
            label="Поручения",
            of=(
                Text(name="what", label="Что сделать"),
                Text(name="who", label="Исполнитель"),
                Date(name="due", label="Срок"),
            ),
        ),
        Files(name="files", label="Приложения"),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "title", "state", "author", "due_on"),
    numbers={"sign": "order"},
    term={"control": "DL_RESOLUTION"},
    member_sees="none",
)
