"""Решение о мере дисциплинарного воздействия: копия члену, контроль срока (315-ФЗ, ст. 10)."""

from __future__ import annotations

from records.fields import Choice, Date, Files, LongText, Text
from records.kinds import from_reference

MEASURES = {
    "order": "Предписание",
    "warning": "Предупреждение",
    "suspension": "Приостановление права",
    "fine": "Штраф",
    "exclusion": "Рекомендация об исключении",
}

KIND = from_reference(
    "discipline_decision",
    "internal",
    title="Дисциплинарное решение",
    heading="Дисциплинарное решение: {organisation}",
    description="Мера дисциплинарного воздействия к члену СРО.",
    group="Контроль",
    created_by=frozenset({"comm_discipline"}),
    fields=(
        Choice(name="measure", label="Мера", choices=MEASURES, required=True, filter=True),
        Text(name="ground", label="Основание", required=True, max_length=500),
        LongText(name="text", label="Решение", required=True),
        Date(name="fix_by", label="Срок устранения"),
        Files(name="files", label="Материалы"),
        Files(name="documents", label="Документ"),
    ),
    columns=("number", "registered_on", "organisation", "measure", "state", "due_on"),
    numbers={"sign": "discipline"},
    member_sees_from=frozenset({"sent", "on_control", "disputed", "done", "closed", "archived", "annulled"}),
)
