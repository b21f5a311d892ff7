"""The live room: the door with the code, votes, requests; desks of the chair and the credentials board."""

from __future__ import annotations

import json
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import login_required

from accounts import passwords
from meetings import live
from meetings.service import here
from meetings.taking import hall
from records import query
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from records.people import User

from . import _meeting_room as words
from ._security import actor

bp = Blueprint("meetings_live", __name__)


@bp.get("/meetings/<int:record_id>/room")
@login_required
def room(record_id: int) -> ResponseReturnValue:
    """The room as this person sees it: his votes, and his desk if he has one."""
    who = actor()
    record = query.get(who, record_id)
    state = here().room(hall(record_id)).state
    if not live.allowed(who, state):
        raise Forbidden("В зал входят участники собрания с принятым листом регистрации.")
    return render_template(
        "meetings/live_room.html",
        record=record,
        pulse=live.pulse(record_id)[1],
        **words.room(who, record_id, state, is_inside=_is_inside(record_id)),
    )


@bp.get("/meetings/<int:record_id>/pulse")
@login_required
def pulse(record_id: int) -> ResponseReturnValue:
    """The figures of the room; 304 while the journal has not moved."""
    query.get(actor(), record_id)
    return answered(record_id)


def answered(record_id: int) -> Response:
    """The pulse with its tag; what has not changed is not sent again."""
    if request.if_none_match.contains(live.head_of(record_id).digest[:24]):
        return Response(status=304)
    tag, body = live.pulse(record_id)
    response = Response(json.dumps(body), mimetype="application/json")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/meetings/<int:record_id>/code")
@login_required
def code(record_id: int) -> ResponseReturnValue:
    """The individual codes of those the person has registered, told to him alone (Z.6)."""
    who = actor()
    record = query.get(who, record_id)
    state = here().room(hall(record_id)).state
    members = [m for m in live.mine(state, live.names_of(who)) if m in state.sheets]
    if not members:
        raise Forbidden("Код выдаётся тому, чей лист регистрации принят.")
    book = words.book(record_id)
    rows = [(book.get(m, m), live.code_of(_key(), record_id, m)) for m in members]
    return render_template("meetings/live_code.html", record=record, rows=rows)


@bp.post("/meetings/<int:record_id>/room/enter")
@login_required
def enter(record_id: int) -> ResponseReturnValue:
    """Through the door: by the code at a remote meeting, by one's password in the hall."""
    who = actor()
    query.get(who, record_id)
    typed = request.form.get("code", "").strip()
    try:
        if here().room(hall(record_id)).state.case.plan.is_remote:
            live.enter(who, record_id, _key(), typed)
        else:
            _check_password(who, typed)
        session["room"] = record_id
    except Refused as refused:
        flash(f"Вход не выполнен. {refused}", "error")
    return _back(record_id)


@bp.post("/meetings/<int:record_id>/room/vote")
@login_required
def vote(record_id: int) -> ResponseReturnValue:
    """A vote for everybody represented, or one for each."""
    who = actor()
    query.get(who, record_id)
    try:
        receipts = live.vote(
            who, record_id, request.form.get("item", ""), _marks(), signature=_signature(record_id)
        )
    except (Refused, Invalid) as refused:
        flash(f"Голос не принят. {refused}", "error")
        return _back(record_id)
    book = words.book(record_id)
    for receipt in receipts:
        if receipt.accepted:
            flash(
                f"Принято: {words.votes(len(receipt.accepted))}. Запись журнала № {receipt.entry}, "
                f"квитанция {receipt.digest[:16]}.",
                "success",
            )
        for member, reason in receipt.refused.items():
            flash(f"{book.get(member, member)}: голос не принят. {reason}", "error")
    return _back(record_id)


def _marks() -> dict[str, object]:
    """What the form says of each member: its own mark, or the one for all."""
    form = request.form
    chosen: object = form.getlist("candidate") or form.get("mark", "")
    found: dict[str, object] = {}
    for member in form.getlist("member"):
        own = form.get(f"mark_{member}", "")
        if form.get("mark") == "each" and not own:
            continue
        found[member] = own if form.get("mark") == "each" else chosen
    if form.get("mark") in {"against", "abstain"} and form.get("election"):
        found = {member: [form["mark"]] for member in found}
    if not found:
        raise Invalid({"member": ["Отметьте, за кого вы голосуете и как."]})
    return found


@bp.post("/meetings/<int:record_id>/room/lead")
@login_required
def lead(record_id: int) -> ResponseReturnValue:
    """An act of the chair."""
    return _acted(
        record_id,
        lambda who: live.lead(
            who,
            record_id,
            request.form.get("verb", ""),
            item=request.form.get("item") or None,
            reason=request.form.get("reason", ""),
        ),
    )


@bp.post("/meetings/<int:record_id>/room/admit")
@login_required
def admit(record_id: int) -> ResponseReturnValue:
    """An act of the credentials board."""
    verb, members = request.form.get("verb", ""), request.form.getlist("member")
    return _acted(record_id, lambda who: live.admit(who, record_id, verb, members))


@bp.post("/meetings/<int:record_id>/room/say")
@login_required
def say(record_id: int) -> ResponseReturnValue:
    """«Прошу внести запись», objections."""
    verb, about = request.form.get("verb", ""), request.form.get("about", "voting")
    fields: dict[str, str] = {"text": request.form.get("text", "").strip()[:2000]}
    if verb == "record_against_request":
        fields = {"item": request.form.get("item", "")}
    if verb == "objection":
        fields["about"] = about if about in {"agenda", "voting", "counting"} else "voting"
    return _acted(record_id, lambda who: live.say(who, record_id, verb, **fields))


@bp.get("/meetings/<int:record_id>/journal")
@login_required
def journal(record_id: int) -> ResponseReturnValue:
    """The journal, and whether anybody has touched it (M-74)."""
    who = actor()
    record = query.get(who, record_id)
    halls, meeting_id = here(), hall(record_id)
    if not who.is_staff:
        raise Forbidden
    return render_template(
        "meetings/live_journal.html",
        record=record,
        faults=halls.faults(meeting_id),
        head=live.head_of(record_id),
        rows=words.journal(record_id, meeting_id),
    )


def _acted(record_id: int, act: Any) -> ResponseReturnValue:
    who = actor()
    query.get(who, record_id)
    try:
        act(who)
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
    else:
        flash("Записано в журнал собрания.", "success")
    return _back(record_id)


def _back(record_id: int) -> ResponseReturnValue:
    return redirect(url_for(".room", record_id=record_id))


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _is_inside(record_id: int) -> bool:
    return session.get("room") == record_id


def _signature(record_id: int) -> str:
    """Who came through the door of this meeting in this very session signs simply (63-ФЗ ст. 5 ч. 2)."""
    return "simple" if _is_inside(record_id) else "none"


def _check_password(who: Actor, typed: str) -> None:
    user = db.session.get(User, who.user_id)
    if user is None or not passwords.verify(typed, user.password_hash):
        raise Refused(["Пароль неверен."])
