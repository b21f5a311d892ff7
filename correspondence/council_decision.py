"""Решение (протокол) совета: пункты с поручениями, подпись совета, номер вида «51-17» (records.md §3.1)."""

from __future__ import annotations

from records.fields import Date, Files, Integer, LongText, Rows, Text
from records.kinds import from_reference
from workflows.engine import Context
from workflows.reference import workflow_of


def quorum(ctx: Context) -> str | None:
    """The council is competent when more than half of its members take part (7-ФЗ ст. 29 п. 4)."""
    payload = ctx.facts["payload"]
    assert isinstance(payload, dict)
    members, present = payload.get("members") or 0, payload.get("present") or 0
    return None if present * 2 > members else f"Нет кворума: присутствуют {present} из {members}."


KIND = from_reference(
    "council_decision",
    "internal",
    title="Решение совета",
    heading="Решение совета от {held_on}: {subject}",
    description="Протокол совета: вопросы, голоса, решения с исполнителями и сроками.",
    result="Уведомления членам, счета, записи реестра",
    group="Органы управления",
    workflow=workflow_of("council_decision").with_changes(guards={"to_sign": (quorum,)}),
    created_by=frozenset({"council_secretary"}),
    fields=(
        Text(name="subject", label="О чём", required=True),
        Date(name="held_on", label="Дата заседания", required=True),
        Integer(name="members", label="Членов совета", required=True, minimum=1, maximum=200),
        Integer(name="present", label="Присутствовали", required=True, minimum=0, maximum=200),
        Rows(
            name="items",
            label="Вопросы и решения",
            required=True,
            of=(
                Text(name="question", label="Вопрос"),
                LongText(name="decision", label="Решение"),
                Text(name="votes", label="За / против / воздержались", max_length=40),
                Text(name="doer", label="Исполнитель"),
                Date(name="due", label="Срок"),
            ),
        ),
        Files(name="files", label="Материалы"),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "title", "held_on", "state"),
    numbers={"sign": "protocol_council"},
)
