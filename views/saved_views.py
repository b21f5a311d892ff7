"""Saved views of lists: keep and forget."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import saved_views as service

from ._security import actor

bp = Blueprint("saved_views", __name__)


@bp.post("/views")
@login_required
def save() -> ResponseReturnValue:
    """Keep the present list under a name."""
    form = request.form
    entry = service.keep(
        actor(),
        form.get("title", ""),
        form.get("query", ""),
        shared=form.get("shared") == "1",
        alerts=form.get("alerts") == "1",
    )
    flash(f"Вид «{entry.title}» сохранён и виден на рабочем столе.", "success")
    return redirect(f"{url_for('records.index')}?{entry.query}")


@bp.post("/views/<int:view_id>/drop")
@login_required
def drop(view_id: int) -> ResponseReturnValue:
    service.drop(actor(), view_id)
    flash("Вид удалён.", "success")
    return redirect(url_for("home.start"))
