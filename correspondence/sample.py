"""Образец документа (R-21): каталог, редакции, «создать по образцу»; прежние редакции остаются читаемы."""

from __future__ import annotations

from records.fields import Choice, Choices, Files, LongText, Text
from records.kinds import RecordKind
from workflows.reference import kind_row, moves

KEEPING = ("sro_clerk", "sro_lawyer", "sro_registrar", "sro_director")
FOR_KINDS = (
    "letter",
    "register_change_application",
    "level_change_application",
    "membership_application",
    "extract_request",
    "withdrawal_application",
    "contract_notice",
)
AUDIENCE = {
    "member_head": "Руководители",
    "member_proxy": "Представители по доверенности",
    "member_spec": "Специалисты",
}

KIND = RecordKind(
    name="sample",
    title="Образец документа",
    workflow=moves(
        ("draft", "published", "Опубликовать", KEEPING),
        ("published", "closed", "Заменён новой редакцией", KEEPING),
        ("closed", "archived", "В архив", ("sro_archivist",)),
        ("draft", "annulled", "Удалить черновик", KEEPING),
        name="sample",
    ),
    direction="internal",
    heading="Образец: {subject}",
    title_field="subject",
    description="Образец или шаблон документа для членов СРО; по нему начинают черновик.",
    group="Информирование",
    case_index="06-01",
    retention="до замены + 1 год",
    created_by=frozenset(KEEPING),
    fields=(
        Text(name="subject", label="Название", required=True),
        Choice(
            name="for_kind",
            label="Для какого документа",
            choices={code: kind_row(code)["title"] for code in FOR_KINDS},
            filter=True,
        ),
        Text(name="edition", label="Редакция", max_length=60, hint="Например: редакция 2 от 01.09.2026"),
        LongText(name="text", label="Заготовка текста", hint="Попадёт в черновик, созданный по образцу"),
        Choices(name="audience", label="Кому", choices=AUDIENCE, hint="Ничего не отмечено — всем"),
        Files(name="files", label="Файл образца"),
    ),
    columns=("title", "for_kind", "edition", "state", "updated_at"),
    audience_field="audience",
    member_sees_from=frozenset({"published", "closed", "archived"}),
    listed=False,
)
