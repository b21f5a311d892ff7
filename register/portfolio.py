"""Contracts of members: entered or loaded, excluded by a curator with a reason, watched for delays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from records import policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.service import work

from . import cards, decisions
from .history import member_on
from .model import Contract, ContractStage
from .obligations import Assessment, Line, Plan, plan

KINDS = {
    "construction": "Строительство",
    "reconstruction": "Реконструкция",
    "capital_repair": "Капитальный ремонт",
    "demolition": "Снос",
    "design": "Проектирование",
    "survey": "Изыскания",
    "current_repair": "Текущий ремонт",
    "supply": "Поставка",
    "service": "Услуги",
}
MEMBER_ROLES = {
    "contractor": "Подрядчик",
    "subcontractor": "Субподрядчик",
    "customer": "Заказчик",
    "technical_customer": "Технический заказчик",
    "developer_self": "Застройщик своими силами",
}
CUSTOMER_ROLES = {
    "developer": "Застройщик",
    "technical_customer": "Технический заказчик",
    "operator": "Эксплуатирующая организация",
    "regional_operator": "Региональный оператор",
    "contractor": "Подрядчик",
}
PROCUREMENTS = {"competitive": "Конкурентный", "direct": "Без торгов"}
STATUSES = {"active": "Исполняется", "completed": "Исполнен", "terminated": "Расторгнут"}


def source_key(organisation_id: int, number: str, made_on: date) -> str:
    """What makes it the same contract in every file: member, number without blanks, date."""
    said = f"{organisation_id}|{''.join(number.casefold().split())}|{made_on.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Put:
    """What came of a batch of contracts."""

    added: int
    changed: int
    same: int


def put(actor: Actor, rows: Iterable[Mapping[str, object]], *, source: str = "manual") -> Put:
    """Add contracts, or bring known ones up to date; loading the same twice changes nothing."""
    if not policy.may_keep_contracts(actor):
        raise Forbidden
    added = changed = same = 0
    touched: set[int] = set()
    with work(actor) as unit:
        given = [_keyed(row) for row in rows]
        known = _known([str(row["source_key"]) for row in given])
        for row in given:
            key = str(row["source_key"])
            entry = known.get(key)
            if entry is None:
                entry = Contract(**row, source=source, updated_at=unit.at)
                db.session.add(entry)
                known[key] = entry
                added += 1
            elif any(getattr(entry, name) != value for name, value in row.items()):
                for name, value in row.items():
                    setattr(entry, name, value)
                entry.updated_at = unit.at
                changed += 1
            else:
                same += 1
                continue
            touched.add(entry.organisation_id)
        db.session.flush()
        if touched:
            cards.refresh(sorted(touched), unit.today, at=unit.at)
    return Put(added, changed, same)


def _keyed(row: Mapping[str, object]) -> dict[str, object]:
    organisation_id, number, made_on = row["organisation_id"], row["number"], row["made_on"]
    assert isinstance(organisation_id, int) and isinstance(made_on, date)
    return {**row, "source_key": source_key(organisation_id, str(number), made_on)}


def _known(keys: Sequence[str]) -> dict[str, Contract]:
    found: dict[str, Contract] = {}
    for first in range(0, len(keys), 500):
        rows = db.session.scalars(select(Contract).where(Contract.source_key.in_(keys[first : first + 500])))
        found.update((row.source_key, row) for row in rows)
    return found


def exclude(actor: Actor, contract_id: int, reason: str) -> Contract:
    """Leave a contract out of the count, or take it back with an empty reason."""
    if not policy.may_keep_contracts(actor):
        raise Forbidden
    with work(actor) as unit:
        entry = db.session.get(Contract, contract_id)
        if entry is None:
            raise NotFound
        if len(reason.strip()) > 500:
            raise Invalid({"reason": ["Слишком длинно: не больше 500 знаков."]})
        entry.excluded_reason, entry.updated_at = reason.strip(), unit.at
        db.session.flush()
        cards.refresh([entry.organisation_id], unit.today, at=unit.at)
        return entry


@dataclass(frozen=True)
class Counted:
    """A contract of a member with its place in the count."""

    contract: Contract
    line: Line
    late: bool
    stages: Sequence[ContractStage] = ()


def of_member(actor: Actor, organisation_id: int, today: date) -> tuple[Assessment, list[Counted]]:
    """The count of a member and its contracts, the newest first."""
    if not policy.may_read_member(actor, organisation_id):
        raise NotFound
    rows = db.session.scalars(
        select(Contract).where(Contract.organisation_id == organisation_id).order_by(Contract.id)
    ).all()
    found = cards.assessment(organisation_id, today)
    stages = _stages([row.id for row in rows])
    counted = [
        Counted(row, line, is_late(row, today), stages.get(row.id, ()))
        for row, line in zip(rows, found.lines, strict=True)
    ]
    return found, sorted(counted, key=lambda c: (c.contract.made_on, c.contract.id), reverse=True)


def _stages(ids: Sequence[int]) -> dict[int, list[ContractStage]]:
    found: dict[int, list[ContractStage]] = {}
    wanted = select(ContractStage).where(ContractStage.contract_id.in_(ids)).order_by(ContractStage.position)
    for stage in db.session.scalars(wanted):
        found.setdefault(stage.contract_id, []).append(stage)
    return found


def is_late(contract: Contract, today: date) -> bool:
    """The term has passed and the contract goes on (C-39)."""
    return contract.status == "active" and contract.ends_on is not None and contract.ends_on < today


def what_if(
    actor: Actor, organisation_id: int, amount: Decimal, today: date, *, competitive: bool = True
) -> Plan:
    """«Могу ли заключить договор на X?» (C-33)."""
    if not policy.may_read_member(actor, organisation_id):
        raise NotFound
    vv, odo = decisions.tables(today)
    member = member_on(organisation_id, today)
    level = member.number("vv_level")
    now = cards.assessment(organisation_id, today)
    return plan(now, amount, odo, vv, level if vv.has(level) else None, competitive=competitive)
