"""Pages of records: list, card, form, moves. Generic for every kind."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from forms.derive import form_for
from messaging import notify
from records import parameters, policy, query, service
from records.actor import Actor
from records.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from records.kinds import RecordKind, registry
from records.model import Record
from signatures import simple

from . import _record_list, _record_page
from ._security import actor
from .auth import safe_next

bp = Blueprint("records", __name__)
log = logging.getLogger("views")


@bp.get("/records")
@login_required
def index() -> ResponseReturnValue:
    """The list: filters in the address, a page by key, Excel and saved views over the same query."""
    return render_template("records/index.html", **_record_list.context(actor()))


@bp.get("/records/<int:record_id>")
@login_required
def show(record_id: int) -> ResponseReturnValue:
    """The card of a record."""
    who = actor()
    _mark(who, record_id)
    record = query.get(who, record_id)
    return render_template("records/show.html", **_record_page.context(who, record))


def _mark(who: Actor, record_id: int) -> None:
    """Note the reading. While nothing can be written the mark is lost, not the page."""
    try:
        service.mark_read(who, record_id)
        notify.seen(who, record_id)
    except Unavailable as error:
        log.warning("reading not marked: %s", error)


@bp.get("/records/new/<kind>")
@login_required
def new(kind: str) -> ResponseReturnValue:
    """Write a new paper: a blank draft (the person's own, at most one of a kind) and its form."""
    found = registry.get(kind)
    if found is None or not policy.may_create(actor(), found):
        raise NotFound
    record = service.blank(actor(), kind)
    return redirect(url_for("records.edit", record_id=record.id))


@bp.route("/records/<int:record_id>/edit", methods=["GET", "POST"])
@login_required
def edit(record_id: int) -> ResponseReturnValue:
    """Go on with a draft or a returned paper."""
    who = actor()
    record = query.get(who, record_id)
    kind = registry.of(record)
    if not policy.may_edit(who, record, kind):
        return redirect(url_for("records.show", record_id=record_id))
    form = form_for(kind, staff=who.is_staff, data=record.payload, formdata=request.form or None)
    if request.method == "GET":
        form.version.data = str(record.version)
        form.once.data = secrets.token_urlsafe(16)
        return render_template("records/edit.html", **_edit_context(kind, form, record))
    if not form.validate():
        return render_template("records/edit.html", **_edit_context(kind, form, record)), 422
    try:
        service.save(who, record_id, form.values(), version=_version(form.version.data))
    except Conflict as conflict:
        return _conflict(kind, form, record_id, conflict)
    return _after_save(query.get(who, record_id))


def _version(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _conflict(kind: RecordKind, form: object, record_id: int, conflict: Conflict) -> ResponseReturnValue:
    """Both texts side by side: nothing of what was typed is lost."""
    record = query.get(actor(), record_id)
    mine: Mapping[str, object] = form.values()  # type: ignore[attr-defined]
    theirs = record.payload or {}
    rows = []
    for field in kind.data_fields:
        try:
            ours = field.show(field.clean(mine.get(field.name), parameters.today()))
        except ValueError:
            ours = str(mine.get(field.name) or "")
        rows.append((field.label, ours, field.show(theirs.get(field.name))))
    return render_template(
        "records/conflict.html",
        record=record,
        kind=kind,
        form=form,
        rows=[row for row in rows if row[1] != row[2]],
        current_version=conflict.current_version,
    ), 409


def _after_save(record: Record) -> ResponseReturnValue:
    """Where the pressed button leads: file it at once, or back to the draft."""
    verb = request.form.get("verb")
    if not verb:
        flash("Черновик сохранён.", "success")
        return redirect(url_for("records.edit", record_id=record.id))
    try:
        if _asks_first(record, verb):
            return redirect(url_for("records.act", record_id=record.id, verb=verb))
        service.act(actor(), record.id, verb, once=request.form.get("once") or None)
    except Invalid as invalid:
        kind = registry.of(record)
        form = form_for(kind, staff=actor().is_staff, data=record.payload)
        form.version.data, form.once.data = str(record.version), secrets.token_urlsafe(16)
        for name, texts in invalid.errors.items():
            if name in form:
                form[name].errors = [*texts]
        files = {name: texts for name, texts in invalid.errors.items() if name not in form}
        context = _edit_context(kind, form, query.get(actor(), record.id))
        return render_template("records/edit.html", **context, missing=files), 422
    return redirect(url_for("records.show", record_id=record.id))


def _asks_first(record: Record, verb: str) -> bool:
    """Before a move that is complete, a page names its consequences or says what is usually attached."""
    move = next((a for a in query.actions(actor(), record) if a.verb == verb), None)
    asks = move is not None and (
        move.consequence
        or _record_page.incomplete_set(record)
        or simple.asked_on_sending(actor(), record, verb)
    )
    return move is not None and move.allowed and bool(asks)


def _edit_context(kind: RecordKind, form: object, record: Record) -> dict[str, object]:
    return {
        "kind": kind,
        "form": form,
        "record": record,
        "slots": [s for s in kind.slots if s.name != "documents"],
        "files": _record_page.files_of(record, removable=True),
        "expected": query.expected_documents(record),
        "submit": _record_page.submit_moves(actor(), kind, record),
        "remarks": _record_page.remarks(actor(), record) if record.state == "returned" else [],
    }


@bp.route("/records/<int:record_id>/autosave", methods=["PATCH", "POST"])
@login_required
def autosave(record_id: int) -> ResponseReturnValue:
    posted = request.get_json(silent=True)
    if not isinstance(posted, dict) or not isinstance(fields := posted.get("fields", {}), dict):
        return jsonify(title="Запрос не понят", detail="Ожидается объект с полями документа."), 400
    return _autosave(record_id, fields, _version(str(posted.get("version") or "")))


def _autosave(record_id: int, fields: Mapping[str, object], version: int | None) -> ResponseReturnValue:
    errors: Mapping[str, Sequence[str]] = {}
    kind = registry.of(query.get(actor(), record_id))
    known = {name: value for name, value in fields.items() if kind.field(name) is not None}
    try:
        record = service.save(actor(), record_id, known, version=version, autosave=True)
    except Invalid as invalid:
        errors = invalid.errors
        record = query.get(actor(), record_id)
    except Conflict as conflict:
        return jsonify(title="Документ изменил другой человек", detail=str(conflict)), 409
    at = record.updated_at.astimezone(parameters.zone())
    return jsonify(
        id=record.id,
        version=record.version,
        saved_at=at.strftime("%H:%M"),
        errors=errors,
        edit_url=url_for("records.edit", record_id=record.id),
        autosave_url=url_for("records.autosave", record_id=record.id),
        upload_url=url_for("files.upload", record_id=record.id),
    )


@bp.route("/records/<int:record_id>/act/<verb>", methods=["GET", "POST"])
@login_required
def act(record_id: int, verb: str) -> ResponseReturnValue:
    """Make a move; a page asks first when a reason is due or consequences must be named."""
    who = actor()
    record = query.get(who, record_id)
    move = next((a for a in query.actions(who, record) if a.verb == verb), None)
    asks_password = simple.asked_on_sending(who, record, verb)
    if request.method == "GET":
        if move is None:
            raise Forbidden
        return _ask(record, move, asks_password)
    try:
        _make(record, verb, asks_password=asks_password)
    except Invalid as invalid:
        if move is None or "password" not in invalid.errors:
            raise
        return _ask(record, move, asks_password, problem=str(invalid)), 422
    flash("Готово.", "success")
    return redirect(_back(record_id))


def _ask(record: Record, move: query.Action, asks_password: bool, problem: str = "") -> str:
    """The page before a move: consequences, the reason, the password of a simple signature."""
    editable = record.state in registry.of(record).editable_in
    return render_template(
        "records/act.html",
        record=record,
        kind=registry.of(record),
        move=move,
        warning=_record_page.incomplete_set(record) if editable else "",
        once=secrets.token_urlsafe(16),
        asks_password=asks_password,
        problem=problem,
    )


def _make(record: Record, verb: str, *, asks_password: bool) -> None:
    """Make the move; with a simple signature both are done together."""
    who, record_id = actor(), record.id
    note, version = request.form.get("note", ""), _version(request.form.get("version"))
    once = request.form.get("once") or None
    if not asks_password:
        service.act(who, record_id, verb, note=note, version=version, once=once)
        return
    password, agent = request.form.get("password", ""), request.user_agent.string
    simple.sign(
        who,
        record_id,
        password=password,
        agent=agent,
        once=once,
        then=lambda: service.act(who, record_id, verb, note=note),
    )


def _back(record_id: int, anchor: str = "") -> str:
    """Back to where the form was (the workplace), or to the card."""
    there = request.values.get("next")
    return safe_next(there) if there else url_for("records.show", record_id=record_id) + anchor


@bp.post("/records/<int:record_id>/lock")
@login_required
def lock(record_id: int) -> ResponseReturnValue:
    """The heartbeat of an open form: says who else is editing."""
    held = service.edit_lock(actor(), record_id, release=request.form.get("release") == "1")
    if not held:
        return jsonify(held=True)
    name, since = held[0]
    return jsonify(
        by=name,
        since=since.astimezone(parameters.zone()).strftime("%H:%M"),
        detail="Документ открыт у другого",
    ), 423


@bp.post("/records/<int:record_id>/remarks")
@login_required
def remark(record_id: int) -> ResponseReturnValue:
    """Write a remark or a message."""
    who = actor()
    internal = who.is_staff and request.form.get("internal") == "1"
    service.remark(
        who,
        record_id,
        request.form.get("text", ""),
        public=not internal,
        blocking=who.is_staff and request.form.get("blocking") == "1",
        purpose="remark" if who.is_staff else "message",
        once=request.form.get("once") or None,
    )
    return redirect(_back(record_id, "#remarks"))


@bp.post("/remarks/<int:remark_id>/resolve")
@login_required
def resolve(remark_id: int) -> ResponseReturnValue:
    entry = service.resolve(actor(), remark_id)
    return redirect(url_for("records.show", record_id=entry.record_id) + "#remarks")


@bp.post("/records/<int:record_id>/reply")
@login_required
def reply(record_id: int) -> ResponseReturnValue:
    """Start a reply: addressee and «На № … от …» are filled (R-14)."""
    made = service.start_reply(
        actor(), record_id, request.form.get("kind", "reply"), once=request.form.get("once") or None
    )
    ready = request.form.get("ready", "")
    if ready and registry.of(made).field("text") and not (made.payload or {}).get("text"):
        service.save(actor(), made.id, {"text": ready})
    return redirect(url_for("records.edit", record_id=made.id))


@bp.post("/records/<int:record_id>/assign")
@login_required
def assign(record_id: int) -> ResponseReturnValue:
    user_id = request.form.get("user_id", type=int)
    if user_id is None:
        service.claim(actor(), record_id)
    else:
        service.assign(actor(), record_id, user_id, reason=request.form.get("reason", ""))
    return redirect(_back(record_id))


@bp.post("/records/<int:record_id>/trash")
@login_required
def trash(record_id: int) -> ResponseReturnValue:
    service.trash(actor(), record_id)
    undo = {
        "text": "Черновик в корзине.",
        "url": url_for("records.restore", record_id=record_id),
        "title": "Вернуть",
    }
    flash(undo, "undo")  # type: ignore[arg-type]
    return redirect(url_for("records.index"))


@bp.post("/records/<int:record_id>/restore")
@login_required
def restore(record_id: int) -> ResponseReturnValue:
    service.restore(actor(), record_id)
    flash("Черновик восстановлен.", "success")
    return redirect(url_for("records.show", record_id=record_id))
