"""Journals of mail: what went out and its fate, what came in and what became of it (X-10, X-17, R-24)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from messaging import intake, mail
from messaging.model import IntakeLetter, MailMessage
from messaging.unit import alone
from records import parameters, policy, query
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, NotFound, Refused
from records.storage import storage

from . import _menu
from ._security import actor

bp = Blueprint("mail_journal", __name__)

PAGE = 50
HIDDEN = "Документ ограниченного доступа"
MENU = (
    _menu.Item("office", "Отправленная почта", "mail_journal.index", "mail", policy.may_keep_post, order=70),
    _menu.Item("office", "Принятая почта", "mail_journal.taken", "inbox", policy.may_keep_post, order=71),
)


def _keeper() -> Actor:
    who = actor()
    if not policy.may_keep_post(who):
        raise Forbidden("Журналы почты ведут канцелярия и администратор.")
    return who


def _moment(value: object) -> str:
    return value.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M") if value else ""  # type: ignore[attr-defined]


@bp.get("/mail")
@login_required
def index() -> ResponseReturnValue:
    """Outgoing letters by state, newest first."""
    who = _keeper()
    state = request.args.get("state", "")
    before = request.args.get("before", default=0, type=int)
    found = db.select(MailMessage).order_by(MailMessage.id.desc()).limit(PAGE + 1)
    if state in mail.STATES:
        found = found.where(MailMessage.state == state)
    if to := request.args.get("q", "").strip():
        found = found.where(MailMessage.to_address.icontains(to, autoescape=True))
    if before:
        found = found.where(MailMessage.id < before)
    letters = list(db.session.scalars(found))
    page = letters[:PAGE]
    seen = query.visible_ids(who, [m.record_id for m in page if m.record_id])
    return render_template(
        "notifications/mail.html",
        rows=[_row(m, m.record_id is None or m.record_id in seen) for m in page],
        states=mail.STATES,
        state=state,
        q=to,
        next_url=url_for("mail_journal.index", state=state or None, q=to or None, before=page[-1].id)
        if len(letters) > PAGE
        else None,
    )


TONES = {"queued": "waiting", "sent": "good", "failed": "bad", "bounced": "bad"}


def _row(letter: MailMessage, visible: bool) -> dict[str, object]:
    return {
        "id": letter.id,
        "url": url_for("mail_journal.show", mail_id=letter.id),
        "tone": "bad" if letter.state in {"failed", "bounced"} else None,
        "cells": {
            "subject": {"text": letter.subject if visible else HIDDEN, "sub": letter.error},
            "to": letter.to_address,
            "state": mail.STATES[letter.state],
            "at": _moment(letter.failed_at or letter.sent_at or letter.created_at),
        },
    }


def _letter(who: Actor, mail_id: int) -> MailMessage:
    letter = db.session.get(MailMessage, mail_id)
    if letter is None or (letter.record_id and not query.visible_ids(who, [letter.record_id])):
        raise NotFound
    return letter


@bp.get("/mail/<int:mail_id>")
@login_required
def show(mail_id: int) -> ResponseReturnValue:
    """One letter: its words (unless they hold a one-time link), tries and the server's answer."""
    letter = _letter(_keeper(), mail_id)
    return render_template("notifications/mail_letter.html", letter=letter, state=mail.STATES[letter.state])


@bp.post("/mail/<int:mail_id>/resend")
@login_required
def resend(mail_id: int) -> ResponseReturnValue:
    """Send again, with the address corrected if need be."""
    who = _keeper()
    if "sro_auditor" in who.roles and len(who.roles) == 1:
        raise Forbidden
    _letter(who, mail_id)
    try:
        with alone():
            mail.resend(mail_id, to=request.form.get("to", ""))
    except ValueError as error:
        db.session.rollback()
        flash(str(error), "error")
    else:
        flash("Письмо снова в очереди.", "success")
    return redirect(url_for("mail_journal.show", mail_id=mail_id))


@bp.get("/mail/intake")
@login_required
def taken() -> ResponseReturnValue:
    """Letters taken from the mailbox and their outcomes."""
    who = _keeper()
    outcome = request.args.get("outcome", "")
    before = request.args.get("before", default=0, type=int)
    found = db.select(IntakeLetter).order_by(IntakeLetter.id.desc()).limit(PAGE + 1)
    if outcome in intake.OUTCOMES:
        found = found.where(IntakeLetter.outcome == outcome)
    if before:
        found = found.where(IntakeLetter.id < before)
    letters = list(db.session.scalars(found))
    page = letters[:PAGE]
    seen = query.visible_ids(who, [row.record_id for row in page if row.record_id])
    return render_template(
        "notifications/intake.html",
        rows=[_intake_row(row, row.record_id in seen) for row in page],
        again=[row for row in page if row.outcome in {"duplicate", "failed", "ignored"}],
        outcomes=intake.OUTCOMES,
        outcome=outcome,
        next_url=url_for("mail_journal.taken", outcome=outcome or None, before=page[-1].id)
        if len(letters) > PAGE
        else None,
    )


def _intake_row(row: IntakeLetter, visible: bool) -> dict[str, object]:
    sender = f"{row.sender_name} {row.sender}".strip() or "не указан"
    return {
        "id": row.id,
        "url": url_for("records.show", record_id=row.record_id)
        if visible
        else url_for("mail_journal.original", letter_id=row.id),
        "tone": "bad" if row.outcome == "failed" else None,
        "cells": {
            "subject": {"text": row.subject or "Без темы", "sub": row.note},
            "sender": sender,
            "outcome": intake.OUTCOMES[row.outcome],
            "at": _moment(row.taken_at),
        },
    }


@bp.get("/mail/intake/<int:letter_id>/original")
@login_required
def original(letter_id: int) -> ResponseReturnValue:
    """The letter as it came, always as a download."""
    who = _keeper()
    row = db.session.get(IntakeLetter, letter_id)
    if row is None or not storage().exists(row.sha256):
        raise NotFound
    if row.record_id and not query.visible_ids(who, [row.record_id]):
        raise NotFound
    response = send_file(storage().path(row.sha256), mimetype="application/octet-stream")
    for name, value in serving_headers("message/rfc822", f"letter-{row.id}.eml").items():
        response.headers[name] = value
    return response


@bp.post("/mail/intake/<int:letter_id>/register")
@login_required
def register(letter_id: int) -> ResponseReturnValue:
    """A «repeat» that is not one: register it apart."""
    who = _keeper()
    if "sro_clerk" not in who.roles and "sro_admin" not in who.roles:
        raise Forbidden("Письма регистрирует канцелярия.")
    try:
        with alone():
            intake.register_anyway(letter_id)
    except Refused as refused:
        db.session.rollback()
        flash(str(refused), "error")
    else:
        flash("Письмо регистрируется: через несколько секунд у него появится номер.", "success")
    return redirect(url_for("mail_journal.taken"))
