"""Talks with experts by topic: the list, the talk with live refresh, «превратить в обращение» (C-41)."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from correspondence import chat as talks
from correspondence.chat_topic import TOPICS
from messaging import notify
from records import parameters, policy, query, service
from records.actor import Actor
from records.errors import Invalid, NotFound
from records.kinds import registry
from records.model import Record, Remark, StoredFile

from . import _menu
from ._security import actor

bp = Blueprint("chat", __name__)

MENU = (_menu.Item("main", "Чат с экспертами", "chat.index", "message", order=24),)
KIND = "chat_topic"


@bp.get("/chat")
@login_required
def index() -> ResponseReturnValue:
    """Talks of the company, or of the expert; a new one is begun by its topic."""
    who = actor()
    page = query.listing(who, query.ListQuery(kind=(KIND,), filed=True, limit=100), parameters.today())
    may_begin = policy.may_create(who, registry[KIND])
    return render_template(
        "desk/chats.html",
        rows=[_line(who, r) for r in page.rows],
        topics=TOPICS,
        once=secrets.token_urlsafe(12),
        may_begin=may_begin,
    )


def _line(who: Actor, record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "title": record.title,
        "by": record.organisation.short_name if record.organisation and who.is_staff else "",
        "expert": record.assignee.name if record.assignee else "",
        "at": record.updated_at,
        "status": (record.state, registry[KIND].state_title(record.state)),
    }


@bp.post("/chat")
@login_required
def begin() -> ResponseReturnValue:
    """Begin a talk: the topic finds the expert group."""
    who, form = actor(), request.form
    once = form.get("once") or None
    fields = {"subject": form.get("subject", ""), "topic": form.get("topic", "")}
    record = service.create(who, KIND, fields=fields, once=once)
    record_id = record.id
    if record.state == "draft":
        service.act(who, record_id, "activate", once=f"{once}:go" if once else None)
    return redirect(url_for("chat.talk", record_id=record_id))


def _talk(who: Actor, record_id: int) -> Record:
    record = query.get(who, record_id)
    if record.kind != KIND:
        raise NotFound
    return record


@bp.get("/chat/<int:record_id>")
@login_required
def talk(record_id: int) -> ResponseReturnValue:
    """One talk."""
    who = actor()
    service.mark_read(who, record_id)
    notify.seen(who, record_id)
    record = _talk(who, record_id)
    return render_template(
        "desk/chat.html",
        record=record,
        kind=registry[KIND],
        once=secrets.token_urlsafe(12),
        messages=messages(who, record),
        actions=[a for a in query.actions(who, record) if a.allowed],
        may_write=record.state == "active" and policy.may_remark(who, record, public=True),
    )


@bp.get("/chat/<int:record_id>/messages")
@login_required
def fragment(record_id: int) -> ResponseReturnValue:
    """The messages alone; 304 while nothing new is said."""
    who = actor()
    record = _talk(who, record_id)
    response = make_response(render_template("desk/_messages.html", messages=messages(who, record)))
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


def messages(who: Actor, record: Record) -> list[dict[str, object]]:
    """The words said, oldest first, with the day above the first of each day."""
    files = {f.id: f for f in query.files(record)}
    zone, day, rows = parameters.zone(), "", []
    for entry in query.remarks(who, record):
        at = entry.created_at.astimezone(zone)
        new = at.strftime("%d.%m.%Y")
        rows.append(_message(who, record, entry, at.strftime("%H:%M"), new if new != day else "", files))
        day = new
    return rows


def _message(
    who: Actor, record: Record, entry: Remark, at: str, day: str, files: dict[int, StoredFile]
) -> dict[str, object]:
    file = files.get(entry.file_id or 0)
    own_side = not who.is_staff and not who.read_only and who.organisation_id == record.organisation_id
    return {
        "id": entry.id,
        "text": entry.text,
        "by": entry.author.name if entry.author else "Система",
        "mine": entry.author_id == who.user_id,
        "at": at,
        "day": day,
        "files": [{"name": file.name, "url": url_for("files.download", file_id=file.id)}] if file else [],
        "letter_url": url_for("chat.to_letter", remark_id=entry.id)
        if own_side and entry.author_id == who.user_id
        else "",
    }


@bp.post("/chat/<int:record_id>")
@login_required
def say(record_id: int) -> ResponseReturnValue:
    """Say something; each file goes with a message of its own."""
    who = actor()
    record = _talk(who, record_id)
    if record.state != "active":
        raise Invalid({"text": ["Разговор завершён. Чтобы продолжить, нажмите «Продолжить разговор»."]})
    text, once = request.form.get("text", ""), request.form.get("once") or None
    sent = [f for f in request.files.getlist("file") if f.filename]
    for number, item in enumerate(sent):
        kept = service.attach(who, record_id, item.stream, item.filename or "")
        said = text if number == 0 and text.strip() else kept.file.name
        service.remark(who, record_id, said, public=True, purpose="message", file_id=kept.file.id)
    if not sent:
        service.remark(who, record_id, text, public=True, purpose="message", once=once)
    return redirect(url_for("chat.talk", record_id=record_id))


@bp.post("/chat/messages/<int:remark_id>/letter")
@login_required
def to_letter(remark_id: int) -> ResponseReturnValue:
    """Turn a message into a draft of a letter, with its file."""
    letter = talks.to_letter(actor(), remark_id)
    flash("Черновик обращения готов. Проверьте текст и отправьте — номер присвоится сразу.", "success")
    return redirect(url_for("records.edit", record_id=letter.id))
