"""Новость (C-18): анонс, полный текст, дата, вложения; кто прочёл — видно СРО."""

from __future__ import annotations

from records.fields import Choice, Choices, Date, Files, LongText, Text
from records.kinds import RecordKind
from workflows.reference import moves

WRITING = ("sro_clerk", "sro_director", "sro_curator", "sro_lawyer", "sro_registrar", "council_secretary")
AUDIENCE = {
    "member_head": "Руководители",
    "member_proxy": "Представители по доверенности",
    "member_spec": "Специалисты",
}
TOPICS = {
    "law": "Законодательство",
    "meeting": "Собрания и совет",
    "reports": "Отчётность",
    "dues": "Взносы",
    "events": "Обучение и мероприятия",
    "other": "Разное",
}

KIND = RecordKind(
    name="news",
    title="Новость",
    workflow=moves(
        ("draft", "published", "Опубликовать", WRITING),
        ("published", "closed", "Снять с публикации", WRITING),
        ("closed", "archived", "В архив", ("sro_archivist",)),
        ("draft", "annulled", "Удалить черновик", WRITING),
        name="news",
    ),
    direction="internal",
    heading="Новость: {subject}",
    title_field="subject",
    description="Новость СРО в разделе «Информирование».",
    group="Информирование",
    case_index="02-02",
    retention="5 лет",
    created_by=frozenset(WRITING),
    fields=(
        Text(name="subject", label="Заголовок", required=True),
        LongText(name="summary", label="Анонс", max_length=600, hint="Два-три предложения для ленты"),
        LongText(name="text", label="Полный текст", required=True),
        Choice(name="topic", label="Тема", choices=TOPICS, required=True, filter=True),
        Choices(
            name="audience", label="Кому", choices=AUDIENCE, filter=True, hint="Ничего не отмечено — всем"
        ),
        Date(name="event_on", label="Дата события"),
        Files(name="files", label="Вложения"),
    ),
    columns=("title", "topic", "audience", "state", "author", "updated_at"),
    audience_field="audience",
    member_sees_from=frozenset({"published", "closed", "archived"}),
    listed=False,
)
