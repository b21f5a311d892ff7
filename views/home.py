"""The start page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from records import parameters, query

from ._security import actor
from .records import table_of

bp = Blueprint("home", __name__)


@bp.get("/")
@login_required
def start() -> ResponseReturnValue:
    who = actor()
    page = query.listing(who, query.ListQuery(open_only=True, limit=10), parameters.today())
    columns, rows = table_of(page.rows, ("number", "title", "organisation", "state", "due_on"))
    return render_template("home/start.html", columns=columns, rows=rows)
