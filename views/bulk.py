"""Acts on many records: the report of each, or the progress of a long job."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from werkzeug.datastructures import MultiDict

from desk import bulk
from desk.model import Job
from records import directory, parameters, query
from records.errors import NotFound
from signatures import ours

from ._list_query import list_query
from ._security import actor

bp = Blueprint("bulk", __name__)

OWN_SIGNATURE = "own_signature"
"""The mass act that is not a move: the worker puts the organisation's key under each paper."""


@bp.post("/records/bulk")
@login_required
def start() -> ResponseReturnValue:
    """Do one thing with the marked records, or with all that the list has found."""
    form = request.form
    who = actor()
    verb = form.get("verb", "")
    if verb in bulk.ASKS and "answered" not in form:
        return _ask(verb)
    if form.get("scope") == "found":
        args = MultiDict(parse_qsl(form.get("query", "")))
        ids = query.all_ids(who, list_query(args, who), parameters.today(), cap=bulk.MOST + 1)
    else:
        ids = [int(i) for i in form.getlist("ids") if i.isdecimal()]
    token = form.get("once") or secrets.token_urlsafe(12)
    if verb == OWN_SIGNATURE:
        return redirect(url_for("bulk.progress", job_id=ours.start(who, ids, token=token).id))
    asked = bulk.Request(verb, form.get("note", ""), form.get("user_id", type=int))
    outcome = bulk.start(who, ids, asked, token=token)
    if isinstance(outcome, Job):
        return redirect(url_for("bulk.progress", job_id=outcome.id))
    rows = [{"record": r.record, "title": r.title, "done": r.done, "text": r.text} for r in outcome]
    return render_template("desk/bulk.html", rows=rows, done=sum(r.done for r in outcome), job=None)


def _ask(verb: str) -> ResponseReturnValue:
    """What the act needs besides the records: an employee, or the reason that each history will keep."""
    form = request.form
    return render_template(
        "desk/bulk_ask.html",
        verb=verb,
        title=bulk.TITLES[verb],
        ids=form.getlist("ids"),
        scope=form.get("scope", "page"),
        found=form.get("query", ""),
        employees=directory.employees() if verb == "assign" and actor().is_staff else [],
        once=secrets.token_urlsafe(12),
    )


@bp.get("/jobs/<int:job_id>")
@login_required
def progress(job_id: int) -> ResponseReturnValue:
    """How far a job is, and what became of each record."""
    job = bulk.job_of(actor(), job_id)
    if job is None:
        raise NotFound
    rows = list(job.report)
    return render_template("desk/bulk.html", rows=rows, done=sum(bool(r["done"]) for r in rows), job=job)


@bp.get("/jobs/<int:job_id>/state")
@login_required
def state(job_id: int) -> ResponseReturnValue:
    job = bulk.job_of(actor(), job_id)
    if job is None:
        raise NotFound
    return jsonify(
        done=job.done,
        total=job.total,
        state="done" if job.state == "done" else "failed" if job.state == "failed" else "running",
        text=f"Обработано {job.done} из {job.total}",
        url=url_for("bulk.progress", job_id=job.id),
        title="Показать отчёт",
    )
