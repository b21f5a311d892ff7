"""What this СРО has decided within the law, from its dated settings: kind, larger dues, disputed readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from records import parameters

from . import levels
from .obligations import Policy
from .terms import MINIMUM_SPECIALISTS

KINDS = {
    "build": "осуществляющих строительство, реконструкцию, капитальный ремонт, снос объектов",
    "design": "осуществляющих подготовку проектной документации",
    "survey": "выполняющих инженерные изыскания",
}


def sro_kind(on: date | None = None) -> str:
    """«build», «design» or «survey» (office setting `kind`; builders unless told)."""
    office = parameters.get("office", {}, on=on)
    kind = str(office.get("kind") or "build") if isinstance(office, dict) else "build"
    return kind if kind in KINDS else "build"


def tables(on: date) -> tuple[levels.Table, levels.Table]:
    """The tables of КФ ВВ and КФ ОДО in force on a date."""
    own = parameters.get("register.levels", [], on=on)
    rows = [row for row in own if isinstance(row, dict)] if isinstance(own, list) else []
    kind = sro_kind(on)
    return levels.table(kind, "vv", on, rows), levels.table(kind, "odo", on, rows)


def counting(on: date) -> Policy:
    """The СРО's reading of the disputed places of the count of obligations."""
    said = parameters.get("register.obligations", {}, on=on)
    given = said if isinstance(said, dict) else {}
    plain = Policy()
    return Policy(
        scope=str(given.get("scope", plain.scope)),
        include_subcontract=bool(given.get("include_subcontract", plain.include_subcontract)),
        exclude_before_right=bool(given.get("exclude_before_right", plain.exclude_before_right)),
        include_small=bool(given.get("include_small", plain.include_small)),
    )


@dataclass(frozen=True)
class Account:
    """Where dues of a kind are paid: three accounts, one for each purpose (ст. 55.16-1 ГрК РФ)."""

    account: str
    bank: str
    bik: str
    correspondent: str


def account(purpose: str, on: date | None = None) -> Account | None:
    """The account «main», «vv» or «odo» (setting `register.accounts`); None when it is not set."""
    said = parameters.get("register.accounts", {}, on=on)
    row: object = said.get(purpose) if isinstance(said, Mapping) else None
    if not isinstance(row, Mapping) or not row.get("account"):
        return None
    return Account(*(str(row.get(name) or "") for name in ("account", "bank", "bik", "correspondent")))


def purpose_of_account(number: str) -> str:
    """Which of the three accounts this number is; empty when it is none of ours."""
    found = (purpose for purpose in ("main", "vv", "odo") if (a := account(purpose)) and a.account == number)
    return next(found, "")


def minimum_specialists(on: date) -> int:
    """Least number of specialists of НРС; a СРО may ask for more (ч. 6 ст. 55.5 ГрК РФ)."""
    said = parameters.get("register.specialists", MINIMUM_SPECIALISTS, on=on)
    return max(MINIMUM_SPECIALISTS, int(str(said)))
