"""«Время ответа»: from receipt to answer, by kind and by employee (C-46)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import pace

from . import _menu
from ._security import actor

bp = Blueprint("pace", __name__)

MENU = (_menu.Item("office", "Время ответа", "pace.show", "clock", _menu.staff, order=65),)


@bp.get("/desk/pace")
@login_required
def show() -> ResponseReturnValue:
    """The pace of the last month, quarter or year."""
    who = actor()
    asked = request.args.get("days", type=int)
    days = asked if asked in pace.PERIODS else pace.PERIODS[1]
    found = pace.served(who, days)
    whole = pace.pace("", "Все", found) if found else None
    return render_template(
        "desk/pace.html",
        stats=_stats(whole),
        kinds=[_row(p) for p in pace.by_kind(found)],
        people=[_row(p) for p in pace.by_employee(found)],
        all_people=pace.may_see_all(who),
        periods=[
            {"title": f"{n} дней", "url": url_for("pace.show", days=n), "current": n == days}
            for n in pace.PERIODS
        ],
    )


def _stats(whole: pace.Pace | None) -> list[dict[str, object]]:
    if whole is None:
        return []
    return [
        {"label": "Отвечено", "value": whole.count},
        {"label": "Обычно за", "value": words(whole.median), "hint": "половина ответов не дольше"},
        {"label": "Девять из десяти за", "value": words(whole.slowest_tenth)},
        {"label": "С нарушением срока", "value": whole.late, "tone": "bad" if whole.late else None},
    ]


def _row(found: pace.Pace) -> dict[str, object]:
    return {
        "id": found.key,
        "cells": {
            "title": found.title,
            "count": found.count,
            "median": words(found.median),
            "slow": words(found.slowest_tenth),
            "late": {"text": found.late, "tone": "bad" if found.late else None},
        },
    }


def words(took: timedelta) -> str:
    """«3 дн. 4 ч», «5 ч 20 мин», «12 мин»; blanks inside never break a line."""
    minutes = int(took.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "дн."), (hours, "ч"), (rest, "мин")]
    shown = [f"{value}\u00a0{unit}" for value, unit in parts if value][: 2 if days or hours else 1]
    return "\u00a0".join(shown) or "меньше минуты"
