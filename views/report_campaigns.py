"""Campaigns of yearly reports: start, terms, who has filed, what is wrong most, totals, the workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from records import parameters
from records.errors import Forbidden, Invalid, Refused
from reports import analytics, books, campaign, editions

from . import _menu
from ._security import actor

bp = Blueprint("report_campaigns", __name__)

MENU = (_menu.Item("office", "Отчёты членов", "report_campaigns.index", "table", _menu.staff, order=57),)

STAGES = {
    "none": ("Не начат", "closed"),
    "begun": ("Заполняется", "draft"),
    "part": ("Подан частично", "waiting"),
    "filed": ("Подан", "active"),
    "returned": ("Есть отклонённые", "bad"),
    "approved": ("Одобрен", "good"),
}


@bp.get("/reports/campaigns")
@login_required
def index() -> ResponseReturnValue:
    """The campaign of a year: figures, charts, members."""
    who = actor()
    if not who.is_staff:
        raise Forbidden
    year = request.args.get("year", type=int) or campaign.years()[0]
    found = analytics.summary(who, year)
    stage, words = request.args.get("stage", ""), request.args.get("q", "").strip()
    return render_template(
        "reports/campaign.html",
        year=year,
        entry=campaign.of(year),
        found=found,
        stats=_stats(found),
        chart=[_bar(line, len(found.members)) for line in found.forms],
        legend=analytics.STAGES,
        troubles=[
            {"id": n, "cells": {"title": t.title, "count": t.count, "members": t.members}}
            for n, t in enumerate(found.troubles)
        ],
        totals=[
            {"id": n, "cells": {"title": title, "sum": money(amount), "rows": rows}}
            for n, (title, amount, rows) in enumerate(found.totals)
        ],
        members=[_member(line, year) for line in found.members if _asked(line, stage, words)],
        words=words,
        stages=[(code, words[0]) for code, words in STAGES.items()],
        stage=stage,
        years=[
            {"title": str(y), "url": url_for("report_campaigns.index", year=y), "current": y == year}
            for y in sorted({*campaign.years(), year}, reverse=True)
        ],
        may_keep=campaign.may_keep(who),
        forms=editions.for_year(parameters.today().year),
        next_year=max(campaign.years()) + 1 if campaign.of(campaign.years()[0]) else parameters.today().year,
        next_due=campaign.usual_term(parameters.today().year),
    )


def _asked(line: campaign.MemberLine, stage: str, words: str) -> bool:
    """Whether a member answers the filter: how far he has come, a part of his name or number."""
    named = f"{line.register_number} {line.name}".casefold()
    return (not stage or line.stage == stage) and words.casefold() in named


def money(amount: Decimal) -> str:
    """A sum as it is read: with kopecks only when there are any."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{amount:,.{places}f}".replace(",", "\u00a0").replace(".", ",")


def _stats(found: analytics.Summary) -> list[dict[str, object]]:
    stages, whole = found.stages, len(found.members)
    filed = stages["filed"] + stages["approved"]
    return [
        {"label": "Членов СРО", "value": whole},
        {"label": "Подали полностью", "value": filed, "tone": "good" if filed else None},
        {"label": "Подали частично", "value": stages["part"]},
        {"label": "Не начали", "value": stages["none"], "tone": "bad" if stages["none"] else None},
        {"label": "Замечаний куратора", "value": found.remarks},
    ]


def _bar(line: analytics.FormLine, whole: int) -> dict[str, object]:
    """A row of the chart: shares of a hundred, one after another."""
    parts, at = [], 0.0
    for code, title, tone in analytics.STAGES:
        width = line.counts[code] * 100 / whole if whole else 0
        if width:
            parts.append(
                {
                    "x": round(at, 2),
                    "width": round(width, 2),
                    "tone": tone,
                    "title": f"{title}: {line.counts[code]}",
                }
            )
        at += width
    words = ", ".join(
        f"{title.lower()} {line.counts[code]}" for code, title, _ in analytics.STAGES if line.counts[code]
    )
    return {"number": line.number, "title": line.title, "parts": parts, "words": words}


def _member(line: campaign.MemberLine, year: int) -> dict[str, object]:
    title, tone = STAGES[line.stage]
    return {
        "id": line.organisation_id,
        "url": url_for("reports.index", organisation=line.organisation_id, year=year),
        "cells": {
            "number": line.register_number,
            "name": line.name,
            "stage": (line.stage, title, tone),
            "filed": f"{line.filed} из {len(line.asked)}",
            "approved": line.approved,
            "returned": line.returned,
        },
    }


@bp.post("/reports/campaigns")
@login_required
def start() -> ResponseReturnValue:
    """Begin a campaign."""
    year = request.form.get("year", type=int) or 0
    due_on = _day(request.form.get("due_on", ""))
    try:
        campaign.start(
            actor(),
            year,
            due_on=due_on,
            asked=request.form.getlist("forms"),
            note=request.form.get("note", ""),
        )
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
        return redirect(url_for("report_campaigns.index"))
    flash(f"Кампания за {year} год начата: члены СРО получили уведомления.", "success")
    return redirect(url_for("report_campaigns.index", year=year))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid({"due_on": ["Укажите дату."]}) from error


@bp.post("/reports/campaigns/<int:year>/term")
@login_required
def prolong(year: int) -> ResponseReturnValue:
    """Move the term."""
    due_on = _day(request.form.get("due_on", ""))
    if due_on is None:
        raise Invalid({"due_on": ["Укажите дату."]})
    campaign.prolong(actor(), year, due_on)
    flash(f"Новый срок: {due_on:%d.%m.%Y}. Члены СРО уведомлены.", "success")
    return redirect(url_for("report_campaigns.index", year=year))


@bp.get("/reports/campaigns/<int:year>.xlsx")
@login_required
def book(year: int) -> ResponseReturnValue:
    """The campaign as a workbook."""
    response = Response(analytics.as_book(actor(), year), mimetype=books.XLSX)
    for header, value in serving_headers(books.XLSX, f"Отчётная кампания {year}.xlsx").items():
        response.headers[header] = value
    return response
