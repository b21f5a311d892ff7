"""The calendar: month and list, own and all."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import events
from language.dates import month_and_year
from records import parameters

from . import _menu
from ._security import actor

bp = Blueprint("calendar", __name__)

MENU = (_menu.Item("main", "Календарь", "calendar.month", "calendar", order=25),)


@bp.get("/calendar")
@login_required
def month() -> ResponseReturnValue:
    """A month of terms and events."""
    today = parameters.today()
    text = request.args.get("month", "")
    year, number = today.year, today.month
    if (
        len(text) == 7
        and text[:4].isdecimal()
        and text[5:].isdecimal()
        and 1 <= int(text[5:]) <= 12
        and 1990 < int(text[:4]) < 2200
    ):
        year, number = int(text[:4]), int(text[5:])
    group = request.args.get("group", "") if request.args.get("group") in ("due", "event") else ""
    mine = request.args.get("mine") == "1"
    weeks = events.month(actor(), year, number, today, group=group, mine=mine)
    before, after = events.neighbours(year, number)
    as_list = request.args.get("view") == "list"
    return render_template(
        "desk/calendar.html",
        weeks=weeks,
        title=month_and_year(date(year, number, 1)).capitalize(),
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}",
        group=group,
        mine=mine,
        as_list=as_list,
        listed=[e for week in weeks for day in week if day.in_month for e in day.events],
    )
