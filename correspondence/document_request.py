"""Запрос документа у члена СРО (C-37): задача со слотом; загрузил и отправил — задача закрыта."""

from __future__ import annotations

from datetime import date

from records.fields import Date, Files, LongText, Text
from records.kinds import RecordKind
from records.service import Work
from workflows.engine import Context
from workflows.reference import moves

ASKING = ("sro_curator", "sro_registrar", "sro_control", "sro_accountant", "sro_lawyer", "sro_clerk")
ANSWERING = ("member_head", "member_proxy", "member_spec")


def something_attached(ctx: Context) -> str | None:
    """An empty answer would close the task with nothing."""
    filled = ctx.facts["slots_filled"]
    assert isinstance(filled, frozenset)
    return None if "answer" in filled else "Приложите запрошенный документ: пустой ответ не отправляется."


def set_due(unit: Work) -> None:
    """The day named in the request is its term; without one the general term stands."""
    assert unit.record is not None
    until = (unit.record.payload or {}).get("until")
    if until:
        unit.record.due_on = date.fromisoformat(str(until))


KIND = RecordKind(
    name="document_request",
    title="Запрос документа",
    workflow=moves(
        ("draft", "sent", "Запросить", ASKING),
        ("sent", "submitted", "Отправить документ", ANSWERING),
        ("submitted", "accepted", "Принять", ASKING),
        ("submitted", "returned", "Вернуть: не тот документ", ASKING),
        ("returned", "submitted", "Отправить исправленный", ANSWERING),
        ("accepted", "closed", "В дело", ASKING),
        ("closed", "archived", "В архив", ("sro_archivist",)),
        ("sent", "annulled", "Отменить запрос", ASKING),
        ("draft", "annulled", "Удалить черновик", ASKING),
        name="document_request",
    ).with_changes(guards={"submit": (something_attached,)}),
    direction="out",
    heading="Нужен документ: {what}",
    description="Попросить у члена СРО недостающий документ: он увидит задачу и место для файла.",
    group="Переписка",
    case_index="02-02",
    retention="5 лет ЭПК",
    created_by=frozenset(ASKING),
    fields=(
        Text(name="what", label="Какой документ нужен", required=True),
        LongText(name="text", label="Пояснение", hint="Для чего нужен и в каком виде"),
        Date(name="until", label="Срок", hint="Если не указать — десять рабочих дней"),
        Files(
            name="answer",
            label="Запрошенный документ",
            open_in=frozenset({"sent", "returned"}),
            open_to=frozenset(ANSWERING),
        ),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "title", "organisation", "state", "author", "due_on"),
    editable_in=frozenset({"draft"}),
    numbers={"send": "out"},
    term={"send": "DL_RESOLUTION"},
    stops_term=frozenset({"submitted", "accepted", "closed", "annulled"}),
    on={"send": set_due},
    member_sees_from=frozenset({"sent", "submitted", "returned", "accepted", "closed", "archived"}),
)
