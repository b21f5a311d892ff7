"""Filling a form without script: cards as plain forms, tables by a pasted range or a workbook, previewed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from forms.printed_cells import as_words, typed
from forms.reports.model import Column, Table
from records.errors import Invalid, Refused
from reports import books, editions, filling, opening, pasting, sheets, titles
from reports.model import ReportSheet

from ._security import actor

bp = Blueprint("report_plain", __name__, url_prefix="/reports/<int:record_id>/plain")

_SHOWN = 50


@bp.get("")
@login_required
def show(record_id: int) -> ResponseReturnValue:
    """Every table of the form, ready to be written in."""
    return _page(record_id)


def _page(record_id: int, preview: dict[str, Any] | None = None, table: str = "") -> ResponseReturnValue:
    record, sheet = opening.find(actor(), record_id)
    form = editions.of(sheet)
    return render_template(
        "reports/plain.html",
        record=record,
        sheet=sheet,
        form=form,
        cards=[_card(sheet, one) for one in form.tables if one.is_single],
        lists=[one for one in form.tables if not one.is_single],
        totals={one.code: len(sheets.live(record_id, one.code)) for one in form.tables if not one.is_single},
        preview=preview,
        table=form.table(table) if table else None,
        progress=sheets.progress(sheet),
    )


def _card(sheet: ReportSheet, table: Table) -> dict[str, Any]:
    row = filling.card_row(sheet.record_id, table.code)
    known = books.linked(sheet, [table])
    return {
        "code": table.code,
        "title": table.title,
        "fields": [
            _field(sheet, column, row.cells, row.notes, known)
            for column in table.columns
            if not column.computed
        ],
    }


def _field(
    sheet: ReportSheet, column: Column, cells: dict[str, Any], notes: dict[str, Any], known: dict[str, Any]
) -> dict[str, Any]:
    """A field with its text as a person types it, its list and what is wrong with it."""
    note = notes.get(column.name, {})
    value = note.get("raw", "") if "error" in note else as_words(typed(column, known)(cells))
    choices = [choice.title for choice in column.choices] if column.type == "enum" else []
    if column.type == "bool":
        choices = ["да", "нет"]
    if column.type == "ref":
        rows = titles.rows_of(sheet, column.target or "")
        choices = [title for _, title, _ in rows]
        value = next((title for uid, title, _ in rows if uid == cells.get(column.name)), "")
    return {"name": column.name, "title": column.title, "required": column.required, "help": column.help,
            "value": value, "choices": choices, "wrong": "error" in note}  # fmt: skip


@bp.post("/<table>")
@login_required
def save(record_id: int, table: str) -> ResponseReturnValue:
    """Save the fields of a card; what cannot be read stays as typed and is marked."""
    given = {f"{table}.{k}": v for k, v in request.form.items() if k not in ("csrf_token", "once")}
    try:
        _, errors, _ = filling.change_fields(actor(), record_id, given)
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
    else:
        flash(f"Сохранено, полей с ошибками: {len(errors)}." if errors else "Сохранено.",
              "warning" if errors else "success")  # fmt: skip
    return redirect(url_for("report_plain.show", record_id=record_id, _anchor=table))


@bp.post("/nil")
@login_required
def nil(record_id: int) -> ResponseReturnValue:
    """«Сведений нет», or there are some after all."""
    try:
        filling.change_fields(actor(), record_id, {"nil": request.form.get("nil") == "1"})
    except Refused as refused:
        flash(str(refused), "error")
    return redirect(url_for("report_plain.show", record_id=record_id))


@bp.post("/<table>/preview")
@login_required
def preview(record_id: int, table: str) -> ResponseReturnValue:
    """What a pasted range or a workbook would add."""
    sent = request.files.get("file")
    try:
        if sent is not None and sent.filename:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "book"
                sent.save(path)
                found = pasting.preview_upload(actor(), record_id, table, path, sent.filename)
        else:
            found = pasting.preview_paste(actor(), record_id, table, request.form.get("payload", ""))
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
        return redirect(url_for("report_plain.show", record_id=record_id))
    if found["error"]:
        flash(str(found["error"]["text"]), "error")
        return redirect(url_for("report_plain.show", record_id=record_id, _anchor=table))
    return _page(record_id, {**found, "rows": found["rows"][:_SHOWN], "count": len(found["rows"])}, table)


@bp.post("/<table>/apply/<token>")
@login_required
def apply(record_id: int, table: str, token: str) -> ResponseReturnValue:
    """Put the preview into the table."""
    _, saved, added, _ = pasting.apply(actor(), record_id, table, token)
    flash(f"Вставлено: новых строк {len(added)}, изменено {len(saved.rows) - len(added)}.", "success")
    return redirect(url_for("report_plain.show", record_id=record_id, _anchor=table))
