"""Invitations of members: one, three hundred, their states, again (C-09)."""

from __future__ import annotations

from urllib.parse import parse_qs

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired

from accounts import invitations, lookup, policy, roles
from accounts.invitations import STATES, InvitationLine, Invited
from forms.derive import choices
from records.errors import Invalid, Refused

from . import _menu
from ._context import moment
from ._forms import DayField, show_errors
from ._security import actor

bp = Blueprint("account_invitations", __name__)

MENU = (
    _menu.Item(
        "people", "Приглашения", "account_invitations.index", "mail", policy.may_invite_members, order=10
    ),
)

TONES = {
    "queued": "waiting",
    "sent": "active",
    "opened": "active",
    "used": "good",
    "bounced": "bad",
    "expired": "closed",
}
COLUMNS = [
    {"key": "name", "title": "Кто", "primary": True},
    {"key": "organisation", "title": "Организация"},
    {"key": "state", "title": "Состояние", "kind": "status"},
    {"key": "sent", "title": "Отправлено"},
    {"key": "opened", "title": "Открыто"},
    {"key": "used", "title": "Активировано"},
]


class InviteForm(FlaskForm):
    """One representative of a member."""

    organisation = StringField(
        "Организация",
        description="ИНН, номер в реестре или название.",
        validators=[DataRequired("Укажите организацию.")],
    )
    name = StringField("Фамилия, имя, отчество", validators=[DataRequired("Укажите имя.")])
    email = StringField("E-mail", validators=[DataRequired("Укажите e-mail.")])
    position = StringField("Должность")
    phone = StringField("Телефон")
    role = SelectField("Роль", choices=choices(roles.member_choices()))
    until = DayField("Доступ до", description="Для представителя по доверенности: последний день её срока.")


@bp.get("/invitations")
@login_required
def index() -> ResponseReturnValue:
    policy.require(policy.may_invite_members(actor()))
    state = request.args.get("state", "")
    lines = invitations.latest(state=state if state in STATES else "")
    return render_template(
        "account/invitations.html",
        columns=COLUMNS,
        rows=_rows(lines),
        states=list(STATES.items()),
        state=state,
        waiting=sum(line.may_resend for line in lines),
        not_invited=len(invitations.not_invited()),
    )


def _rows(lines: list[InvitationLine]) -> list[dict[str, object]]:
    return [
        {
            "id": line.link_id,
            "locked": None if line.may_resend else "Уже активировано",
            "cells": {
                "name": {"text": line.name, "sub": line.email},
                "organisation": line.organisation,
                "state": (line.state, line.title, TONES[line.state]),
                "sent": moment(line.sent_at),
                "opened": moment(line.opened_at),
                "used": moment(line.used_at),
            },
        }
        for line in lines
    ]


@bp.route("/invitations/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    policy.require(policy.may_invite_members(actor()))
    form = InviteForm(organisation=request.args.get("organisation", ""))
    if form.validate_on_submit():
        try:
            company = lookup.organisation(form.organisation.data or "")
            invitations.invite_representative(
                actor(),
                Invited(
                    (form.name.data or "").strip(),
                    (form.email.data or "").strip(),
                    form.role.data,
                    company.id,
                    form.position.data or "",
                    form.phone.data or "",
                    form.until.day,
                ),
            )
        except (Invalid, Refused) as error:
            show_errors(form, error)
        else:
            flash("Приглашение поставлено в очередь на отправку.", "success")
            return redirect(url_for("account_invitations.index"))
    return render_template("account/invite.html", form=form), 422 if request.method == "POST" else 200


@bp.post("/invitations/all")
@login_required
def invite_all() -> ResponseReturnValue:
    """Everybody not invited yet; the page that follows shows how far the letters are."""
    batch = invitations.invite_heads(actor())
    return redirect(url_for("account_invitations.batch", batch_id=batch.id))


@bp.post("/invitations/bulk")
@login_required
def bulk() -> ResponseReturnValue:
    """Again to those marked, or to all who wait."""
    ids = request.form.getlist("ids", type=int)
    if request.form.get("scope") == "found":
        asked = parse_qs(request.form.get("query", "")).get("state", [""])[0]
        count = invitations.resend_all(actor(), None, state=asked if asked in STATES else "")
        flash(f"Приглашения отправляются ещё раз: {count}.", "success")
        return redirect(url_for("account_invitations.index"))
    done = 0
    for link_id in ids:
        try:
            invitations.resend(actor(), link_id)
        except Refused as refused:
            flash(refused.reasons[0], "warning")
        else:
            done += 1
    flash(f"Приглашения отправляются ещё раз: {done}.", "success" if done else "warning")
    return redirect(url_for("account_invitations.index"))


@bp.get("/invitations/batches/<int:batch_id>")
@login_required
def batch(batch_id: int) -> ResponseReturnValue:
    policy.require(policy.may_invite_members(actor()))
    found = invitations.batch(batch_id)
    counts = invitations.progress(batch_id)
    return render_template(
        "account/invitation_batch.html",
        batch=found,
        counts=[
            {"value": counts[state], "label": title, "tone": TONES[state]} for state, title in STATES.items()
        ],
        done=found.total - counts["queued"],
        running=counts["queued"] > 0,
        waiting=found.total - counts["used"],
        columns=COLUMNS,
        rows=_rows(invitations.latest(batch_id=batch_id, limit=1000)),
    )


@bp.get("/invitations/batches/<int:batch_id>/progress")
@login_required
def batch_progress(batch_id: int) -> ResponseReturnValue:
    policy.require(policy.may_invite_members(actor()))
    found = invitations.batch(batch_id)
    counts = invitations.progress(batch_id)
    left = counts["queued"]
    text = f"Отправлено {found.total - left}, не доставлено {counts['bounced']}."
    return jsonify(
        done=found.total - left,
        total=found.total,
        state="running" if left else "done",
        text=text,
        url=url_for("account_invitations.batch", batch_id=batch_id),
        title="Показать по людям",
    )


@bp.post("/invitations/batches/<int:batch_id>/resend")
@login_required
def resend_batch(batch_id: int) -> ResponseReturnValue:
    count = invitations.resend_all(actor(), invitations.batch(batch_id).id)
    flash(f"Приглашения отправляются ещё раз: {count}.", "success")
    return redirect(url_for("account_invitations.batch", batch_id=batch_id))
