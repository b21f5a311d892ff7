"""«Состав форм»: the builder of report forms for the staff: titles, tables, columns, lists, sums,
publishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from forms.reports.model import Form
from records import parameters
from records.errors import Forbidden, Invalid, NotFound, Refused
from reports import builder, editions
from reports.model import ReportEdition

from ._security import actor

bp = Blueprint("report_builder", __name__)


@bp.get("/reports/forms")
@login_required
def index() -> ResponseReturnValue:
    """Every form with its edition in force and its draft."""
    _allowed()
    year = parameters.today().year
    rows = []
    for code in editions.CODES:
        form, number = editions.current(code, year)
        newest = next(iter(builder.published(code)), None)
        said = f"редакция {newest.number}, с {newest.from_year} года" if newest else "поставочная"
        waits = builder.draft_of(code) is not None
        rows.append(
            {
                "id": code,
                "url": url_for("report_builder.show", form=code),
                "cells": {
                    "number": form.number,
                    "title": form.title,
                    "edition": said if number or newest else "поставочная",
                    "draft": ("waiting", "Есть черновик") if waits else "",
                },
            }
        )
    return render_template("reports/forms.html", rows=rows)


def _allowed() -> None:
    if not builder.may_build(actor()):
        raise Forbidden


@bp.get("/reports/forms/<form>")
@login_required
def show(form: str) -> ResponseReturnValue:
    """One form: its tables and columns; the draft when there is one."""
    _allowed()
    if form not in editions.CODES:
        raise NotFound
    draft = builder.draft_of(form)
    found = builder.shown(draft) if draft else editions.current(form, parameters.today().year)[0]
    return render_template(
        "reports/builder.html",
        form=found,
        draft=draft,
        tables=[_table(found, table.code, draft) for table in found.tables],
        types=[(code, words[0]) for code, words in builder.TYPES.items()],
        editions=[
            {
                "id": one.id,
                "cells": {
                    "number": one.number,
                    "year": one.from_year,
                    "note": one.note or "—",
                    "at": f"{one.made_at.astimezone(parameters.zone()):%d.%m.%Y}",
                },
            }
            for one in builder.published(form)
        ],
        first_year=builder.first_free_year(form),
    )


def _table(form: Form, code: str, draft: ReportEdition | None) -> dict[str, Any]:
    table = form.table(code)
    summed = {column.field for column in form.layout.columns if column.total}
    return {
        "code": code,
        "title": table.title,
        "is_single": table.is_single,
        "columns": [
            {
                "name": column.name,
                "title": column.title,
                "kind": _kind(column.type, column.requirement),
                "required": column.required,
                "requirement": column.requirement,
                "choices": "\n".join(choice.title for choice in column.choices),
                "own_list": draft is not None and column.name in draft.enums,
                "summed": column.name in summed,
            }
            for column in table.columns
        ],
    }


def _kind(kind: str, requirement: str) -> str:
    if requirement.startswith("вычисл. ="):
        return f"Формула: {requirement.partition(' = ')[2]}"
    return builder.TYPES[kind][0] if kind in builder.TYPES else _OTHER.get(kind, kind.upper())


_OTHER = {
    "menum": "Несколько из списка",
    "ref": "Строка другой формы",
    "list": "Перечень",
    "addr": "Адрес",
    "fio": "ФИО",
    "datetime": "Дата и время",
    "month": "Месяц",
    "phone": "Телефон",
}


def _done(form: str, deed: Callable[[], Any], said: str) -> ResponseReturnValue:
    try:
        deed()
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
    else:
        flash(said, "success")
    return redirect(url_for("report_builder.show", form=form))


@bp.post("/reports/forms/<form>/draft")
@login_required
def begin(form: str) -> ResponseReturnValue:
    """Start a draft of a new edition."""
    who = actor()
    return _done(form, lambda: builder.begin(who, form), "Черновик создан.")


@bp.post("/reports/forms/<form>/rename")
@login_required
def rename(form: str) -> ResponseReturnValue:
    """Another title."""
    title, purpose = request.form.get("title", ""), request.form.get("purpose", "")
    who = actor()
    return _done(form, lambda: builder.rename(who, form, title=title, purpose=purpose), "Название изменено.")


@bp.post("/reports/forms/<form>/tables")
@login_required
def add_table(form: str) -> ResponseReturnValue:
    """A new table."""
    title = request.form.get("title", "")
    return _done(form, lambda: builder.add_table(actor(), form, title=title), "Таблица добавлена.")


@bp.post("/reports/forms/<form>/tables/<table>/columns")
@login_required
def add_column(form: str, table: str) -> ResponseReturnValue:
    """A new column."""
    said = request.form
    return _done(
        form,
        lambda: builder.add_column(
            actor(),
            form,
            table,
            title=said.get("title", ""),
            kind=said.get("kind", ""),
            required=said.get("required") == "1",
            choices=said.get("choices", "").splitlines(),
            is_summed=said.get("summed") == "1",
            formula=said.get("formula", ""),
            help=said.get("help", ""),
        ),
        "Графа добавлена.",
    )


@bp.post("/reports/forms/<form>/tables/<table>/columns/<name>")
@login_required
def change_column(form: str, table: str, name: str) -> ResponseReturnValue:
    """Change, move or remove a column."""
    verb, who = request.form.get("verb", "change"), actor()
    if verb == "remove":
        return _done(form, lambda: builder.remove_column(who, form, table, name), "Графа убрана.")
    if verb in ("up", "down"):
        step = -1 if verb == "up" else 1
        return _done(form, lambda: builder.move_column(who, form, table, name, step), "Порядок граф изменён.")
    return _done(
        form,
        lambda: builder.change_column(
            who,
            form,
            table,
            name,
            title=request.form.get("title", ""),
            required=request.form.get("required") == "1",
            choices=request.form.get("choices", "").splitlines(),
        ),
        "Графа изменена.",
    )


@bp.post("/reports/forms/<form>/publish")
@login_required
def publish(form: str) -> ResponseReturnValue:
    """Put the draft in force."""
    year = request.form.get("year", type=int) or 0
    note = request.form.get("note", "")
    return _done(form, lambda: builder.publish(actor(), form, year, note), f"Форма действует с {year} года.")


@bp.post("/reports/forms/<form>/discard")
@login_required
def discard(form: str) -> ResponseReturnValue:
    """Throw the draft away."""
    return _done(form, lambda: builder.discard(actor(), form), "Черновик удалён.")
