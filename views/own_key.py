"""Signing with the organisation's key: one paper from its card, many from the list, with progress (S-08)."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from signatures import ours

from ._security import actor

bp = Blueprint("own_key", __name__)


@bp.post("/records/<int:record_id>/own-signature")
@login_required
def sign(record_id: int) -> ResponseReturnValue:
    """One paper: the worker opens the key, the page shows the result."""
    job = ours.start(actor(), [record_id], token=secrets.token_urlsafe(12))
    return redirect(url_for("bulk.progress", job_id=job.id))


@bp.post("/own-signature")
@login_required
def sign_many() -> ResponseReturnValue:
    """The papers marked in a list."""
    ids = [int(i) for i in request.form.getlist("ids") if i.isdecimal()]
    token = request.form.get("once") or secrets.token_urlsafe(12)
    job = ours.start(actor(), ids, token=token)
    return redirect(url_for("bulk.progress", job_id=job.id))
