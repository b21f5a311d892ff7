"""A bank statement in the format `1CClientBankExchange` → payments of members (exchange formats, §5; X-16).

The account says the kind of dues, the payer's ИНН the member; what matches nobody waits among the unclaimed.
A payment known by its date, number, sum, payer and account is not posted twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from records.actor import Actor
from records.database import db
from records.errors import Refused
from records.model import Record
from register import decisions, ledger

from .runs import Outcome, companies_by_inn, keep
from .tabular import Fault, Unreadable, day, money

HEAD = "1CClientBankExchange"
INVOICE = re.compile(r"сч[её]т\S*\s*[№N]?\s*(\d{5}/\d{2})", re.IGNORECASE)
KIND_OF_ACCOUNT = {"main": "membership", "vv": "kf_vv", "odo": "kf_odo"}
WORDS = (("вступит", "entry"), ("целев", "target"), ("штраф", "fine"))
CODINGS = {"windows": "cp1251", "dos": "cp866"}


@dataclass(frozen=True)
class Payment:
    """One credit of the statement."""

    line: int
    number: str
    on: date
    amount: Decimal
    payer: str
    payer_inn: str
    account: str
    purpose: str

    @property
    def key(self) -> str:
        return ledger.key_of("bank", self.on, self.number, self.amount, self.payer_inn, self.account)


def load(actor: Actor, content: bytes, name: str, *, dry: bool = False) -> Outcome:
    """Post the payments of a statement; `dry` only says what would be."""
    outcome, found = Outcome(), []
    for line, section in sections(decoded(content)):
        try:
            found.append(_payment(line, section))
        except Unreadable as problem:
            outcome.faults.append(Fault(line, str(problem)))
    known = companies_by_inn([p.payer_inn for p in found])
    rows = []
    for payment in found:
        purpose = decisions.purpose_of_account(payment.account)
        if not purpose:
            outcome.faults.append(Fault(payment.line, f"счёт получателя {payment.account} не наш"))
            continue
        organisation_id = known.get(payment.payer_inn) or _by_invoice(payment.purpose)
        outcome.unclaimed += organisation_id is None
        rows.append(_posting(payment, purpose, organisation_id))
    if not dry and rows:
        outcome.added, outcome.same = ledger.post(actor, rows)
    keep(actor, "payments", name, content, outcome, dry=dry)
    return outcome


def decoded(content: bytes) -> str:
    """The text in the coding that the file itself names («Кодировка=Windows/DOS»), or UTF-8."""
    for coding in ("cp1251", "cp866"):
        named = re.search(r"^Кодировка=(\w+)", content.decode(coding, errors="replace"), re.MULTILINE)
        if named and CODINGS.get(named[1].casefold()) == coding:
            return content.decode(coding, errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("Кодировка выписки не распознана.") from error


def sections(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Documents of the statement with the line each begins at. Raises Refused when it is another format."""
    lines = text.splitlines()
    if not lines or lines[0].strip().lstrip("\ufeff") != HEAD:
        raise Refused("Это не выписка банка в формате 1С («1CClientBankExchange»).")
    started, values = 0, dict[str, str]()
    for number, line in enumerate(lines, 1):
        key, _, value = line.strip().partition("=")
        if key == "СекцияДокумент":
            started, values = number, {}
        elif key == "КонецДокумента" and started:
            yield started, values
            started = 0
        elif started:
            values[key] = value.strip()
    if started:
        raise Refused(f"Выписка обрывается: документ в строке {started} не закончен.")


def _payment(line: int, section: Mapping[str, str]) -> Payment:
    on = day(section.get("ДатаПоступило") or section.get("Дата"))
    amount = money(section.get("Сумма"))
    if on is None or amount is None or not amount:
        raise Unreadable("нет даты поступления или суммы")
    return Payment(
        line=line,
        number=section.get("Номер", ""),
        on=on,
        amount=amount,
        payer=section.get("Плательщик1") or section.get("Плательщик", ""),
        payer_inn=section.get("ПлательщикИНН", ""),
        account=section.get("ПолучательРасчСчет") or section.get("ПолучательСчет", ""),
        purpose=section.get("НазначениеПлатежа", ""),
    )


def _by_invoice(purpose: str) -> int | None:
    """A payment by another for a member names the invoice («по счёту № 00117/26»)."""
    named = INVOICE.search(purpose)
    if named is None:
        return None
    wanted = select(Record.organisation_id).where(Record.kind == "invoice", Record.number_text == named[1])
    return db.session.scalar(wanted.limit(1))


def _posting(payment: Payment, purpose: str, organisation_id: int | None) -> dict[str, object]:
    kind = KIND_OF_ACCOUNT[purpose]
    said = payment.purpose.casefold()
    if purpose == "main":
        kind = next((code for word, code in WORDS if word in said and code != "fine"), kind)
    if purpose == "vv" and "штраф" in said:
        kind = "fine"
    return {
        "organisation_id": organisation_id,
        "source_key": payment.key,
        "kind": kind,
        "on_date": payment.on,
        "paid": payment.amount,
        "document": f"Платёжное поручение № {payment.number}"[:100],
        "purpose": payment.purpose[:500],
        "payer": payment.payer[:300],
        "payer_inn": payment.payer_inn[:12],
    }
