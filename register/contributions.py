"""Dues: charges and payments of one member, counted by kind (register.md §7).

Kinds are never set off against each other: КФ ВВ and КФ ОДО lie on special accounts (ст. 55.16-1 ГрК РФ).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

ZERO = Decimal(0)
KINDS = MappingProxyType(
    {
        "entry": "Вступительный взнос",
        "membership": "Членский взнос",
        "target": "Целевой взнос",
        "kf_vv": "Взнос в КФ возмещения вреда",
        "kf_odo": "Взнос в КФ обеспечения договорных обязательств",
        "fine": "Штраф",
    }
)
ACCOUNT_OF = MappingProxyType(
    {"entry": "main", "membership": "main", "target": "main", "kf_vv": "vv", "kf_odo": "odo", "fine": "vv"}
)
"""Which of the СРО's three accounts takes a kind; a fine goes to КФ ВВ."""


@dataclass(frozen=True)
class Posting:
    """A charge (debit of the member) or a payment (credit)."""

    kind: str
    on: date
    charged: Decimal = ZERO
    paid: Decimal = ZERO
    due_on: date | None = None
    document: str = ""
    period: str = ""


@dataclass(frozen=True)
class OpenCharge:
    """A charge, or what is left of it after payments, the oldest paid first."""

    posting: Posting
    left: Decimal
    overdue: bool


@dataclass(frozen=True)
class Balance:
    """One kind on a date."""

    kind: str
    charged: Decimal
    paid: Decimal
    debt: Decimal
    open: tuple[OpenCharge, ...]

    @property
    def title(self) -> str:
        return KINDS[self.kind]

    @property
    def owed(self) -> Decimal:
        """Charged and not paid, whether its term has come or not."""
        return max(self.charged - self.paid, ZERO)

    @property
    def overpaid(self) -> Decimal:
        return max(self.paid - self.charged, ZERO)


def balances(postings: Iterable[Posting], on: date) -> list[Balance]:
    """Every kind that has postings up to a date: debt is the part whose term has passed."""
    rows = [p for p in postings if p.on <= on]
    return [
        _balance(kind, [p for p in rows if p.kind == kind], on)
        for kind in KINDS
        if any(p.kind == kind for p in rows)
    ]


def _balance(kind: str, rows: Sequence[Posting], on: date) -> Balance:
    paid = sum((p.paid for p in rows), ZERO)
    left, open_charges = paid, []
    for charge in sorted((p for p in rows if p.charged), key=lambda p: (p.due_on or p.on, p.on)):
        covered = min(left, charge.charged)
        left -= covered
        if rest := charge.charged - covered:
            open_charges.append(OpenCharge(charge, rest, (charge.due_on or charge.on) < on))
    debt = sum((c.left for c in open_charges if c.overdue), ZERO)
    return Balance(kind, sum((p.charged for p in rows), ZERO), paid, debt, tuple(open_charges))


@dataclass(frozen=True)
class Reconciliation:
    """An act of reconciliation: opening and closing balances (+ in favour of the СРО), turnovers, lines."""

    since: date
    until: date
    opening: Decimal
    lines: tuple[Posting, ...]

    @property
    def charged(self) -> Decimal:
        return sum((p.charged for p in self.lines), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((p.paid for p in self.lines), ZERO)

    @property
    def closing(self) -> Decimal:
        return self.opening + self.charged - self.paid


def reconcile(
    postings: Iterable[Posting], since: date, until: date, *, opening: Decimal = ZERO
) -> Reconciliation:
    """Count an act for a period; `opening` is what was carried from another program, if anything."""
    if until < since:
        raise ValueError("конец периода раньше начала")
    rows = sorted(postings, key=lambda p: p.on)
    before = sum((p.charged - p.paid for p in rows if p.on < since), opening)
    return Reconciliation(since, until, before, tuple(p for p in rows if since <= p.on <= until))


def payment_qr(
    *,
    name: str,
    account: str,
    bank: str,
    bik: str,
    correspondent: str,
    inn: str,
    kpp: str,
    purpose: str,
    amount: Decimal,
) -> str:
    """The text of a payment code (ГОСТ Р 56042-2014): UTF-8 («12»), kopecks, no separator in values."""
    fields = (
        ("Name", name),
        ("PersonalAcc", account),
        ("BankName", bank),
        ("BIC", bik),
        ("CorrespAcc", correspondent),
        ("PayeeINN", inn),
        ("KPP", kpp),
        ("Purpose", purpose),
        ("Sum", str(int(amount * 100))),
    )
    return "ST00012|" + "|".join(f"{key}={value.replace('|', ' ').strip()}" for key, value in fields if value)
