"""Papers of the accounts made from the ledger: an invoice with its payment code, an act of reconciliation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from language.words import roubles_in_words, sum_with_words
from records import parameters, policy, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.model import Record
from records.people import Organisation
from workflows.calendar import WorkingCalendar

from . import decisions, ledger
from .contributions import ACCOUNT_OF, KINDS, payment_qr

INVOICE_KIND = {
    "entry": "entrance",
    "membership": "membership",
    "target": "target",
    "kf_vv": "kf_vv",
    "kf_odo": "kf_odo",
}
TERM_DAYS = 5
"""Working days to pay an invoice, unless the staff write another day."""


def invoice(
    actor: Actor,
    organisation_id: int,
    kind: str,
    amount: Decimal | None = None,
    *,
    reply_to: int | None = None,
) -> Record:
    """A draft of an invoice: the sum owed by kind unless named, the account of the kind, the payment code."""
    if not policy.may_keep_dues(actor):
        raise Forbidden
    company = db.session.get(Organisation, organisation_id)
    if company is None:
        raise NotFound
    if kind not in INVOICE_KIND:
        raise Invalid({"kind": ["Выберите вид взноса."]})
    today = parameters.today()
    balance = next((b for b in ledger.state_of(actor, organisation_id, today) if b.kind == kind), None)
    sum_due = amount if amount is not None else (balance.owed if balance else Decimal(0))
    if sum_due <= 0:
        raise Refused("Долга по этому виду взноса нет: укажите сумму счёта.")
    periods = ", ".join(c.posting.period for c in balance.open if c.posting.period) if balance else ""
    purpose = f"{KINDS[kind]}{f' за {periods}' if periods else ''}, {company.short_name}. Без НДС"
    return service.create(
        actor,
        "invoice",
        organisation_id=organisation_id,
        reply_to=reply_to,
        fields={
            "due": INVOICE_KIND[kind],
            "period": periods[:60],
            "amount": f"{sum_due:.2f}",
            "in_words": roubles_in_words(sum_due),
            "pay_until": WorkingCalendar.load().add_working_days(today, TERM_DAYS).isoformat(),
            "payment_code": _code(kind, purpose, sum_due),
        },
    )


def _code(kind: str, purpose: str, amount: Decimal) -> str:
    """The text of the QR, or nothing when the account of the kind is not set."""
    place, office = decisions.account(ACCOUNT_OF[kind]), parameters.office()
    if place is None:
        return ""
    return payment_qr(
        name=str(office.get("full_name") or ""),
        account=place.account,
        bank=place.bank,
        bik=place.bik,
        correspondent=place.correspondent,
        inn=str(office.get("inn") or ""),
        kpp=str(office.get("kpp") or ""),
        purpose=purpose[:210],
        amount=amount,
    )


def reconciliation(
    actor: Actor, organisation_id: int, since: date, until: date, *, reply_to: int | None = None
) -> Record:
    """A draft of an act: opening balance, every posting of the period, turnovers, in whose favour."""
    if not policy.may_keep_dues(actor):
        raise Forbidden
    if until < since:
        raise Invalid({"until": ["Конец периода раньше начала."]})
    act = ledger.act_of(actor, organisation_id, since, until)
    lines = [
        {
            "on": p.on.isoformat(),
            "what": p.document[:300],
            "charged": f"{p.charged:.2f}",
            "paid": f"{p.paid:.2f}",
        }
        for p in act.lines[:200]
    ]
    return service.create(
        actor,
        "reconciliation_act",
        organisation_id=organisation_id,
        reply_to=reply_to,
        fields={
            "since": since.isoformat(),
            "until": until.isoformat(),
            "charged": f"{act.charged:.2f}",
            "paid": f"{act.paid:.2f}",
            "opening": _balance(act.opening),
            "closing": _balance(act.closing),
            "lines": lines,
        },
    )


def _balance(amount: Decimal) -> str:
    if not amount:
        return "0,00"
    return f"{sum_with_words(abs(amount))} в пользу {'СРО' if amount > 0 else 'члена'}"
