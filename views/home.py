"""Start pages: what needs attention, what is pinned, what waits in each role's queue."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import alerts, attention, boards, saved_views
from language.dates import short_date
from records import parameters, query
from records.actor import Actor

from . import _menu
from ._record_list import table_of
from ._security import actor
from .auth import safe_next

bp = Blueprint("home", __name__)
COUNTED = 6

MENU = (
    _menu.Item("main", "Главная", "home.start", "home", _menu.member, order=1),
    _menu.Item("main", "Рабочий стол", "home.start", "home", _menu.staff, order=1),
    _menu.Item("main", "Документы", "records.index", "folder", order=10),
    _menu.Item("main", "Поиск", "search.page", "search", order=12),
)


@bp.get("/")
@login_required
def start() -> ResponseReturnValue:
    """The start page of the person's role."""
    who = actor()
    today = parameters.today()
    common = {
        "matters": [_matter(m) for m in attention.matters(who, today)],
        "pinned": boards.pinned(who),
        "views": _views(who),
    }
    if who.is_staff:
        return render_template("home/staff.html", **common, **_staff(who))
    return render_template("home/member.html", **common, **_member(who))


def _views(who: Actor) -> list[dict[str, object]]:
    """Saved views with how much they hold now (R-33); the counters of the first few only,
    so the page stays quick."""
    return [
        {
            "title": view.title,
            "url": f"{url_for('records.index')}?{view.query}",
            "count": alerts.count(who, view) if number < COUNTED else None,
        }
        for number, view in enumerate(saved_views.of(who))
    ]


def _matter(found: attention.Matter) -> dict[str, object]:
    return {
        "title": found.title,
        "note": found.note,
        "url": url_for("records.show", record_id=found.record_id),
        "due": short_date(found.due) if found.due else None,
        "tone": found.tone,
    }


def _table(who: Actor, q: query.ListQuery, names: tuple[str, ...]) -> dict[str, object]:
    page = query.listing(who, q, parameters.today())
    columns, rows = table_of(page.rows, names)
    for column in columns:
        column.pop("sort", None)
    return {"columns": columns, "rows": rows, "total": "более 1 000" if page.more_than else page.total}


def _staff(who: Actor) -> dict[str, object]:
    today = parameters.today()
    mine = _table(
        who,
        query.ListQuery(assignee=who.user_id, open_only=True, sort="due_on", limit=12),
        ("number", "title", "organisation", "state", "due_on"),
    )
    counts = {
        "late": query.count(who, query.ListQuery(assignee=who.user_id, due="overdue"), today),
        "mine": query.count(who, query.ListQuery(assignee=who.user_id, open_only=True), today),
        "to_sign": query.count(who, query.ListQuery(state=("to_sign",)), today),
        "queue": query.count(who, query.ListQuery(state=("registered",), open_only=True), today),
    }
    stats = [
        _stat("Просрочено у меня", counts["late"], {"mine": "1", "due": "overdue"}, "bad"),
        _stat("В работе у меня", counts["mine"], {"mine": "1", "open": "1"}, None),
        _stat("Ждут взятия в работу", counts["queue"], {"state": "registered"}, None),
        _stat("На подписи", counts["to_sign"], {"state": "to_sign"}, None),
    ]
    load = attention.load_of_staff(today) if who.roles & {"sro_director", "sro_clerk", "sro_admin"} else []
    return {"mine": mine, "stats": stats, "load": [_load(*row) for row in load]}


def _load(user_id: int, name: str, total: int, late: int) -> dict[str, object]:
    url = url_for("records.index", assignee=user_id, open="1")
    overdue: dict[str, object] = {"text": late, "tone": "bad" if late else None}
    return {"id": user_id, "url": url, "cells": {"name": name, "total": total, "late": overdue}}


def _stat(label: str, found: tuple[int, bool], args: dict[str, str], tone: str | None) -> dict[str, object]:
    number, more = found
    return {
        "label": label,
        "value": f"{number}+" if more else number,
        "url": url_for("records.index", **dict[str, Any](args)),
        "tone": tone if number else None,
    }


def _member(who: Actor) -> dict[str, object]:
    names = ("number", "title", "state", "expected", "assignee")
    return {
        "mine": _table(
            who, query.ListQuery(direction="in", organisation=who.organisation_id, limit=8), names
        ),
        "received": _table(
            who,
            query.ListQuery(direction="out", organisation=who.organisation_id, limit=6),
            ("number", "registered_on", "title", "state"),
        ),
        "news": boards.news(who, limit=4),
        "quick": [k for k in query.kinds_for(who) if k.member_menu][:6],
    }


@bp.post("/preferences")
def preferences() -> ResponseReturnValue:
    """Dark or light, large text, the version for the weak-sighted: kept in a cookie (U-13)."""
    form = request.form
    parts = set(request.cookies.get("theme", "").split("-")) - {""}
    if (theme := form.get("theme")) in ("light", "dark", "auto"):
        parts -= {"light", "dark"}
        parts |= {theme} - {"auto"}
    for name in ("large", "lowvision"):
        if name in form:
            parts = parts | {name} if form[name] == "1" else parts - {name}
    wants_json = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "application/json"
    response = ("", 204) if wants_json else redirect(safe_next(form.get("next")))
    answer = make_response(response)
    answer.set_cookie("theme", "-".join(sorted(parts)), max_age=365 * 86400, samesite="Lax", httponly=True)
    return answer
