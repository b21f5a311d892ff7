"""The ledger of dues: charges, payments, what nobody has claimed, debt and acts of reconciliation (§7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select

from records import policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, NotFound
from records.people import Organisation
from records.service import work

from . import cards
from .contributions import KINDS, Balance, Posting, Reconciliation, balances, reconcile
from .model import DuesPosting


def key_of(*parts: object) -> str:
    """What makes it the same posting in every file."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


def post(actor: Actor, rows: Iterable[Mapping[str, object]]) -> tuple[int, int]:
    """Write postings; those already known by `source_key` are left. Returns (written, known before)."""
    if not policy.may_keep_dues(actor):
        raise Forbidden
    with work(actor) as unit:
        given = {str(row["source_key"]): row for row in rows}
        known = _known(list(given))
        fresh = [{**_EMPTY, **row, "posted_at": unit.at} for key, row in given.items() if key not in known]
        if fresh:
            db.session.execute(insert(DuesPosting), fresh)
        touched = {int(str(row["organisation_id"])) for row in fresh if row.get("organisation_id")}
        if touched:
            cards.refresh(sorted(touched), unit.today, at=unit.at)
        return len(fresh), len(known)


_EMPTY: dict[str, object] = {
    "organisation_id": None,
    "due_on": None,
    "charged": Decimal(0),
    "paid": Decimal(0),
    "period": "",
    "document": "",
    "purpose": "",
    "payer": "",
    "payer_inn": "",
}


def _known(keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(keys), 500):
        wanted = select(DuesPosting.source_key).where(DuesPosting.source_key.in_(keys[first : first + 500]))
        found.update(db.session.scalars(wanted))
    return found


def charge(
    actor: Actor,
    organisation_ids: Sequence[int],
    kind: str,
    amount: Decimal,
    *,
    on: date,
    due_on: date,
    period: str,
) -> tuple[int, int]:
    """Charge the same due to many members; the same period is never charged twice."""
    rows = [
        {
            "organisation_id": organisation_id,
            "source_key": key_of("charge", organisation_id, kind, period),
            "kind": kind,
            "on_date": on,
            "due_on": due_on,
            "charged": amount,
            "period": period,
            "document": f"{KINDS[kind]}, {period}",
        }
        for organisation_id in organisation_ids
    ]
    return post(actor, rows)


def claim(actor: Actor, posting_id: int, organisation_id: int) -> DuesPosting:
    """Say whose payment an unclaimed one is."""
    if not policy.may_keep_dues(actor):
        raise Forbidden
    with work(actor) as unit:
        entry = db.session.scalars(
            select(DuesPosting)
            .where(DuesPosting.id == posting_id, DuesPosting.organisation_id.is_(None))
            .with_for_update()
        ).first()
        if entry is None or db.session.get(Organisation, organisation_id) is None:
            raise NotFound
        entry.organisation_id = organisation_id
        db.session.flush()
        cards.refresh([organisation_id], unit.today, at=unit.at)
        return entry


def unclaimed(actor: Actor, *, limit: int = 200) -> list[DuesPosting]:
    """Payments of nobody known («неопознанные»), the newest first."""
    if not actor.is_staff:
        raise Forbidden
    wanted = select(DuesPosting).where(DuesPosting.organisation_id.is_(None))
    return list(
        db.session.scalars(wanted.order_by(DuesPosting.on_date.desc(), DuesPosting.id.desc()).limit(limit))
    )


def rows_of(actor: Actor, organisation_id: int) -> list[DuesPosting]:
    """Every posting of a member, the oldest first."""
    if not policy.may_read_member(actor, organisation_id):
        raise NotFound
    wanted = select(DuesPosting).where(DuesPosting.organisation_id == organisation_id)
    return list(db.session.scalars(wanted.order_by(DuesPosting.on_date, DuesPosting.id)))


def _posting(row: DuesPosting) -> Posting:
    return Posting(
        kind=row.kind,
        on=row.on_date,
        charged=row.charged,
        paid=row.paid,
        due_on=row.due_on,
        document=row.document,
        period=row.period,
    )


def state_of(actor: Actor, organisation_id: int, on: date) -> list[Balance]:
    """Debt by kind on a date (C-29)."""
    return balances([_posting(row) for row in rows_of(actor, organisation_id)], on)


def act_of(actor: Actor, organisation_id: int, since: date, until: date, kind: str = "") -> Reconciliation:
    """An act of reconciliation for a period, of one kind or of all."""
    rows = [_posting(r) for r in rows_of(actor, organisation_id) if not kind or r.kind == kind]
    return reconcile(rows, since, until)
