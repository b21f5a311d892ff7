"""Subscriptions of other programs to events: their keepers, journal, repeat, dry run (X-13, X-17)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from messaging import webhooks
from messaging.model import Webhook, WebhookDelivery
from records import parameters, policy
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.kinds import registry
from records.people import User

from . import _menu
from ._history_words import verb_title
from ._security import actor

bp = Blueprint("webhooks", __name__)

PAGE = 50
STATES = {"queued": "в очереди", "sent": "доставлено", "failed": "не доставлено"}
MENU = (
    _menu.Item("settings", "Обмен событиями", "webhooks.index", "upload", policy.may_administer, order=80),
)


def _administrator() -> Actor:
    who = actor()
    if not policy.may_administer(who):
        raise Forbidden("Подписки настраивает администратор СРО.")
    return who


def _hook(webhook_id: int) -> Webhook:
    hook = db.session.get(Webhook, webhook_id)
    if hook is None:
        raise NotFound
    return hook


@bp.get("/webhooks")
@login_required
def index() -> ResponseReturnValue:
    _administrator()
    waiting = dict(
        db.session.execute(
            db.select(WebhookDelivery.webhook_id, db.func.count())
            .where(WebhookDelivery.state == "queued")
            .group_by(WebhookDelivery.webhook_id)
        ).all()
    )
    hooks = db.session.scalars(db.select(Webhook).order_by(Webhook.id))
    return render_template(
        "notifications/webhooks.html", rows=[_hook_row(h, waiting.get(h.id, 0)) for h in hooks]
    )


def _hook_row(hook: Webhook, waiting: int) -> dict[str, object]:
    state = "приостановлена" if not hook.is_active else "не отвечает" if hook.failures else "работает"
    return {
        "id": hook.id,
        "url": url_for("webhooks.show", webhook_id=hook.id),
        "tone": "bad" if hook.failures and hook.is_active else None,
        "cells": {
            "title": {"text": hook.title, "sub": hook.url},
            "owner": hook.owner.name,
            "state": state,
            "waiting": waiting or "",
        },
    }


@bp.route("/webhooks/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    return _edit(None)


@bp.route("/webhooks/<int:webhook_id>/edit", methods=["GET", "POST"])
@login_required
def edit(webhook_id: int) -> ResponseReturnValue:
    return _edit(_hook(webhook_id) if policy.may_administer(actor()) else None)


def _edit(hook: Webhook | None) -> ResponseReturnValue:
    who = _administrator()
    values: dict[str, object] = _values(hook)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        form = request.form
        values = {
            "title": form.get("title", ""),
            "url": form.get("url", ""),
            "owner": form.get("owner", ""),
            "kinds": form.getlist("kinds"),
            "is_active": form.get("is_active") == "1",
        }
        try:
            saved = webhooks.register(who, values, webhook_id=hook.id if hook else None)
        except Invalid as invalid:
            errors = invalid.errors
        else:
            flash("Подписка сохранена.", "success")
            return redirect(url_for("webhooks.show", webhook_id=saved.id))
    page = render_template(
        "notifications/webhook_edit.html",
        hook=hook,
        values=values,
        errors=errors,
        owners=_owners(),
        kinds=list(registry),
    )
    return page, 422 if errors else 200


def _values(hook: Webhook | None) -> dict[str, object]:
    if hook is None:
        return {"title": "", "url": "https://", "owner": "", "kinds": [], "is_active": True}
    return {
        "title": hook.title,
        "url": hook.url,
        "owner": f"{hook.owner_id}:{hook.organisation_id or 0}",
        "kinds": hook.kinds,
        "is_active": hook.is_active,
    }


def _owners() -> list[tuple[str, str]]:
    """Everybody whose eyes a subscription may have, in each of his places."""
    users = db.session.scalars(db.select(User).where(User.is_active.is_(True)).order_by(User.name))
    found: dict[str, str] = {}
    for user in users:
        for seat in user.seats:
            place = seat.organisation.short_name if seat.organisation else "сотрудник СРО"
            found[f"{user.id}:{seat.organisation_id or 0}"] = f"{user.name} ({place})"
    return list(found.items())


@bp.get("/webhooks/<int:webhook_id>")
@login_required
def show(webhook_id: int) -> ResponseReturnValue:
    """A subscription and its journal."""
    _administrator()
    hook = _hook(webhook_id)
    before = request.args.get("before", default=0, type=int)
    found = webhooks.journal(webhook_id, before=before, limit=PAGE + 1)
    page = found[:PAGE]
    return render_template(
        "notifications/webhook.html",
        hook=hook,
        kinds=", ".join(registry[k].title for k in hook.kinds if k in registry) or "все",
        rows=[_delivery_row(row) for row in page],
        next_url=url_for("webhooks.show", webhook_id=hook.id, before=page[-1].id)
        if len(found) > PAGE
        else None,
    )


def _verb(verb: str) -> str:
    return "Пробное событие" if verb == "ping" else verb_title(verb)


def _delivery_row(row: WebhookDelivery) -> dict[str, object]:
    zone = parameters.zone()
    return {
        "id": row.id,
        "url": url_for("webhooks.delivery", delivery_id=row.id),
        "tone": "bad" if row.state == "failed" or (row.state == "queued" and row.tries) else None,
        "cells": {
            "event": {"text": _verb(row.verb), "sub": f"{row.event_key} {row.answer}".strip()},
            "state": STATES[row.state],
            "tries": row.tries,
            "at": (row.sent_at or row.tried_at or row.created_at)
            .astimezone(zone)
            .strftime("%d.%m.%Y %H:%M:%S"),
        },
    }


@bp.get("/webhooks/deliveries/<int:delivery_id>")
@login_required
def delivery(delivery_id: int) -> ResponseReturnValue:
    """One delivery: what would be sent now (dry run), what was answered, the repeat."""
    who = _administrator()
    trial = webhooks.dry_run(who, delivery_id)
    row = db.session.get(WebhookDelivery, delivery_id)
    if row is None:
        raise NotFound
    return render_template(
        "notifications/webhook_delivery.html",
        row=row,
        trial=trial,
        verb=_verb(row.verb),
        state=STATES[row.state],
    )


@bp.post("/webhooks/deliveries/<int:delivery_id>/resend")
@login_required
def resend(delivery_id: int) -> ResponseReturnValue:
    row = webhooks.resend(_administrator(), delivery_id)
    flash("Событие снова в очереди.", "success")
    return redirect(url_for("webhooks.show", webhook_id=row.webhook_id))


@bp.post("/webhooks/<int:webhook_id>/ping")
@login_required
def ping(webhook_id: int) -> ResponseReturnValue:
    webhooks.ping(_administrator(), _hook(webhook_id).id)
    flash("Пробное событие в очереди.", "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id))
