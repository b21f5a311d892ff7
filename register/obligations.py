"""The actual total of obligations under competitive contracts and what is left of the level.

Ст. 55.8, 55.13, 55.16 ГрК РФ; register.md §4. Pure arithmetic: where contracts lie, the caller knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .levels import Level, Table

ZERO = Decimal(0)
SMALL_CONTRACT = Decimal("10000000")
"""Up to this price a builder needs no membership (ч. 2.1 ст. 52 ГрК РФ, 124-ФЗ)."""
NEAR = Decimal("0.8")
"""From this share of the level on, the member is warned (register.md §4.2)."""

PROFILE = {
    "build": frozenset({"construction", "reconstruction", "capital_repair", "demolition"}),
    "design": frozenset({"design"}),
    "survey": frozenset({"survey"}),
}
NOT_CONTRACTOR = frozenset({"customer", "technical_customer", "developer_self"})
PRINCIPALS = frozenset({"developer", "technical_customer", "operator", "regional_operator"})

REASONS = {
    "role": "член не подрядчик по договору",
    "kind": "не подряд по профилю СРО",
    "terminated": "расторгнут, документ о расторжении есть",
    "executed": "исполнен, итоговый акт подписан",
    "excluded": "исключён куратором",
    "direct": "заключён без торгов",
    "customer": "субподряд: заказчик не застройщик",
    "before_right": "заключён до получения права ОДО",
    "below": "цена не больше 10 млн ₽",
}
WARNINGS = {
    "F7_OVER_ACCEPTED": "Принято больше цены договора: проверьте акты и доп. соглашения.",
    "F7_NO_TERMINATION": "Договор отмечен расторгнутым, но документа нет: обязательства учтены.",
    "F7_NO_FINAL_ACT": "Договор отмечен исполненным, но итогового акта нет: учтён остаток.",
    "F7_NO_ODO": "Конкурентный договор без права ОДО.",
    "F7_OVER_VV": "Цена договора выше уровня возмещения вреда.",
}


@dataclass(frozen=True)
class Policy:
    """The СРО's reading of disputed places (setting `register.obligations`, dated)."""

    scope: str = "competitive_only"
    include_subcontract: bool = False
    exclude_before_right: bool = True
    include_small: bool = True


@dataclass(frozen=True)
class Contract:
    """A contract as the count sees it."""

    price: Decimal
    accepted: Decimal = ZERO
    number: str = ""
    kind: str = "construction"
    member_role: str = "contractor"
    customer_role: str = "developer"
    procurement: str = "competitive"
    status: str = "active"
    termination_document: bool = False
    final_act: bool = False
    excluded_reason: str = ""
    made_on: date | None = None

    @property
    def remaining(self) -> Decimal:
        """The price by the latest agreement less what is accepted; the general contractor's own subcontracts
        lessen nothing."""
        return max(self.price - self.accepted, ZERO)


@dataclass(frozen=True)
class Line:
    """One contract in the count: what it adds, or why nothing; what deserves a look."""

    contract: Contract
    counted: Decimal
    excluded: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return REASONS.get(self.excluded, "")


@dataclass(frozen=True)
class Assessment:
    """The count of one member on a date."""

    fact_total: Decimal
    level: Level | None
    need: Level
    extra_fee: Decimal
    lines: tuple[Line, ...] = field(default=(), repr=False)

    @property
    def limit(self) -> Decimal | None:
        """The limit of the level, None without one; a member without the right may bind itself to nothing."""
        return ZERO if self.level is None else self.level.limit

    @property
    def free(self) -> Decimal | None:
        """«Остаток ОДО»; None is «не ограничен»."""
        return None if self.limit is None else self.limit - self.fact_total

    @property
    def share(self) -> Decimal:
        """How much of the level is used, 1 is all of it."""
        if self.limit is None or self.fact_total == 0:
            return ZERO
        return self.fact_total / self.limit if self.limit else Decimal(99)

    @property
    def state(self) -> str:
        """ok, near (from 80 %), exceeded: by this the warnings go out (§4.2)."""
        return "exceeded" if self.share > 1 else "near" if self.share >= NEAR else "ok"


