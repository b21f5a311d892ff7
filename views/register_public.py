"""The open register for everybody: search, a member's card, the feed, a table for spreadsheets, a widget."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from language.dates import short_date
from records import parameters
from records.database import db, now
from records.errors import NotFound
from register import listing, open_part
from register.member_fields import FIELDS, MEMBERSHIP, ODO_RIGHT, RIGHT
from register.model import MemberCard

bp = Blueprint("register_public", __name__)

WIDGET_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors *"
)
"""The widget alone may stand in a frame of another site: it has no session and takes no orders."""

COLUMNS = (
    {"key": "number", "title": "Номер", "kind": "code"},
    {"key": "name", "title": "Организация", "primary": True},
    {"key": "status", "title": "Статус", "kind": "status"},
    {"key": "right", "title": "Право", "kind": "status"},
    {"key": "levels", "title": "Уровни ВВ / ОДО"},
)


@bp.get("/open-register")
def index() -> ResponseReturnValue:
    """Search by name, ИНН or number; those who have left are there too."""
    g.private = False
    return render_template("register/open.html", **_found("register_public.show"))


@bp.get("/open-register/widget")
def widget() -> Response:
    """The same search for a frame on the СРО's own site."""
    g.private = False
    page = Response(render_template("register/widget.html", **_found("register_public.show")))
    page.headers["Content-Security-Policy"] = WIDGET_CSP
    page.headers["X-Frame-Options"] = "ALLOWALL"
    return page


def _found(endpoint: str) -> dict[str, object]:
    text = request.args.get("q", "").strip()[:100]
    status = request.args.get("status", "member")
    asked = listing.Asked(
        text=text,
        membership=status if status in ("member", "terminated") else "",
        after=request.args.get("after", "")[:60],
    )
    page = listing.page(asked, parameters.today())
    rows = [_row(card, endpoint) for card in page.rows if card.membership_status != "candidate"]
    return {
        "columns": COLUMNS,
        "rows": rows,
        "page": page,
        "text": text,
        "status": status,
        "after": asked.after,
    }


def _row(card: MemberCard, endpoint: str) -> dict[str, object]:
    levels = " / ".join("нет" if n is None else str(n) for n in (card.vv_level, card.odo_level))
    return {
        "id": card.organisation_id,
        "url": url_for(endpoint, number=card.register_number) if card.register_number else None,
        "cells": {
            "number": card.register_number,
            "name": card.name,
            "status": (
                "active" if card.membership_status == "member" else "terminated",
                MEMBERSHIP[card.membership_status],
            ),
            "right": (card.right_status, RIGHT[card.right_status]),
            "levels": levels,
        },
    }


@bp.get("/open-register/<number>")
def show(number: str) -> ResponseReturnValue:
    """What the public knows of a member; the member itself looks at the same page (C-27)."""
    g.private = False
    found = db.session.scalar(
        db.select(MemberCard.organisation_id).where(MemberCard.register_number == number)
    )
    entry = open_part.entry(found, parameters.today()) if found is not None else None
    if entry is None:
        raise NotFound
    return render_template(
        "register/open_member.html", entry=entry, groups=_groups(entry), short_date=short_date
    )


_LABELS = {
    "address": "Адрес", "site": "Сайт", "head": "Руководитель", "right_ordinary_from": "ОКС, с",
    "right_hazardous_from": "ООТСУ, с", "right_nuclear_from": "ОИАЭ, с", "vv_paid": "Взнос в КФ ВВ, ₽",
    "odo_right_from": "Право ОДО с", "odo_paid": "Взнос в КФ ОДО, ₽",
    "obligations_total": "Фактический совокупный размер обязательств, ₽", "obligations_date": "Рассчитан",
}  # fmt: skip
_GROUPS = (
    ("Сведения о члене", ("full_name", "inn", "ogrn", "state_reg_date", "address", "phone", "site", "head")),
    (
        "Членство",
        (
            "register_number",
            "unified_number",
            "register_date",
            "admission_decision",
            "admission_effective_date",
            "accordance_status",
            "terminated_date",
            "termination_reason",
        ),
    ),
    (
        "Право и компенсационные фонды",
        (
            "right_status",
            "right_basis",
            "right_ordinary_from",
            "right_hazardous_from",
            "right_nuclear_from",
            "vv_level",
            "vv_paid",
            "odo_right_status",
            "odo_right_from",
            "odo_level",
            "odo_paid",
            "obligations_total",
            "obligations_date",
        ),
    ),
)
_SUMS = frozenset({"vv_paid", "odo_paid", "obligations_total"})


def _groups(entry: open_part.Row) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (title, [_line(name, entry.get(name)) for name in names if entry.get(name)])
        for title, names in _GROUPS
    ]


def _line(name: str, value: object) -> tuple[str, str]:
    declared = FIELDS.get(name)
    label = _LABELS.get(name) or (declared.label if declared else name)
    text = str(value)
    if name in _SUMS:
        whole, _, cents = f"{float(text):,.2f}".partition(".")
        return label, f"{whole.replace(',', chr(0xA0))},{cents}"
    if name.endswith(("_date", "_from")):
        return label, f"{text[8:10]}.{text[5:7]}.{text[:4]}"
    return label, declared.show(text) if declared else ODO_RIGHT.get(text, text)


@bp.get("/open-register.json")
def feed() -> ResponseReturnValue:
    """The feed by its scheme, with ETag and the digest of its bytes; unchanged is answered 304 (X-04)."""
    at, facts = open_part.stamp()
    tag = hashlib.sha256(f"{at}:{facts}:{parameters.today()}".encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        return _open(Response(status=304), tag)
    body = open_part.as_json(open_part.feed(parameters.today(), at or now()))
    page = Response(body, mimetype="application/json")
    page.headers["X-Content-SHA256"] = hashlib.sha256(body).hexdigest()
    if at is not None:
        page.last_modified = at
    return _open(page, tag)


@bp.get("/open-register.csv")
def table() -> Response:
    """The same for spreadsheets."""
    rows = open_part.feed(parameters.today(), now())["members"]
    assert isinstance(rows, list)
    page = Response(open_part.csv(rows), mimetype="text/csv; charset=utf-8")
    page.headers["Content-Disposition"] = "attachment; filename=open-register.csv"
    return _open(page, "")


def _open(page: Response, tag: str) -> Response:
    """Anybody's page may read the feed."""
    g.private = False
    page.headers["Access-Control-Allow-Origin"] = "*"
    page.headers["Cache-Control"] = "public, max-age=30"
    if tag:
        page.set_etag(tag)
    return page
