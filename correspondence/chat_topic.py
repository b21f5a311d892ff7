"""Чат с экспертами по теме (C-41): не документ, номера нет; сообщение можно «превратить в обращение»."""

from __future__ import annotations

from records.fields import Choice, Files, Text
from records.kinds import RecordKind
from workflows.reference import moves

MEMBERS = ("member_head", "member_proxy", "member_spec")
EXPERTS = {
    "reports": "sro_curator",
    "register": "sro_registrar",
    "contracts": "sro_control",
    "dues": "sro_accountant",
    "law": "sro_lawyer",
    "meeting": "council_secretary",
    "cabinet": "sro_clerk",
}
TOPICS = {
    "reports": "Отчётность",
    "register": "Реестр и выписки",
    "contracts": "Договоры и проверки",
    "dues": "Взносы и расчёты",
    "law": "Правовые вопросы",
    "meeting": "Собрание",
    "cabinet": "Работа в кабинете",
}
STAFF = tuple(sorted(set(EXPERTS.values())))

KIND = RecordKind(
    name="chat_topic",
    title="Чат с экспертом",
    workflow=moves(
        ("draft", "active", "Начать разговор", MEMBERS),
        ("active", "closed", "Завершить разговор", (*MEMBERS, *STAFF)),
        ("closed", "active", "Продолжить разговор", (*MEMBERS, *STAFF)),
        ("draft", "annulled", "Удалить черновик", MEMBERS),
        name="chat_topic",
    ),
    direction="in",
    heading="Чат: {topic}",
    title_field="subject",
    description="Короткий вопрос эксперту. Не регистрируется; сообщение можно превратить в обращение.",
    result="Ответ эксперта в чате",
    group="Переписка",
    case_index="02-01",
    retention="1 год",
    created_by=frozenset(MEMBERS),
    fields=(
        Text(name="subject", label="Вопрос", required=True),
        Choice(name="topic", label="Тема", choices=TOPICS, required=True, filter=True),
        Files(
            name="files",
            label="Файлы разговора",
            open_in=frozenset({"active"}),
            open_to=frozenset({*MEMBERS, *STAFF}),
        ),
    ),
    columns=("title", "topic", "organisation", "state", "assignee", "updated_at"),
    editable_in=frozenset({"draft"}),
    route_to="sro_clerk",
    route_by={"topic": EXPERTS},
    routes_on="activate",
    member_menu=True,
    listed=False,
)
