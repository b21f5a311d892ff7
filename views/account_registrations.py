"""The queue of applications for an account (C-07)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from accounts import policy, registration
from records.errors import Invalid

from . import _menu
from ._security import actor

bp = Blueprint("account_registrations", __name__)

MENU = (
    _menu.Item(
        "people",
        "Заявки на доступ",
        "account_registrations.index",
        "inbox",
        policy.may_invite_members,
        order=15,
    ),
)
STATES = (("new", "Ждут решения"), ("approved", "Одобрены"), ("refused", "Отклонены"))


@bp.get("/registrations")
@login_required
def index() -> ResponseReturnValue:
    return _page()


def _page(error: str = "", failed: int | None = None, typed: str = "") -> ResponseReturnValue:
    policy.require(policy.may_invite_members(actor()))
    state = request.args.get("state", "new")
    entries = registration.listed(state)
    page = render_template(
        "account/registrations.html",
        entries=[(entry, registration.company_of(entry)) for entry in entries],
        tabs=[
            {
                "title": title,
                "url": url_for("account_registrations.index", state=code),
                "current": code == state,
            }
            for code, title in STATES
        ],
        error=error,
        failed=failed,
        typed=typed,
    )
    return page, 422 if error else 200


@bp.post("/registrations/<int:request_id>/approve")
@login_required
def approve(request_id: int) -> ResponseReturnValue:
    entry = registration.approve(actor(), request_id)
    flash(f"Заявка одобрена, приглашение отправляется на {entry.email}.", "success")
    return redirect(url_for("account_registrations.index"))


@bp.post("/registrations/<int:request_id>/refuse")
@login_required
def refuse(request_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        registration.refuse(actor(), request_id, reason)
    except Invalid as error:
        return _page(error.errors["reason"][0], request_id, reason)
    flash("Заявка отклонена, причина отправлена заявителю.", "success")
    return redirect(url_for("account_registrations.index"))
