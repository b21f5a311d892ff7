"""Служебная записка: внутренний документ сотрудников, членам не виден."""

from __future__ import annotations

from records.actor import STAFF_ROLES
from records.fields import Choice, Files, LongText, Text
from records.kinds import RecordKind
from workflows.reference import moves, role_titles

ANYONE = tuple(sorted(STAFF_ROLES - {"sro_auditor"}))
HEADS = ("sro_director", "sro_clerk")

KIND = RecordKind(
    name="internal_memo",
    title="Служебная записка",
    workflow=moves(
        ("draft", "signed", "Подписать и направить", ANYONE),
        ("signed", "on_control", "Поставить на контроль", HEADS),
        ("signed", "done", "Исполнено", ANYONE),
        ("on_control", "done", "Исполнено", ANYONE),
        ("done", "closed", "В дело", HEADS),
        ("closed", "archived", "В архив", ("sro_archivist",)),
        ("draft", "annulled", "Удалить черновик", ANYONE),
        name="internal_memo",
    ),
    direction="internal",
    heading="Служебная записка: {subject}",
    title_field="subject",
    description="Записка руководителю или другому отделу. Члены СРО её не видят.",
    group="Внутренние документы",
    case_index="02-05",
    retention="5 лет",
    created_by=frozenset(ANYONE),
    fields=(
        Text(name="subject", label="Тема", required=True),
        Choice(
            name="to",
            label="Кому",
            choices={r: role_titles()[r] for r in ANYONE if r in role_titles()},
            filter=True,
        ),
        LongText(name="text", label="Текст", required=True),
        Files(name="files", label="Приложения"),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "title", "to", "author", "state", "due_on"),
    numbers={"sign": "memo"},
    term={"control": "DL_RESOLUTION"},
    member_sees="none",
)