def exclusion(contract: Contract, sro_kind: str, policy: Policy, right_since: date | None) -> str:
    """The first reason in the order of the reference why a contract is left out; empty when it counts."""
    tests = (
        ("role", contract.member_role in NOT_CONTRACTOR),
        ("kind", contract.kind not in PROFILE[sro_kind]),
        ("terminated", contract.status == "terminated" and contract.termination_document),
        ("executed", contract.status == "completed" and contract.final_act),
        ("excluded", bool(contract.excluded_reason)),
        ("direct", contract.procurement == "direct" and policy.scope == "competitive_only"),
        ("customer", contract.customer_role not in PRINCIPALS and not policy.include_subcontract),
        (
            "before_right",
            policy.exclude_before_right
            and right_since is not None
            and contract.made_on is not None
            and contract.made_on < right_since,
        ),
        ("below", sro_kind == "build" and not policy.include_small and contract.price <= SMALL_CONTRACT),
    )
    return next((code for code, holds in tests if holds), "")


def _line(contract: Contract, sro_kind: str, policy: Policy, right_since: date | None) -> Line:
    why = exclusion(contract, sro_kind, policy, right_since)
    checks = (
        ("F7_OVER_ACCEPTED", contract.accepted > contract.price),
        ("F7_NO_TERMINATION", contract.status == "terminated" and not contract.termination_document),
        ("F7_NO_FINAL_ACT", contract.status == "completed" and not contract.final_act),
    )
    warnings = tuple(code for code, holds in checks if holds)
    return Line(contract, ZERO if why else contract.remaining, why, warnings)


def assess(
    contracts: Iterable[Contract],
    level: int | None,
    table: Table,
    *,
    sro_kind: str = "build",
    policy: Policy | None = None,
    right_since: date | None = None,
) -> Assessment:
    """Count a member's obligations against its level of КФ ОДО (None: it has no such right)."""
    chosen = policy or Policy()
    lines = tuple(_line(c, sro_kind, chosen, right_since) for c in contracts)
    return _assessment(sum((line.counted for line in lines), ZERO), level, table, lines)


def _assessment(total: Decimal, level: int | None, table: Table, lines: tuple[Line, ...]) -> Assessment:
    need = table.level_for(total)
    fee = (need.fee if total else ZERO) if level is None else table.extra_fee(level, need.number)
    return Assessment(total, None if level is None else table.level(level), need, fee, lines)


@dataclass(frozen=True)
class Plan:
    """What would be if one more contract were made: the answer to «могу ли заключить договор на X»."""

    after: Assessment
    fits_odo: bool
    fits_vv: bool
    vv_need: Level
    vv_extra: Decimal

    @property
    def allowed(self) -> bool:
        return self.fits_odo and self.fits_vv


def plan(
    now: Assessment, amount: Decimal, odo: Table, vv: Table, vv_level: int | None, *, competitive: bool = True
) -> Plan:
    """A planned contract: the total against КФ ОДО, its own price against КФ ВВ."""
    level = None if now.level is None else now.level.number
    after = _assessment(now.fact_total + (amount if competitive else ZERO), level, odo, now.lines)
    need = vv.level_for(amount)
    fits_vv = vv_level is not None and vv_level > 0 and vv.level(vv_level).covers(amount)
    return Plan(
        after=after,
        fits_odo=not competitive or (now.level is not None and (after.free is None or after.free >= 0)),
        fits_vv=fits_vv,
        vv_need=need,
        vv_extra=ZERO
        if fits_vv
        else vv.extra_fee(vv_level or 0, need.number)
        if vv.has(vv_level or 0)
        else need.fee,
    )


def current_price(price: Decimal, agreements: Iterable[Decimal | None]) -> Decimal:
    """The price by the latest supplementary agreement that names one (a change of term leaves it)."""
    named = [amount for amount in agreements if amount is not None]
    return named[-1] if named else price
