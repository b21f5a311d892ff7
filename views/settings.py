"""Settings on the screen: requisites, numbering, terms, routing; each dated,
with its history and a dry run."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import tuning
from records import parameters, policy
from records.actor import STAFF_ROLES
from records.errors import Forbidden, Invalid
from records.journals import journals
from records.kinds import registry
from workflows.reference import role_titles

from . import _menu
from ._security import actor

bp = Blueprint("settings", __name__, url_prefix="/settings")

ADMIN = _menu.roles("sro_admin")
MENU = (
    _menu.Item("settings", "Реквизиты СРО", "settings.office", "building", ADMIN, order=10),
    _menu.Item("settings", "Нумерация", "settings.numbering", "list", ADMIN, order=12),
    _menu.Item("settings", "Сроки", "settings.terms", "clock", ADMIN, order=14),
    _menu.Item("settings", "Маршруты", "settings.routing", "arrow-right", ADMIN, order=16),
)


@bp.before_request
@login_required
def only_admin() -> None:
    if not policy.may_administer(actor()):
        raise Forbidden("Настройки меняет администратор.")


def _from() -> date:
    try:
        return date.fromisoformat(request.form.get("valid_from", ""))
    except ValueError:
        return parameters.today()


@bp.route("/office", methods=["GET", "POST"])
def office() -> ResponseReturnValue:
    """Requisites of the СРО, as letterheads print them."""
    values = {**parameters.office(), **request.form.to_dict()}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            tuning.set_office(actor(), request.form, valid_from=_from(), note=request.form.get("note", ""))
        except Invalid as invalid:
            errors = invalid.errors
        else:
            flash("Реквизиты сохранены.", "success")
            return redirect(url_for("settings.office"))
    context = {
        "fields": tuning.OFFICE_FIELDS,
        "values": values,
        "errors": errors,
        "history": tuning.changes("office"),
    }
    return render_template("desk/settings_office.html", **context), 422 if errors else 200


@bp.route("/numbering", methods=["GET", "POST"])
def numbering() -> ResponseReturnValue:
    """Number templates of the journals, with the next number shown before the change."""
    code, template = request.form.get("journal", ""), request.form.get("template", "")
    problems: list[str] = []
    trial: tuning.DryRun | None = None
    if request.method == "POST":
        try:
            trial = tuning.try_template(code, template, parameters.today())
            if request.form.get("verb") == "save":
                tuning.set_template(
                    actor(), code, template, valid_from=_from(), note=request.form.get("note", "")
                )
                flash("Шаблон номера сохранён.", "success")
                return redirect(url_for("settings.numbering"))
        except Invalid as invalid:
            problems = [text for texts in invalid.errors.values() for text in texts]
    rows = [(j, tuning.template_of(j), tuning.changes(f"numbering.{j.code}")) for j in journals().values()]
    context = {"rows": rows, "code": code, "template": template, "problems": problems, "trial": trial}
    return render_template("desk/settings_numbering.html", **context), 422 if problems else 200


@bp.route("/terms", methods=["GET", "POST"])
def terms() -> ResponseReturnValue:
    """Lengths of terms, with the number of records that count by each."""
    code, value = request.form.get("code", ""), request.form.get("value", "")
    problems: list[str] = []
    trial: tuning.DryRun | None = None
    if request.method == "POST":
        try:
            number = int(value) if value.isdecimal() and len(value) < 5 else -1
            trial = tuning.try_term(code, number)
            if request.form.get("verb") == "save":
                tuning.set_term(actor(), code, number, valid_from=_from(), note=request.form.get("note", ""))
                flash("Срок сохранён.", "success")
                return redirect(url_for("settings.terms"))
        except Invalid as invalid:
            problems = [text for texts in invalid.errors.values() for text in texts]
    context = {"rows": tuning.terms(), "code": code, "value": value, "problems": problems, "trial": trial}
    return render_template("desk/settings_terms.html", **context), 422 if problems else 200


@bp.route("/routing", methods=["GET", "POST"])
def routing() -> ResponseReturnValue:
    """Rules by which filings find their department."""
    problems: list[str] = []
    stored = parameters.get("routing", [])
    rules = list(stored) if isinstance(stored, list) else []
    if request.method == "POST":
        columns = (request.form.getlist(name) for name in ("kind", "contains", "role"))
        rules = [
            {"kind": k, "contains": c.strip(), "role": r} for k, c, r in zip(*columns, strict=False) if r
        ]
        try:
            tuning.set_routing(actor(), rules, valid_from=_from(), note=request.form.get("note", ""))
        except Invalid as invalid:
            problems = [text for texts in invalid.errors.values() for text in texts]
        else:
            flash("Правила маршрута сохранены. Они действуют на новые документы.", "success")
            return redirect(url_for("settings.routing"))
    titles = role_titles()
    context = {
        "rules": [*rules, {}],
        "kinds": [(k.name, k.title) for k in registry if k.direction == "in"],
        "roles": [(code, titles[code]) for code in titles if code in STAFF_ROLES],
        "defaults": [(k.title, titles.get(k.route_to, "—")) for k in registry if k.direction == "in"],
        "problems": problems,
        "history": tuning.changes("routing"),
    }
    return render_template("desk/settings_routing.html", **context), 422 if problems else 200
