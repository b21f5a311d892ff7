"""Notices of a person: list, reading, the counters of the top bar, what to send by e-mail (C-15, C-43)."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from messaging import notify, preferences, pulse
from messaging.model import Notification
from messaging.unit import alone
from records import parameters
from records.database import db
from records.errors import Forbidden, NotFound
from records.people import User

from ._security import actor, person

bp = Blueprint("notifications", __name__)

PAGE = 30
TABS = (("", "Все"), ("incoming", "Новые документы"), ("messages", "Сообщения"), ("deadlines", "Сроки"))


@bp.get("/pulse")
def state() -> ResponseReturnValue:
    """The counters: 304 while nothing changes, 401 when the session has ended."""
    found = person()
    if found is None:
        return jsonify(title="Сеанс завершён", detail="Войдите снова."), 401
    counters = pulse.counters(found.actor)
    response = make_response(jsonify(counters.as_dict()))
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(f"{found.user.id}-{counters.tag}")
    return response.make_conditional(request)


@bp.get("/notifications")
@login_required
def index() -> ResponseReturnValue:
    return _page(request.args.get("group", ""))


@bp.get("/messages")
@login_required
def messages() -> ResponseReturnValue:
    """The second counter of the top bar: what was written to the person."""
    return _page("messages")


@bp.get("/incoming")
@login_required
def incoming() -> ResponseReturnValue:
    """The third counter of the top bar: new papers and errands."""
    return _page("incoming")


def _page(group: str) -> ResponseReturnValue:
    who = actor()
    unread = request.args.get("unread") == "1"
    before = request.args.get("before", default=0, type=int)
    found = notify.lines(who, group=group, unread=unread, before=before, limit=PAGE + 1)
    page = found[:PAGE]
    following = (
        url_for("notifications.index", group=group or None, unread=unread or None, before=page[-1].id)
        if page
        else None
    )
    return render_template(
        "notifications/index.html",
        rows=[_row(line) for line in page],
        tabs=[
            {
                "title": title,
                "url": url_for("notifications.index", group=code or None),
                "current": code == group,
            }
            for code, title in TABS
        ],
        next_url=following if len(found) > PAGE else None,
        group=group,
        unread=unread,
        has_unread=any(line.read_at is None for line in page),
    )


def _row(line: Notification) -> dict[str, object]:
    earlier = [str(event["text"]) for event in line.events[:-1]]
    more = f"; раньше: {', '.join(dict.fromkeys(reversed(earlier)))}" if earlier else ""
    return {
        "id": line.id,
        "url": url_for("notifications.go", notification_id=line.id),
        "unread": line.read_at is None,
        "cells": {
            "title": {"text": line.subject, "sub": (line.text if line.text != line.subject else "") + more},
            "group": preferences.GROUPS[line.group].title if line.group in preferences.GROUPS else "",
            "at": line.at.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M"),
        },
    }


@bp.get("/notifications/<int:notification_id>")
@login_required
def go(notification_id: int) -> ResponseReturnValue:
    """Open what the line speaks of; the line becomes read."""
    line = notify.read(actor(), notification_id)
    if line is None:
        raise NotFound
    local = line.url.startswith("/") and not line.url.startswith("//")
    return redirect(line.url if local else url_for("notifications.index"))


@bp.post("/notifications/read")
@login_required
def read_all() -> ResponseReturnValue:
    notify.read_all(actor())
    flash("Всё отмечено прочитанным.", "success")
    return redirect(url_for("notifications.index"))


@bp.route("/notifications/preferences", methods=["GET", "POST"])
@login_required
def choose() -> ResponseReturnValue:
    """What to send by e-mail, by groups; legal notices are shown but cannot be switched off."""
    found = person()
    if found is None or found.actor.read_only:
        raise Forbidden
    if request.method == "POST":
        wanted = {name: request.form.get(name, "") for name in preferences.GROUPS}
        with alone():
            user = db.session.get(User, found.user.id, with_for_update=True)
            if user is not None:
                preferences.choose(user, wanted)
        flash("Настройки сохранены.", "success")
        return redirect(url_for("notifications.choose"))
    groups = [
        {"name": name, "group": group, "value": preferences.chosen(found.user, name)}
        for name, group in preferences.GROUPS.items()
    ]
    return render_template(
        "notifications/preferences.html", groups=groups, choices=preferences.CHOICES, email=found.user.email
    )
