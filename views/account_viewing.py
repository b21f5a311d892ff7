"""For whom one acts: the switch of companies, and the curator's view through a member's eyes (C-28, C-51)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from accounts import lookup, policy, viewing
from records.errors import Forbidden, Invalid

from . import _menu
from ._forms import address
from ._security import actor, person

bp = Blueprint("account_viewing", __name__)

MENU = (
    _menu.Item(
        "people", "Глазами члена", "account_viewing.index", "eye", policy.may_view_as_member, order=30
    ),
)


def _new_tokens() -> None:
    """Forms opened for one company must not be filed for another: their tokens stop working."""
    session.pop("csrf_token", None)


@bp.post("/organisation")
@login_required
def switch() -> ResponseReturnValue:
    found = person()
    if found is None or found.actor.read_only:
        raise Forbidden
    viewing.switch(found.user, found.session.id, request.form.get("organisation", ""), address=address())
    _new_tokens()
    return redirect(url_for("home.start"))


@bp.route("/view-as", methods=["GET", "POST"])
@login_required
def index() -> ResponseReturnValue:
    """Choose a member and look."""
    found = person()
    policy.require(policy.may_view_as_member(actor()), "Смотреть глазами члена может куратор.")
    typed, errors = request.values.get("organisation", ""), []
    if request.method == "POST" and found is not None:
        try:
            company = lookup.organisation(typed)
        except Invalid as error:
            errors = [("organisation", text) for text in error.errors["organisation"]]
        else:
            viewing.start(actor(), found.session.id, company.id)
            _new_tokens()
            return redirect(url_for("home.start"))
    page = render_template("account/view_as.html", typed=typed, errors=errors)
    return page, 422 if errors else 200


@bp.post("/view-as/stop")
@login_required
def stop() -> ResponseReturnValue:
    found = person()
    if found is not None and viewing.stop(found.user, found.session.id, address=address()) is not None:
        _new_tokens()
        flash("Вы снова работаете от себя.", "success")
    return redirect(url_for("home.start"))
