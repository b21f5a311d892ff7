"""The register of members for staff: filters in the address, figures that open their lists, Excel."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from documents.xlsx import table_workbook
from language.dates import short_date
from language.money import roubles, whole_roubles
from records import parameters
from records.database import db, now
from records.errors import Forbidden
from register import listing
from register.member_fields import MEMBERSHIP, ODO_RIGHT, RIGHT
from register.model import MemberCard

from . import _menu
from ._security import actor

bp = Blueprint("register_list", __name__)

MENU = (_menu.Item("office", "Реестр членов", "register_list.index", "building", _menu.staff, order=55),)

COLUMNS = (
    {"key": "number", "title": "Номер", "kind": "code"},
    {"key": "name", "title": "Организация", "primary": True},
    {"key": "right", "title": "Право", "kind": "status"},
    {"key": "levels", "title": "Уровни ВВ / ОДО"},
    {"key": "obligations", "title": "Обязательства", "kind": "number"},
    {"key": "free", "title": "Остаток ОДО", "kind": "number"},
    {"key": "debt", "title": "Долг", "kind": "number"},
    {"key": "insured", "title": "Страховка до", "kind": "date"},
)
OBLIGATIONS = {"ok": "В пределах", "near": "Близко к пределу", "exceeded": "Превышены"}


@bp.get("/members")
@login_required
def index() -> ResponseReturnValue:
    """The list itself."""
    if not actor().is_staff:
        raise Forbidden
    asked, today = _asked(), parameters.today()
    found = listing.page(asked, today)
    return render_template(
        "register/list.html",
        columns=COLUMNS,
        rows=[_row(card) for card in found.rows],
        asked=asked,
        found=found,
        stats=_stats(listing.totals()),
        choices={
            "membership": list(MEMBERSHIP.items()),
            "right": list(RIGHT.items()),
            "odo": list(ODO_RIGHT.items()),
            "obligations": list(OBLIGATIONS.items()),
            "insurance": list(listing.INSURANCE.items()),
            "levels": [(str(n), str(n)) for n in range(6)],
        },
    )


@bp.get("/members.xlsx")
@login_required
def excel() -> ResponseReturnValue:
    """The same list in Excel, whole."""
    if not actor().is_staff:
        raise Forbidden
    cards = db.session.scalars(listing.matching(_asked(), parameters.today()))
    columns = (
        ("Номер в реестре", "code"),
        ("Организация", "text"),
        ("Статус члена", "text"),
        ("Право", "text"),
        ("Уровень ВВ", "integer"),
        ("Уровень ОДО", "integer"),
        ("Обязательства", "money"),
        ("Остаток ОДО", "money"),
        ("Долг", "money"),
        ("Страховка до", "date"),
    )
    rows = [
        (
            c.register_number,
            c.name,
            MEMBERSHIP.get(c.membership_status, ""),
            RIGHT.get(c.right_status, ""),
            c.vv_level,
            c.odo_level,
            c.obligations_total,
            c.obligations_free,
            c.debt,
            c.insured_until,
        )
        for c in cards
    ]
    book = table_workbook("Реестр членов", columns, rows, made_at=now().astimezone(parameters.zone()))  # type: ignore[arg-type]
    return Response(
        book,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": "attachment; filename=register.xlsx"},
    )


def _asked() -> listing.Asked:
    args = request.args
    membership = args.get("membership", "member")

    def known(name: str, choices: object) -> str:
        value = args.get(name, "")
        return value if value in choices else ""  # type: ignore[operator]

    def level(name: str) -> int | None:
        value = args.get(name, "")
        return int(value) if value in {"0", "1", "2", "3", "4", "5"} else None

    who = actor()
    return listing.Asked(
        text=args.get("q", "").strip()[:100],
        membership=membership if membership in MEMBERSHIP else "",
        right=known("right", RIGHT),
        odo=known("odo", ODO_RIGHT),
        vv_level=level("vv_level"),
        odo_level=level("odo_level"),
        obligations=known("obligations", OBLIGATIONS),
        insurance=known("insurance", listing.INSURANCE),
        debtors=args.get("debtors") == "1",
        curator=who.user_id if args.get("mine") == "1" else None,
        after=args.get("after", "")[:60],
    )


def _row(card: MemberCard) -> dict[str, object]:
    return {
        "id": card.organisation_id,
        "url": url_for("register_member.show", organisation_id=card.organisation_id),
        "tone": "bad" if card.obligations_state == "exceeded" else None,
        "cells": {
            "number": card.register_number,
            "name": card.name,
            "right": (card.right_status, RIGHT.get(card.right_status, "")),
            "levels": f"{_level(card.vv_level)} / {_level(card.odo_level)}",
            "obligations": whole_roubles(card.obligations_total),
            "free": _free(card),
            "debt": roubles(card.debt) if card.debt else "",
            "insured": short_date(card.insured_until) if card.insured_until else "",
        },
    }


def _level(number: int | None) -> str:
    return "нет" if number is None else str(number)


def _free(card: MemberCard) -> str:
    if card.odo_level is None:
        return ""
    return "не ограничен" if card.obligations_free is None else whole_roubles(card.obligations_free)


def _stats(totals: dict[str, int]) -> list[dict[str, object]]:
    here = "register_list.index"
    return [
        {"label": "Членов", "value": totals["members"], "url": url_for(here)},
        {
            "label": "Право приостановлено",
            "value": totals["suspended"],
            "url": url_for(here, right="suspended"),
            "tone": "waiting" if totals["suspended"] else None,
        },
        {
            "label": "Превышен уровень ОДО",
            "value": totals["exceeded"],
            "url": url_for(here, obligations="exceeded"),
            "tone": "bad" if totals["exceeded"] else None,
        },
        {
            "label": "С долгом",
            "value": totals["debtors"],
            "url": url_for(here, debtors="1"),
            "tone": "waiting" if totals["debtors"] else None,
        },
    ]
