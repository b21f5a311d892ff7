"""Акт проверки (C-34): нарушения с нормой, рекомендацией и сроком; член отвечает и прилагает устранение."""

from __future__ import annotations

from datetime import date

from records.fields import Choice, Date, Files, Flag, LongText, Rows, Text
from records.kinds import from_reference
from records.service import Work
from workflows.engine import Context
from workflows.reference import workflow_of

TYPES = {"planned": "Плановая", "unplanned": "Внеплановая"}


def violations_of(ctx: Context) -> list[object]:
    payload = ctx.facts["payload"]
    assert isinstance(payload, dict)
    found = payload.get("violations")
    return found if isinstance(found, list) else []


def has_violations(ctx: Context) -> str | None:
    """Only what is written in the act can be put under control."""
    return None if violations_of(ctx) else "В акте нет нарушений: контролировать нечего."


def none_left(ctx: Context) -> str | None:
    """«Нарушений нет» closes an act only when it names none (records.md §11)."""
    if ctx.state == "agreed" and violations_of(ctx):
        return "В акте есть нарушения: поставьте их на контроль."
    return None


def set_due(unit: Work) -> None:
    """DL_VIOLATION_FIX: the term stands in the act itself; the earliest one counts."""
    assert unit.record is not None
    rows = (unit.record.payload or {}).get("violations")
    days = [str(row["due"]) for row in rows if row.get("due")] if isinstance(rows, list) else []
    if days:
        unit.record.due_on, unit.record.due_rule = date.fromisoformat(min(days)), "DL_VIOLATION_FIX"


KIND = from_reference(
    "inspection_act",
    "internal",
    heading="Акт проверки: {organisation}",
    description="Результат проверки члена: нарушения, рекомендации, сроки устранения.",
    group="Контроль",
    workflow=workflow_of("inspection_act").with_changes(
        guards={"control": (has_violations,), "close": (none_left,)}
    ),
    created_by=frozenset({"sro_control"}),
    fields=(
        Choice(name="type", label="Вид проверки", choices=TYPES, required=True, filter=True),
        Date(name="inspected_on", label="Дата проверки", required=True),
        LongText(name="subject", label="Предмет проверки", required=True, max_length=2000),
        Rows(
            name="violations",
            label="Нарушения",
            of=(
                Text(name="what", label="Нарушение"),
                Text(name="norm", label="Норма"),
                Text(name="advice", label="Рекомендация"),
                Date(name="due", label="Устранить до"),
                Flag(name="fixed", label="Устранено"),
            ),
        ),
        Files(name="files", label="Материалы"),
        Files(
            name="fix",
            label="Документы об устранении",
            open_in=frozenset({"on_control"}),
            open_to=frozenset({"member_head", "member_proxy", "member_spec"}),
        ),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "organisation", "type", "state", "due_on"),
    numbers={"sign": "inspection"},
    on={"control": set_due},
    member_sees_from=frozenset({"sent", "disputed", "agreed", "on_control", "done", "closed", "archived"}),
    replies=("letter",),
)
