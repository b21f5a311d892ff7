"""Отчёт члена: one form of one year is one record; «сид» 002, reference 0.3 of the forms."""

from __future__ import annotations

from dataclasses import replace

from records.fields import Flag, Integer, Text
from records.kinds import from_reference
from workflows.engine import Transition
from workflows.reference import workflow_of

from . import opening, sending

TAKEN_BACK = Transition(
    verb="take_back",
    title="Отменить отклонение",
    source="returned",
    target="in_review",
    by=frozenset({"sro_curator"}),
    needs_note=True,
    rule="ошибочно поставленный статус снимает куратор с причиной (F-08)",
)
_TABLE = workflow_of("report")

KIND = from_reference(
    "report",
    "in",
    workflow=replace(_TABLE, transitions=(*_TABLE.transitions, TAKEN_BACK)).with_changes(
        guards={
            "submit": (sending.not_ready,),
            "sign": (sending.not_signed,),
            "accept": (sending.not_verified,),
        },
        consequences={
            "submit": "Форме будет присвоен входящий номер, до решения куратора её нельзя менять.",
            "approve": "Будет составлена печатная форма Excel, член СРО сможет её подписать.",
        },
    ),
    heading="Форма {form_number} за {year} год",
    description="Ежегодный отчёт о деятельности по формам 1–11 и 7.1.",
    result="Отметка куратора об одобрении и печатная форма для подписи",
    group="Отчёты",
    created_by=frozenset({"member_head", "member_proxy", "member_spec"}),
    fields=(
        Text(name="form", label="Форма (код)", max_length=10, required=True, filter=True),
        Text(name="form_number", label="Форма", max_length=10),
        Text(name="form_title", label="Название формы"),
        Integer(name="year", label="Отчётный год", required=True, filter=True),
        Text(name="object", label="Объект", max_length=300),
        Flag(name="nil", label="Сведений нет"),
    ),
    columns=("number", "registered_on", "organisation", "form_number", "year", "state", "assignee", "due_on"),
    numbers={"register": "in"},
    term={"register": "DL_REPORT_REVIEW", "approve": "DL_REPORT_SIGN"},
    auto={"submitted": "register", "signed": "accept"},
    route_to="sro_curator",
    on={
        "create": opening.begin,
        "submit": sending.on_submit,
        "approve": sending.on_approve,
        "return": sending.on_return,
        "accept": sending.on_accept,
    },
    stops_term=frozenset({"signed", "accepted", "closed", "annulled"}),
    listed=False,
    max_files=2000,
)
