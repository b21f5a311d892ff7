"""Доверенность представителя: без даты совершения ничтожна (ст. 186 ГК РФ), без срока — один год."""

from __future__ import annotations

from datetime import date

from records.fields import Choices, Date, Files, Flag, Text, not_in_future
from records.kinds import from_reference
from records.service.unit import Work

POWERS = {
    "all": "Все полномочия",
    "meeting_vote": "Голосование на общих собраниях",
    "reports": "Отчёты",
    "extracts": "Выписки",
    "register_changes": "Изменения в реестр",
}


def starts(unit: Work) -> None:
    """An accepted proxy runs to its day; without a day, a year from its making (п. 1 ст. 186 ГК РФ)."""
    record = unit.record
    if record is None:
        return
    payload = record.payload or {}
    until = payload.get("valid_until")
    made = date.fromisoformat(str(payload["issued_on"]))
    record.due_on = date.fromisoformat(str(until)) if until else _year_later(made)
    record.due_rule = "valid_until"


def _year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 февраля (п. 3 ст. 192 ГК РФ)
        return date(day.year + 1, 2, 28)


KIND = from_reference(
    "power_of_attorney",
    "in",
    heading="Доверенность: {person}",
    description="Доверенность на представителя организации: скан или машиночитаемая (МЧД).",
    group="Организация",
    result="Подтверждение полномочий в кабинете",
    created_by=frozenset({"member_head"}),
    fields=(
        Text(name="person", label="Представитель (фамилия, имя, отчество)", required=True, max_length=200),
        Text(name="own_number", label="Номер доверенности", max_length=60),
        Date(name="issued_on", label="Дата совершения", required=True, rules=(not_in_future,)),
        Date(name="valid_until", label="Действует до", hint="Без срока доверенность действует год"),
        Choices(name="powers", label="Полномочия", choices=POWERS, required=True),
        Flag(name="substitution", label="С правом передоверия"),
        Files(name="files", label="Доверенность", required=True),
    ),
    columns=("number", "registered_on", "organisation", "person", "state", "due_on"),
    numbers={"register": "poa"},
    auto={"submitted": "register", "refused": "close", "revoked": "close", "expired": "close"},
    on={"activate": starts},
    on_due={"active": "expire"},
    stops_term=frozenset({"revoked", "expired", "refused", "closed"}),
    route_to="sro_clerk",
    prints="application",
    member_menu=True,
)
