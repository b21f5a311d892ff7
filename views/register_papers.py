"""Invoices and acts of reconciliation from the ledger; the payment code of an invoice as a picture."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from documents.qr import qr_svg
from records import parameters, query
from records.errors import Invalid, NotFound, Refused
from records.fields import Money, Wrong
from register import papers

from ._security import actor

bp = Blueprint("register_papers", __name__)


@bp.post("/members/<int:organisation_id>/invoice")
@login_required
def invoice(organisation_id: int) -> ResponseReturnValue:
    """A draft of an invoice; the accountant looks it over and sends it."""
    try:
        said = Money(name="amount", label="Сумма").clean(request.form.get("amount"), parameters.today())
    except Wrong as wrong:
        raise Invalid({"amount": [str(wrong)]}) from wrong
    amount = Decimal(str(said)) if said is not None else None
    try:
        record = papers.invoice(actor(), organisation_id, request.form.get("kind", ""), amount)
    except Refused as refused:
        flash(str(refused), "error")
        return redirect(url_for("register_member.show", organisation_id=organisation_id, tab="dues"))
    return redirect(url_for("records.show", record_id=record.id))


@bp.post("/members/<int:organisation_id>/reconciliation")
@login_required
def reconciliation(organisation_id: int) -> ResponseReturnValue:
    """A draft of an act of reconciliation for the period asked."""
    try:
        since, until = (date.fromisoformat(request.form.get(name, "")) for name in ("since", "until"))
    except ValueError as error:
        raise Invalid({"since": ["Укажите период датами."]}) from error
    record = papers.reconciliation(actor(), organisation_id, since, until)
    return redirect(url_for("records.show", record_id=record.id))


@bp.get("/payment-code/<int:record_id>.svg")
@login_required
def code(record_id: int) -> Response:
    """The QR that a bank's program reads; seen by those who see the invoice."""
    record = query.get(actor(), record_id)
    text = str((record.payload or {}).get("payment_code") or "")
    if record.kind != "invoice" or not text:
        raise NotFound
    return Response(qr_svg(text), mimetype="image/svg+xml")
