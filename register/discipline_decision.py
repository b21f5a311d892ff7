"""Решение дисциплинарной комиссии о мере воздействия; копия члену за два рабочих дня (315-ФЗ ст. 10)."""

from __future__ import annotations

from records.fields import Choice, Date, Files, LongText
from records.kinds import from_reference

MEASURES = {
    "order": "Предписание об устранении",
    "warning": "Предупреждение",
    "fine": "Штраф",
    "suspension": "Приостановление права",
    "exclusion": "Рекомендация об исключении",
}

KIND = from_reference(
    "discipline_decision",
    "internal",
    title="Решение дисциплинарной комиссии",
    heading="{measure}: {organisation}",
    description="Мера дисциплинарного воздействия: предписание, предупреждение, приостановление.",
    group="Контроль",
    created_by=frozenset({"comm_discipline"}),
    fields=(
        Choice(name="measure", label="Мера", choices=MEASURES, required=True, filter=True),
        Date(name="held_on", label="Дата заседания", required=True),
        LongText(name="text", label="Установлено и решено", required=True),
        Files(name="files", label="Материалы"),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "organisation", "measure", "state", "due_on"),
    numbers={"sign": "discipline"},
    term={"sign": "DL_DISC_COPY", "control": "DL_RESOLUTION"},
    member_sees_from=frozenset({"sent", "on_control", "disputed", "done", "closed", "archived"}),
    replies=("letter",),
)
