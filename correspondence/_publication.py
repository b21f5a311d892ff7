"""What the СРО publishes to its members: a lead, the full text, a date, an audience by roles (C-16…C-18)."""

from __future__ import annotations

from records.fields import Choice, Choices, Date, Field, Files, LongText, Text
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


def publication(name: str, title: str, description: str, *more: Field) -> RecordKind:
    """A kind that is written by the staff, published, and read by those it is addressed to."""
    return RecordKind(
        name=name,
        title=title,
        workflow=moves(
            ("draft", "published", "Опубликовать", WRITING),
            ("published", "closed", "Снять с публикации", WRITING),
            ("closed", "archived", "В архив", ("sro_archivist",)),
            ("draft", "annulled", "Удалить черновик", WRITING),
            name=name,
        ),
        direction="internal",
        heading=f"{title}: {{subject}}",
        title_field="subject",
        description=description,
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
            *more,
            Date(name="event_on", label="Дата события"),
            Files(name="files", label="Вложения"),
        ),
        columns=("title", "topic", "audience", "state", "author", "updated_at"),
        audience_field="audience",
        member_sees_from=frozenset({"published", "closed", "archived"}),
        listed=False,
    )
