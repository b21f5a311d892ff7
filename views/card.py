"""What else a card does: another department, a new version of a file, the chain of papers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import chain
from records import query, service
from records.errors import Invalid, NotFound
from records.kinds import registry

from ._security import actor

bp = Blueprint("card", __name__)


@bp.post("/records/<int:record_id>/redirect")
@login_required
def move(record_id: int) -> ResponseReturnValue:
    """Send a record to another department; the reason stays in its history (R-06)."""
    form = request.form
    record = service.redirect(actor(), record_id, form.get("role", ""), reason=form.get("reason", ""))
    given = query.get(actor(), record.id)
    flash(
        f"Документ передан: {given.assignee.name if given.assignee else 'другому подразделению'}.", "success"
    )
    return redirect(url_for("records.show", record_id=record_id))


@bp.route("/files/<int:file_id>/replace", methods=["GET", "POST"])
@login_required
def replace(file_id: int) -> ResponseReturnValue:
    """A new version beside the old one: the registered file itself never changes (R-27)."""
    who = actor()
    entry, record = query.file(who, file_id)
    if not who.is_staff or who.read_only or record.number_text is None:
        raise NotFound
    if request.method == "GET":
        return render_template("records/replace.html", record=record, entry=entry)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid({"file": ["Выберите файл новой версии."]})
    record_id, slot = record.id, entry.slot
    service.attach(who, record_id, sent.stream, sent.filename, slot=slot, replaces=file_id)
    flash("Новая версия приложена. Прежняя осталась в документе и в истории.", "success")
    return redirect(url_for("records.show", record_id=record_id))


@bp.get("/records/<int:record_id>/chain")
@login_required
def chain_of(record_id: int) -> ResponseReturnValue:
    """Everything tied to a paper, as a line of steps."""
    who = actor()
    record = query.get(who, record_id)
    knots = chain.chain(who, record_id)
    names = {k.record.id: k.record.number_text or k.record.title for k in knots}
    rows = [
        {
            "id": k.record.id,
            "title": k.record.title,
            "kind": registry[k.record.kind].title,
            "number": k.record.number_text or "черновик",
            "on": k.record.registered_on,
            "status": (k.record.state, registry[k.record.kind].state_title(k.record.state)),
            "ties": [(relation, other, names.get(other, "")) for relation, other in k.ties],
        }
        for k in knots
    ]
    return render_template("records/chain.html", record=record, rows=rows)
