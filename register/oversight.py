"""What hangs on a member and runs out: policies, specialists, inspections with violations, measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from records import policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.people import Organisation
from records.service import work

from . import cards, decisions, terms
from .model import Inspection, InsurancePolicy, Measure, MemberSpecialist, Violation

INSPECTION_KINDS = {"planned": "Плановая", "unplanned": "Внеплановая"}
INSPECTION_FORMS = {
    "documentary": "Документарная",
    "field": "Выездная",
    "remote": "Камеральная дистанционная",
}
RESULTS = {"": "Предстоит", "clean": "Нарушений нет", "found": "Выявлены нарушения"}
MEASURES = {
    "prescription": "Предписание об устранении",
    "warning": "Предупреждение",
    "fine": "Штраф",
    "suspend": "Приостановление права",
    "resume": "Возобновление права",
    "terminate": "Прекращение права",
    "odo_restrict": "Ограничение права ОДО",
    "odo_unrestrict": "Снятие ограничения права ОДО",
    "recommend_expel": "Рекомендация об исключении",
    "expel": "Исключение",
}
Row = TypeVar("Row", InsurancePolicy, MemberSpecialist, Inspection, Measure)


def _own(actor: Actor, organisation_id: int) -> None:
    if not policy.may_read_member(actor, organisation_id):
        raise NotFound


def policies(actor: Actor, organisation_id: int) -> list[InsurancePolicy]:
    _own(actor, organisation_id)
    wanted = select(InsurancePolicy).where(InsurancePolicy.organisation_id == organisation_id)
    return list(db.session.scalars(wanted.order_by(InsurancePolicy.ends_on.desc(), InsurancePolicy.id)))


@dataclass(frozen=True)
class People:
    """Specialists of a member and how many are missing to the minimum."""

    rows: Sequence[tuple[MemberSpecialist, bool]]
    minimum: int
    short: int


def specialists(actor: Actor, organisation_id: int, today: date) -> People:
    """Each specialist with «counts or not», and the warning of the minimum (C-36)."""
    _own(actor, organisation_id)
    wanted = select(MemberSpecialist).where(MemberSpecialist.organisation_id == organisation_id)
    rows = list(db.session.scalars(wanted.order_by(MemberSpecialist.name)))
    minimum = decisions.minimum_specialists(today)
    people = [as_rule(row) for row in rows]
    return People(
        [(row, person.counts(today)) for row, person in zip(rows, people, strict=True)],
        minimum,
        terms.specialists_short(people, today, minimum),
    )


def as_rule(row: MemberSpecialist) -> terms.Specialist:
    """The row as the rule of the minimum sees it."""
    return terms.Specialist(row.is_listed, row.main_work, row.assessed_on, row.employed_from, row.employed_to)


def inspections(actor: Actor, organisation_id: int) -> list[tuple[Inspection, list[Violation]]]:
    """Planned and held inspections, the newest first, each with its violations (C-34)."""
    _own(actor, organisation_id)
    wanted = select(Inspection).where(Inspection.organisation_id == organisation_id)
    rows = list(db.session.scalars(wanted.order_by(Inspection.starts_on.desc(), Inspection.id.desc())))
    found: dict[int, list[Violation]] = {row.id: [] for row in rows}
    for violation in db.session.scalars(
        select(Violation).where(Violation.inspection_id.in_(list(found))).order_by(Violation.id)
    ):
        found[violation.inspection_id].append(violation)
    return [(row, found[row.id]) for row in rows]


def measures(actor: Actor, organisation_id: int) -> list[Measure]:
    _own(actor, organisation_id)
    wanted = select(Measure).where(Measure.organisation_id == organisation_id)
    return list(db.session.scalars(wanted.order_by(Measure.decided_on.desc(), Measure.id.desc())))


def add(actor: Actor, model: type[Row], organisation_id: int, **values: object) -> Row:
    """Write a policy, a specialist, an inspection or a measure; contradictory dates are refused."""
    if not policy.may_keep_contracts(actor):
        raise Forbidden
    if problem := _dates_wrong(values):
        raise Invalid(problem)
    with work(actor) as unit:
        if db.session.get(Organisation, organisation_id) is None:
            raise NotFound
        entry = model(organisation_id=organisation_id, **values)
        db.session.add(entry)
        db.session.flush()
        cards.refresh([organisation_id], unit.today, at=unit.at)
        return entry


_PAIRS = (("starts_on", "ends_on"), ("employed_from", "employed_to"), ("decided_on", "until"))


def _dates_wrong(values: Mapping[str, object]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for first, last in _PAIRS:
        start, end = values.get(first), values.get(last)
        if isinstance(start, date) and isinstance(end, date) and end < start:
            wrong[last] = ["Конец раньше начала."]
    return wrong
