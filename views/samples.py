"""The catalogue of samples: read, compare versions, begin a draft by one (R-21)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import samples
from records import policy, query
from records.errors import Forbidden, Invalid
from records.kinds import registry

from . import _menu
from ._security import actor

bp = Blueprint("samples", __name__)

MENU = (_menu.Item("main", "Образцы документов", "samples.index", "copy", order=36),)


@bp.get("/samples")
@login_required
def index() -> ResponseReturnValue:
    """The catalogue."""
    who = actor()
    return render_template(
        "desk/samples.html",
        samples=samples.catalogue(who),
        documents=samples.published(who),
        creatable={kind.name for kind in query.kinds_for(who)},
        may_keep=samples.may_keep(who),
    )


@bp.get("/samples/<code>")
@login_required
def show(code: str) -> ResponseReturnValue:
    """A sample as it reads, in any of its versions."""
    who = actor()
    asked = request.args.get("version", type=int)
    sample = samples.one(who, code, asked)
    rows = [
        (f.label, f.show(sample.fields.get(f.name)))
        for f in sample.kind.data_fields
        if sample.fields.get(f.name)
    ]
    every = next(kept for kept in samples.catalogue(who) if kept[0].code == code)
    return render_template(
        "desk/sample.html",
        sample=sample,
        rows=rows,
        versions=every,
        may_keep=samples.may_keep(who),
        may_create=policy.may_create(who, sample.kind) and not every[0].withdrawn,
    )


@bp.post("/samples/<code>/start")
@login_required
def start(code: str) -> ResponseReturnValue:
    record = samples.start(actor(), code)
    flash("Черновик заполнен по образцу. Проверьте и поправьте сведения.", "success")
    return redirect(url_for("records.edit", record_id=record.id))


@bp.post("/samples/document/<int:record_id>/start")
@login_required
def start_by_document(record_id: int) -> ResponseReturnValue:
    record = samples.start_by_document(actor(), record_id)
    flash("Черновик начат по образцу. Проверьте и дополните сведения.", "success")
    return redirect(url_for("records.edit", record_id=record.id))


@bp.post("/samples/<code>/withdraw")
@login_required
def withdraw(code: str) -> ResponseReturnValue:
    samples.withdraw(actor(), code)
    flash("Образец изъят из каталога.", "success")
    return redirect(url_for("samples.index"))


@bp.route("/records/<int:record_id>/sample", methods=["GET", "POST"])
@login_required
def make(record_id: int) -> ResponseReturnValue:
    """Make a record's text a sample, or the next version of one."""
    who = actor()
    record = query.get(who, record_id)
    if not samples.may_keep(who):
        raise Forbidden("Образцы ведут сотрудники СРО.")
    kind = registry[record.kind]
    errors: list[str] = []
    if request.method == "POST":
        form = request.form
        try:
            code = samples.keep(
                who, record, form.get("title", ""), note=form.get("note", ""), code=form.get("code", "")
            )
        except Invalid as invalid:
            errors = [text for texts in invalid.errors.values() for text in texts]
        else:
            flash("Образец сохранён.", "success")
            return redirect(url_for("samples.show", code=code))
    same = [kept[0] for kept in samples.catalogue(who) if kept[0].kind.name == kind.name]
    context = {"record": record, "kind": kind, "same": same, "errors": errors}
    return render_template("desk/sample_make.html", **context), 422 if errors else 200
