"""«Деятельность члена СРО»: the section of a year, one form, sending, the curator's decisions, years side
by side."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from records import parameters, policy, query, service
from records.actor import Actor
from records.errors import Invalid, Refused
from records.kinds import registry
from records.model import Record
from reports import campaign, controls, diff, editions, opening, section, sending, sheets
from reports.model import ReportSheet

from . import _menu, _report_view
from ._security import actor
from .report_rows import remarks_json

bp = Blueprint("reports", __name__)

MENU = (_menu.Item("member", "Отчёты", "reports.index", "table", _menu.member, order=5),)


@bp.get("/reports")
@login_required
def index() -> ResponseReturnValue:
    """Forms of a year: the member's own, or a member's for the staff (`organisation`)."""
    who = actor()
    asked = request.args.get("organisation", type=int) if who.is_staff else who.organisation_id
    if asked is None:
        return redirect(url_for("report_campaigns.index"))
    year = request.args.get("year", type=int) or section.own_year(who)
    found = section.of(who, asked, year)
    return render_template(
        "reports/index.html",
        section=found,
        lines=[_line(who, found, line) for line in found.lines],
        years=[
            {
                "title": str(one),
                "url": url_for("reports.index", year=one, organisation=asked if who.is_staff else None),
                "current": one == year,
            }
            for one in section.years_of(asked)
        ],
        may_fill=not who.is_staff and not who.read_only,
        may_send=who.may_bind and not who.read_only,
        today=parameters.today(),
    )


def _line(who: Actor, found: section.Section, line: section.Line) -> dict[str, Any]:
    """A row of the section's table."""
    url = url_for("reports.show", record_id=line.record_id) if line.record_id else None
    if line.record_id is None and not who.is_staff:
        url = url_for("reports.begin", form=line.form, year=found.year)
    notes = [
        f"ошибок: {line.wrong}" if line.wrong else "",
        f"замечаний: {line.remarks}" if line.remarks else "",
        f"предупреждений: {line.warnings}" if line.warnings else "",
    ]
    ready = "сведений нет" if line.is_nil else f"{line.percent}\u00a0%" if line.record_id else "—"
    return {
        "id": f"{line.form}-{line.record_id or 0}",
        "url": url,
        "tone": "bad" if line.state == "returned" else None,
        "cells": {
            "number": line.number,
            "title": {"text": line.title, "sub": line.object or None},
            "state": line.status,
            "percent": {"text": ready, "sub": ", ".join(n for n in notes if n) or None},
            "due": f"{line.due_on:%d.%m.%Y}",
            "incoming": line.incoming,
        },
    }


@bp.route("/reports/begin/<form>/<int:year>", methods=["GET", "POST"])
@login_required
def begin(form: str, year: int) -> ResponseReturnValue:
    """Open a form of a year; the first to come begins it, with what is known already."""
    record_id = opening.open_form(
        actor(), form, year, place=request.form.get("place", ""), title=request.form.get("title", "")
    )
    return redirect(url_for("reports.show", record_id=record_id))


@bp.get("/reports/<int:record_id>")
@login_required
def show(record_id: int) -> ResponseReturnValue:
    """One form. The page gets `data` (all that its script needs, as one value) and words for its frame."""
    who = actor()
    record, sheet = opening.find(who, record_id)
    return render_template("reports/form.html", **_page(who, record, sheet))


@bp.get("/reports/<int:record_id>/view")
@login_required
def view(record_id: int) -> ResponseReturnValue:
    """The form in words: for the curator's reading and for paper."""
    who = actor()
    record, sheet = opening.find(who, record_id)
    page = _page(who, record, sheet)
    return render_template("reports/view.html", **page, **_in_words(record, sheet))


def _in_words(record: Record, sheet: ReportSheet) -> dict[str, Any]:
    """The whole content of a form as text."""
    return {
        "tables": _report_view.tables(sheet),
        "documents": _report_view.documents(record, editions.of(sheet)),
    }


def _page(who: Actor, record: Record, sheet: ReportSheet) -> dict[str, Any]:
    """What both pages of a form are given."""
    form, state, data = editions.of(sheet), record.state, page_data(who, record, sheet)
    asked = query.actions(who, record)
    return {
        "record": record,
        "sheet": sheet,
        "form": form,
        "company": record.organisation.short_name if record.organisation else "",
        "status": (state, section.STATES.get(state, state), section.TONES.get(state, "draft")),
        "data": data,
        "actions": [one for one in asked if one.allowed or one.reasons],
        "refused": [one for one in asked if not one.allowed and one.reasons and one.verb != "submit"],
        "printed": sending.printed(record.id),
        "may_revise": not who.is_staff and not who.read_only and state in campaign.GOOD,
        "places": _report_view.places(sheet, data["remarks"]),
    }


