"""Уведомление члену СРО: о решении, о сроке, о проверке; одному или многим (каждому своя запись)."""

from __future__ import annotations

from records.fields import Choice, Files, LongText, Text
from records.kinds import RecordKind
from workflows.reference import workflow_of

TOPICS = {
    "decision": "О решении совета",
    "inspection": "О проверке",
    "report": "Об отчётности",
    "dues": "О взносах",
    "register": "О записи в реестре",
    "other": "Иное",
}

KIND = RecordKind(
    name="notice",
    title="Уведомление",
    workflow=workflow_of("reply"),
    direction="out",
    heading="Уведомление: {subject}",
    title_field="subject",
    description="Уведомление члену СРО на бланке. Номер присваивается при подписании.",
    group="Переписка",
    case_index="02-02",
    retention="5 лет ЭПК",
    created_by=frozenset({"sro_curator", "sro_registrar", "sro_lawyer"}),
    fields=(
        Text(name="subject", label="Заголовок", required=True, hint="Начинается с «О …»"),
        Choice(name="topic", label="Тема", choices=TOPICS, filter=True),
        LongText(name="text", label="Текст уведомления", required=True),
        Files(name="files", label="Приложения"),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "title", "organisation", "topic", "state"),
    numbers={"sign": "out"},
    on_open={"sent": "deliver"},
    member_sees_from=frozenset({"sent", "delivered", "closed", "archived"}),
    prints="letter",
)
