"""Ready answers: the staff's texts with places for numbers, dates and names (C-46)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import reply_templates as service
from records import parameters
from records.errors import Forbidden, Invalid

from . import _menu
from ._security import actor

bp = Blueprint("reply_templates", __name__)

MENU = (
    _menu.Item(
        "office",
        "Шаблоны ответов",
        "reply_templates.index",
        "reply",
        _menu.roles(*sorted(service.EDITORS)),
        order=40,
    ),
)


@bp.route("/reply-templates", methods=["GET", "POST"])
@login_required
def index() -> ResponseReturnValue:
    """The texts on one page; an emptied one is dropped."""
    who = actor()
    if not service.may_edit(who):
        raise Forbidden("Шаблоны ответов меняют сотрудники СРО.")
    rows, problems = service.templates(), []
    if request.method == "POST":
        pairs = zip(request.form.getlist("title"), request.form.getlist("text"), strict=False)
        rows = [service.Template(title, text) for title, text in pairs if title.strip() or text.strip()]
        try:
            service.keep(who, rows)
        except Invalid as invalid:
            problems = [text for texts in invalid.errors.values() for text in texts]
        else:
            flash("Шаблоны сохранены.", "success")
            return redirect(url_for("reply_templates.index"))
    history = parameters.history(service.NAME)[::-1]
    context = {
        "rows": [*rows, service.Template("", "")],
        "problems": problems,
        "places": service.PLACES,
        "history": history,
    }
    return render_template("desk/reply_templates.html", **context), 422 if problems else 200