def page_data(who: Actor, record: Record, sheet: ReportSheet) -> dict[str, Any]:
    """What the page's script is given: {report, form, fields, permissions, remarks, warnings, errors,
    diff, urls}."""
    may_edit = policy.may_edit(who, record, registry.of(record))
    compared = diff.with_previous(who, record.id)
    return {
        "report": {
            "id": record.id,
            "title": record.title,
            "state": record.state,
            "state_title": section.STATES.get(record.state, record.state),
            "version": record.version,
            "year": sheet.year,
            "nil": sheet.is_nil,
            "stamp": sheet.stamp,
            "revision": sheet.revision,
            "number": record.number_text,
            "progress": sheets.progress(sheet),
        },
        "form": sheets.declaration(sheet),
        "fields": _cards(sheet),
        "files": _form_files(record),
        "permissions": {
            "edit": may_edit,
            "remark": who.may_handle,
            "close": who.may_handle or may_edit,
            "submit": who.may_bind and record.state in ("draft", "returned"),
            "staff": who.is_staff,
            "user": who.user_id,
        },
        "remarks": remarks_json(record),
        "warnings": controls.shown(who, record.id),
        "errors": sheets.faults(who, record.id),
        "diff": {
            "title": compared.title,
            "record_id": compared.record_id,
            "rows": [row.as_json() for row in compared.rows],
        },
        "urls": {"base": url_for("reports.show", record_id=record.id)},
    }


def _cards(sheet: ReportSheet) -> dict[str, dict[str, Any]]:
    """Values of the form's cards: table → {uid, version, cells}."""
    found = {}
    for table in editions.of(sheet).tables:
        if table.is_single:
            row = next(iter(sheets.live(sheet.record_id, table.code)), None)
            if row is not None:
                found[table.code] = sheets.row_json(table, row)
    return found


def _form_files(record: Record) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in query.files(record):
        head, _, kind = file.slot.partition(":")
        if head == "form":
            one = {"id": file.id, "name": file.name, "size": file.size, "url": f"/files/{file.id}"}
            found.setdefault(kind, []).append(one)
    return found


@bp.post("/reports/<int:record_id>/submit")
@login_required
def submit(record_id: int) -> ResponseReturnValue:
    """Send one form to the curator."""
    try:
        record = sending.submit(actor(), record_id, once=request.form.get("once") or None)
    except (Refused, Invalid) as refused:
        flash(f"Форма не отправлена. {refused}", "error")
        return redirect(url_for("reports.show", record_id=record_id))
    flash(f"Форма отправлена: вх. № {record.number_text}.", "success")
    return redirect(url_for("reports.show", record_id=record_id))


@bp.post("/reports/submit/<int:year>")
@login_required
def submit_all(year: int) -> ResponseReturnValue:
    """Send every form that is ready; what of each came."""
    found = sending.submit_all(actor(), year)
    sent = [one for one in found if one.number]
    if sent:
        flash(f"Отправлено форм: {len(sent)}. " + ", ".join(f"вх. № {one.number}" for one in sent), "success")
    for one in found:
        if not one.number:
            number = editions.current(one.form, year)[0].number
            flash(f"Форма {number} не отправлена. {' '.join(one.reasons)}", "warning")
    if not found:
        flash("Отправлять нечего: начатых форм нет.", "info")
    return redirect(url_for("reports.index", year=year))


@bp.post("/reports/<int:record_id>/act/<verb>")
@login_required
def act(record_id: int, verb: str) -> ResponseReturnValue:
    """A move of the form: take, return, approve, sign, take back."""
    opening.find(actor(), record_id)
    try:
        record = service.act(
            actor(), record_id, verb, note=request.form.get("note", ""), once=request.form.get("once") or None
        )
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
    else:
        flash(f"Форма: {section.STATES.get(record.state, record.state).lower()}.", "success")
    return redirect(url_for("reports.show", record_id=record_id))


@bp.get("/reports/<int:record_id>/act/<verb>")
@login_required
def ask(record_id: int, verb: str) -> ResponseReturnValue:
    """The question before a move, without script."""
    return redirect(url_for("records.show", record_id=record_id))


@bp.post("/reports/<int:record_id>/revise")
@login_required
def revise(record_id: int) -> ResponseReturnValue:
    """A new revision of an approved form."""
    return redirect(url_for("reports.show", record_id=opening.revise(actor(), record_id)))


@bp.get("/reports/<int:record_id>/years")
@login_required
def years(record_id: int) -> ResponseReturnValue:
    """The same form over the years."""
    record, sheet = opening.find(actor(), record_id)
    form, lines, found = diff.by_years(actor(), record_id)
    columns: list[dict[str, Any]] = [{"key": "title", "title": "Показатель", "primary": True}]
    columns += [{"key": str(one.year), "title": str(one.year), "align": "end"} for one in found]
    shown = [
        {"id": key, "cells": {"title": title, **{str(y.year): y.values.get(key, "—") for y in found}}}
        for key, title in lines
    ]
    return render_template(
        "reports/years.html", record=record, sheet=sheet, form=form, columns=columns, rows=shown, years=found
    )
