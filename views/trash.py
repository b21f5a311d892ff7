"""The trash of drafts: what was thrown away and can still be brought back for 30 days (R-44)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from records import parameters, query
from records.service.trash import KEEP_DAYS

from . import _menu
from ._security import actor

bp = Blueprint("trash", __name__)

MENU = (_menu.Item("main", "Корзина", "trash.index", "trash", order=95),)


@bp.get("/trash")
@login_required
def index() -> ResponseReturnValue:
    """Drafts in the trash."""
    page = query.listing(actor(), query.ListQuery(trashed=True, limit=100), parameters.today())
    return render_template("desk/trash.html", rows=page.rows, days=KEEP_DAYS)
