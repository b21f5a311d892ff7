"""Loading members from Excel or CSV: upload, look, load, take the result away (X-07)."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from accounts import members_file, members_import, policy
from accounts.model import ImportRun
from records.errors import Invalid

from . import _menu
from ._security import actor

bp = Blueprint("account_import", __name__)

MENU = (
    _menu.Item("people", "Загрузка членов", "account_import.index", "upload", policy.may_import, order=20),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = ("inn", "short_name", "email", "head_name")
MOST_SHOWN = 100


@bp.route("/members/import", methods=["GET", "POST"])
@login_required
def index() -> ResponseReturnValue:
    policy.require(policy.may_import(actor()), "Загружать список членов могут администратор и отдел реестра.")
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        file = request.files.get("file")
        if file is None or not file.filename:
            errors = [("file", "Выберите файл .xlsx или .csv.")]
        else:
            try:
                run = members_import.preview(actor(), file.stream, file.filename)
            except Invalid as error:
                errors = [("file", text) for text in error.errors["file"]]
            else:
                return redirect(url_for("account_import.show", run_id=run.id))
    page = render_template("account/import.html", errors=errors, titles=members_file.TITLES)
    return page, 422 if errors else 200


@bp.get("/members/import/sample.xlsx")
@login_required
def sample() -> ResponseReturnValue:
    policy.require(policy.may_import(actor()))
    return _download(members_import.sample(), "члены-образец.xlsx")


@bp.get("/members/import/<int:run_id>")
@login_required
def show(run_id: int) -> ResponseReturnValue:
    """What was read: faults first, then what will be loaded, or what became of it."""
    run = members_import.get(actor(), run_id)
    bad = [row for row in run.rows if row["problems"]]
    good = [row for row in run.rows if not row["problems"]]
    return render_template(
        "account/import_run.html",
        run=run,
        counts=members_import.counts(run),
        found=[(members_file.TITLES[key], heading) for key, heading in run.columns.items()],
        missing=[title for key, title in members_file.TITLES.items() if key not in run.columns],
        columns=_columns(run, bad=False),
        bad_columns=_columns(run, bad=True),
        bad=[_row(row) for row in bad],
        good=[_row(row) for row in good[:MOST_SHOWN]],
        hidden=max(len(good) - MOST_SHOWN, 0),
    )


def _columns(run: ImportRun, *, bad: bool) -> list[dict[str, object]]:
    keys = [key for key in SHOWN if key in run.columns]
    found: list[dict[str, object]] = [{"key": "line", "title": "Строка", "kind": "number", "width": "narrow"}]
    found += [{"key": key, "title": members_file.TITLES[key], "primary": key == "short_name"} for key in keys]
    return [*found, {"key": "problems", "title": "Что не так"} if bad else {"key": "result", "title": "Итог"}]


def _row(row: dict[str, object]) -> dict[str, object]:
    values, problems = row["values"], row["problems"]
    assert isinstance(values, dict) and isinstance(problems, list)
    result = row["result"] or ("" if problems else "будет загружена")
    cells = {"line": row["line"], **values, "problems": "; ".join(problems), "result": result}
    return {"id": row["line"], "tone": "bad" if problems else None, "cells": cells}


@bp.post("/members/import/<int:run_id>/load")
@login_required
def load(run_id: int) -> ResponseReturnValue:
    run = members_import.load(actor(), run_id, invite=request.form.get("invite") == "1")
    counts = members_import.counts(run)
    flash(
        f"Загружено: добавлено {counts[members_import.ADDED]}, дополнено {counts[members_import.FILLED]}, "
        f"уже было {counts[members_import.SAME]}, с ошибками {counts['bad']}.",
        "success",
    )
    return redirect(url_for("account_import.show", run_id=run_id))


@bp.get("/members/import/<int:run_id>/result.xlsx")
@login_required
def result(run_id: int) -> ResponseReturnValue:
    run = members_import.get(actor(), run_id)
    return _download(members_import.workbook(run), "загрузка-членов.xlsx")


def _download(data: bytes, name: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)
