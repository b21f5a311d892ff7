"""The charter's provisions (прил. 2) and the blanks of the regulation (прил. 3) as dated settings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from documents.printing import PDF, as_pdf
from meetings import preparing
from meetings.charter import PROVISIONS, Charter
from meetings.papers import files
from meetings.papers.regulation import shown
from records import parameters
from records.database import now
from records.errors import Forbidden, Refused

from ._forms import read_day
from ._security import actor

bp = Blueprint("meetings_prepare_charter", __name__)


@bp.route("/meetings/charter", methods=["GET", "POST"])
@login_required
def index() -> ResponseReturnValue:
    """Every provision with its clause and value; a change begins on a day and names its decision."""
    who = actor()
    if not who.is_staff:
        raise Forbidden
    if request.method == "POST":
        since = read_day(request.form.get("since")) or parameters.today()
        try:
            preparing.set_charter(who, _chosen(), since=since, document=request.form.get("document", ""))
        except Refused as refused:
            flash(str(refused), "error")
        else:
            flash(f"Положения устава изменены с {since:%d.%m.%Y}.", "success")
        return redirect(url_for(".index"))
    charter = Charter.of(preparing.charter_on(parameters.today()))
    return render_template(
        "meetings/prepare_charter.html",
        rows=[
            {
                "row": row,
                "value": charter.chosen.get(row.name, row.default),
                "options": [(one, shown(row.name, one)) for one in row.choices],
            }
            for row in PROVISIONS.values()
        ],
        editions=[(e.valid_from, e.note) for e in parameters.history(preparing.CHARTER)],
        may_change=bool(who.roles & {"sro_admin", "sro_director"}),
    )


def _chosen() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in PROVISIONS.values():
        text = request.form.get(row.name, "").strip()
        if text:
            found[row.name] = int(text) if isinstance(row.default, int) and text.isdecimal() else text
    return found


@bp.get("/meetings/regulation.pdf")
@login_required
def regulation() -> ResponseReturnValue:
    """The regulation on the general meeting with the numbers in force today."""
    actor()
    charter = Charter.of(preparing.charter_on(parameters.today()))
    office = parameters.office()
    made = files.regulation_of(charter, office, now().astimezone(parameters.zone()))
    response = Response(as_pdf(made, apart=True), mimetype=PDF)
    for header, value in serving_headers(PDF, "Положение об общем собрании.pdf").items():
        response.headers[header] = value
    return response
