"""Обращение (письмо) в СРО, в том числе жалоба: любые файлы, сразу входящий номер (сид 002, 003 п. 1)."""

from __future__ import annotations

from records.fields import Choice, Files, LongText, Text
from records.kinds import from_reference

TOPICS = {
    "general": "Общий вопрос",
    "register": "Реестр и выписки",
    "reports": "Отчётность",
    "dues": "Взносы и расчёты",
    "inspection": "Проверки",
    "meeting": "Общее собрание",
    "complaint": "Жалоба",
}

KIND = from_reference(
    "letter",
    "in",
    title="Письмо в СРО",
    heading="Письмо: {topic}",
    title_field="subject",
    description="Вопрос, обращение или жалоба в свободной форме; можно приложить любые документы.",
    result="Ответ СРО с исходящим номером",
    group="Переписка",
    created_by=frozenset({"member_head", "member_proxy", "member_spec", "public"}),
    fields=(
        Text(name="subject", label="Тема письма", required=True, max_length=300),
        Choice(name="topic", label="О чём письмо", choices=TOPICS, filter=True),
        LongText(name="text", label="Текст", required=False),
        Files(name="files", label="Приложения"),
    ),
    columns=("number", "registered_on", "title", "organisation", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_LETTER"},
    auto={"submitted": "register"},
    route_to="sro_clerk",
    replies=("reply",),
    prints="application",
    member_menu=True,
)
