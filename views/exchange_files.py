"""Files in: a statement of the bank, contracts, the unified register; what came of each, and what waits."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from exchange import contracts, payments, runs, unified
from exchange.model import ExchangeRun
from records import directory, parameters, policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.people import Organisation
from register import ledger
from register.member_fields import FIELDS

from . import _menu
from ._security import actor

bp = Blueprint("exchange_files", __name__)

MENU = (_menu.Item("office", "Загрузка файлов", "exchange_files.index", "upload", _menu.staff, order=56),)

KINDS: dict[str, tuple[str, str, Callable[[Actor], bool]]] = {
    "contracts": (
        "Договоры и закупки",
        "xlsx или CSV: ИНН, номер, дата, стоимость",
        policy.may_keep_contracts,
    ),
    "payments": ("Выписка банка", "текст 1С «Клиент-банк»", policy.may_keep_dues),
    "unified": ("Единый реестр", "JSON выгрузки НОСТРОЙ или НОПРИЗ", policy.may_keep_register),
}


@bp.route("/exchange", methods=["GET", "POST"])
@login_required
def index() -> ResponseReturnValue:
    """The form, the journal, payments of nobody known."""
    who = actor()
    if not who.is_staff:
        raise Forbidden
    problem = ""
    if request.method == "POST":
        try:
            return _load(who)
        except Refused as refused:
            problem = str(refused)
    return render_template(
        "register/exchange.html",
        kinds=[(k, title, hint) for k, (title, hint, may) in KINDS.items() if may(who)],
        journal=[_line(run) for run in runs.journal()],
        unclaimed=ledger.unclaimed(who) if policy.may_keep_dues(who) else [],
        problem=problem,
        chosen=request.form.get("kind", ""),
    ), (422 if problem else 200)


def _load(who: Actor) -> ResponseReturnValue:
    kind, sent = request.form.get("kind", ""), request.files.get("file")
    if kind not in KINDS or not KINDS[kind][2](who):
        raise Forbidden
    if sent is None or not sent.filename:
        raise Refused("Выберите файл.")
    content, dry = sent.read(), request.form.get("dry") == "1"
    if kind == "unified":
        run, _ = unified.load(who, content, sent.filename)
        return redirect(url_for("exchange_files.show", run_id=run.id))
    load = contracts.load if kind == "contracts" else payments.load
    load(who, content, sent.filename, dry=dry)
    return redirect(url_for("exchange_files.show", run_id=runs.journal(limit=1)[0].id))


def _line(run: ExchangeRun) -> dict[str, object]:
    said = run.outcome
    title = KINDS[run.kind][0] if run.kind in KINDS else run.kind
    return {
        "id": run.id,
        "url": url_for("exchange_files.show", run_id=run.id),
        "cells": {
            "at": run.started_at.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M"),
            "kind": title + (" (проба)" if run.dry and run.kind != "unified" else ""),
            "file": run.file_name,
            "good": f"{said.get('added', 0)} / {said.get('changed', 0)} / {said.get('same', 0)}",
            "bad": ("failed", str(said["bad"])) if said.get("bad") else ("done", "нет"),
        },
    }


@bp.get("/exchange/<int:run_id>")
@login_required
def show(run_id: int) -> ResponseReturnValue:
    """What came of one file, row by row; differences of the unified register to decide."""
    who = actor()
    run = db.session.get(ExchangeRun, run_id)
    if run is None or not who.is_staff:
        raise NotFound
    found = unified.differences(who, run_id) if run.kind == "unified" else []
    companies = {
        c.id: c.short_name
        for c in db.session.scalars(
            db.select(Organisation).where(Organisation.id.in_({d.organisation_id for d in found}))
        )
    }
    return render_template(
        "register/exchange_run.html",
        run=run,
        line=_line(run),
        differences=[
            {
                "id": d.id,
                "company": companies[d.organisation_id],
                "field": FIELDS[d.field].label,
                "ours": FIELDS[d.field].show(d.ours) or "—",
                "theirs": FIELDS[d.field].show(d.theirs),
                "state": d.state,
            }
            for d in found
        ],
        may_decide=policy.may_keep_register(who),
    )


@bp.post("/exchange/<int:run_id>/decide")
@login_required
def decide(run_id: int) -> ResponseReturnValue:
    """Accept or refuse the marked differences, or all that are open."""
    ids = [int(text) for text in request.form.getlist("ids") if text.isdecimal()]
    every = request.form.get("scope") == "all"
    accept = request.form.get("verb") == "accept"
    if not ids and not every:
        raise Invalid({"ids": ["Отметьте расхождения."]})
    count = unified.decide(actor(), run_id, None if every else ids, accept=accept)
    flash(f"{'Принято' if accept else 'Оставлено как у нас'}: {count}.", "success")
    return redirect(url_for("exchange_files.show", run_id=run_id))


@bp.post("/exchange/payments/<int:posting_id>/claim")
@login_required
def claim(posting_id: int) -> ResponseReturnValue:
    """Whose payment it is."""
    company = directory.organisation_named(request.form.get("company", "").strip())
    if company is None:
        raise Invalid({"company": ["Укажите ИНН или точное название члена."]})
    ledger.claim(actor(), posting_id, company.id)
    flash(f"Платёж отнесён: {company.short_name}.", "success")
    return redirect(url_for("exchange_files.index"))
