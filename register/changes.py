"""Changes by application only: what an approved paper does to the entry (C-22, C-23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from records.actor import SYSTEM_ACTOR
from records.service import Work

from . import keeping
from .history import member_on
from .member_fields import changeable

_BY_LABEL = {declared.label: declared for declared in changeable()}


def proposed(payload: Mapping[str, object]) -> dict[str, str]:
    """Field → new value as the member has typed it in the register's page."""
    rows = payload.get("items")
    found: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else []:
        declared = _BY_LABEL.get(str(row.get("what") or ""))
        if declared is not None:
            found[declared.name] = str(row.get("now") or "")
    return found


def apply_change(unit: Work) -> None:
    """Approved values hold from the day of the change; free text waits for the registrar."""
    record = unit.record
    assert record is not None
    payload = dict(record.payload or {})
    values = proposed(payload)
    if not values or record.organisation_id is None:
        return
    said = payload.get("changed_on")
    keeping.enter(
        unit.actor.as_system(),
        record.organisation_id,
        values,
        valid_from=date.fromisoformat(str(said)) if said else unit.today,
        ground=f"Заявление {record.number_text}",
        ground_id=record.id,
    )


def end_membership(unit: Work) -> None:
    """A withdrawal ends membership with the day it is received (ч. 1 ст. 55.7 ГрК РФ)."""
    record = unit.record
    assert record is not None
    organisation_id = record.organisation_id
    if organisation_id is None:
        return
    day = record.registered_on or unit.today
    before = member_on(organisation_id, day)
    if not before.is_member:
        return
    values = {
        "membership_status": "terminated",
        "terminated_date": day.isoformat(),
        "termination_reason": "Добровольный выход",
    }
    values |= {
        name: "terminated"
        for name in ("right_status", "odo_right_status")
        if before.get(name) not in ("", "none", "terminated")
    }
    keeping.enter(
        SYSTEM_ACTOR,
        organisation_id,
        values,
        valid_from=day,
        ground=f"Заявление {record.number_text}",
        ground_id=record.id,
    )
