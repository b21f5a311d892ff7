"""«Личное дело члена»: the whole file of a company on one page, with filters and counters (C-50)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import member_file
from language.dates import MONTHS, short_date
from records import parameters
from records.actor import Actor
from records.database import db
from records.errors import Forbidden
from records.kinds import registry
from records.people import Organisation, User

from . import _menu
from ._security import actor
from ._state_words import state_words

bp = Blueprint("member_file", __name__)

MENU = (
    _menu.Item("member", "Личное дело", "member_file.own", "book", _menu.member, order=5),
    _menu.Item("office", "Дела членов", "member_file.index", "book", _menu.staff, order=60),
)

STATUSES = {"active": "член СРО", "suspended": "право приостановлено", "left": "вышел из СРО"}
ICONS = {"papers": "file-text", "moves": "arrow-right", "remarks": "message", "mail": "mail"}


@bp.get("/organisations")
@login_required
def index() -> ResponseReturnValue:
    """The files of all companies, for staff."""
    if not actor().is_staff:
        raise Forbidden
    text = request.args.get("q", "").strip()[:100]
    found, after = member_file.files(text, after=request.args.get("after", ""))
    rows = [
        {
            "id": item.company.id,
            "url": url_for("member_file.show", organisation_id=item.company.id),
            "cells": {
                "name": item.company.short_name,
                "number": item.company.register_number or "",
                "inn": item.company.inn or "",
                "papers": item.papers,
                "open": item.open,
            },
        }
        for item in found
    ]
    return render_template("desk/member_files.html", rows=rows, text=text, after=after)


@bp.get("/organisation/file")
@login_required
def own() -> ResponseReturnValue:
    """The member's own file, from the cabinet."""
    who = actor()
    if who.organisation_id is None:
        raise Forbidden
    return _page(who, who.organisation_id)


@bp.get("/organisations/<int:organisation_id>/file")
@login_required
def show(organisation_id: int) -> ResponseReturnValue:
    """The file of one company: any employee, or its own representative."""
    return _page(actor(), organisation_id)


def _page(who: Actor, organisation_id: int) -> ResponseReturnValue:
    company = member_file.company(who, organisation_id)
    totals = member_file.summary(who, company.id)
    kind, year, what = _asked("kind"), _asked("year"), _asked("what")
    window = member_file.Window(
        kind=kind if kind in registry else "",
        year=int(year) if year.isdecimal() and len(year) == 4 and 1900 < int(year) < 2200 else None,
        before=_key(_asked("before")),
    )
    found, next_key = member_file.timeline(who, company.id, window, names={what} & member_file.SOURCES.keys())
    return render_template(
        "desk/member_file.html",
        company=company,
        requisites=_requisites(company),
        stats=_stats(who, company, totals),
        counts=[(name, registry[name].title, count) for name, count in totals.kinds],
        kinds=[(name, registry[name].title) for name, _ in totals.kinds],
        years=[(str(y), str(y)) for y in totals.years],
        sources=[(s.name, s.title) for s in member_file.SOURCES.values() if who.is_staff or s.name != "mail"],
        kind=window.kind,
        year=window.year,
        what=what,
        days=_by_month([_line(event) for event in found]),
        next_url_after=_address(next_key) if next_key else None,
        paged=window.before is not None,
    )


def _asked(name: str) -> str:
    return request.args.get(name, "")[:80]


def _address(key: member_file.Key) -> str:
    return f"{key[0].timestamp():.6f}_{key[1]}_{key[2]}"


def _key(text: str) -> member_file.Key | None:
    """The key of the address; what nobody wrote with this program begins the file anew."""
    parts = text.split("_")
    if len(parts) != 3 or not all(p.isdecimal() and len(p) < 16 for p in parts[1:]):
        return None
    whole, dot, micro = parts[0].partition(".")
    if not (dot and whole.isdecimal() and micro.isdecimal() and len(whole) < 11 and len(micro) == 6):
        return None
    from_epoch = datetime.fromtimestamp(int(whole), tz=parameters.zone()).replace(microsecond=int(micro))
    return from_epoch, int(parts[1]), int(parts[2])


def _requisites(company: Organisation) -> list[tuple[str, str]]:
    curator = db.session.get(User, company.curator_id) if company.curator_id else None
    rows = [
        ("Номер в реестре", company.register_number or ""),
        ("ИНН", company.inn or ""),
        ("ОГРН", company.ogrn or ""),
        ("Положение", STATUSES.get(company.status, company.status) if company.role == "member" else ""),
        ("В СРО с", short_date(company.joined_on) if company.joined_on else ""),
        ("Куратор", curator.name if curator else ""),
        ("Адрес", company.address),
        ("Руководитель", company.head_name),
    ]
    return [(label, value) for label, value in rows if value]


def _stats(who: Actor, company: Organisation, totals: member_file.Summary) -> list[dict[str, object]]:
    """The counters; each leads to its list."""

    def tile(label: str, value: int, tone: str | None = None, **args: str) -> dict[str, object]:
        place = {"organisation": str(company.id)} if who.is_staff else {}
        url = url_for("records.index", **dict[str, Any](place | args))
        return {"label": label, "value": value, "url": url, "tone": tone if value else None}

    return [
        tile("Документов", totals.total),
        tile("Не закрыто", totals.open, open="1"),
        tile("Просрочено", totals.overdue, "bad", due="overdue"),
        {
            "label": "Замечаний не снято",
            "value": totals.remarks,
            "url": url_for(request.endpoint or "", **(request.view_args or {}), what="remarks"),
            "tone": "waiting" if totals.remarks else None,
        },
    ]


def _line(event: member_file.Event) -> dict[str, object]:
    kind = registry.get(event.kind)
    local = event.at.astimezone(parameters.zone())
    return {
        "at": local.strftime("%d.%m.%Y %H:%M"),
        "month": (local.year, local.month),
        "icon": ICONS.get(event.source, "flag"),
        "source": member_file.SOURCES[event.source].title,
        "title": event.title,
        "url": url_for("records.show", record_id=event.record_id) if event.record_id else None,
        "note": event.note,
        "by": event.by,
        "status": (event.state, state_words(kind, event.state)) if kind and event.state else None,
        "internal": event.internal,
        "bad": event.bad,
    }


def _by_month(lines: list[dict[str, object]]) -> list[tuple[str, list[dict[str, object]]]]:
    """The lines under the heads of their months."""
    found: dict[tuple[int, int], list[dict[str, object]]] = {}
    for line in lines:
        found.setdefault(line["month"], []).append(line)  # type: ignore[arg-type]
    return [(f"{MONTHS[month - 1].capitalize()} {year}", rows) for (year, month), rows in found.items()]
