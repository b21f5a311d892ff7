"""«Поля документов»: versions of the fields of each kind, edited on the screen with a dry run (R-41)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import kind_fields
from desk.tuning import DryRun
from records import directory, kind_versions, policy
from records.errors import Forbidden, Invalid, NotFound
from records.kind_versions import Described
from records.kinds import registry

from . import _menu
from ._security import actor

bp = Blueprint("kind_fields", __name__, url_prefix="/settings/kinds")

MENU = (
    _menu.Item(
        "settings", "Поля документов", "kind_fields.index", "columns", _menu.roles("sro_admin"), order=18
    ),
)


@bp.before_request
@login_required
def only_admin() -> None:
    if not policy.may_administer(actor()):
        raise Forbidden("Поля видов меняет администратор.")


@bp.get("")
def index() -> ResponseReturnValue:
    """Every kind with the version of its fields."""
    kinds = sorted(registry, key=lambda kind: (kind.group, kind.title))
    rows = [
        {
            "id": kind.name,
            "url": url_for("kind_fields.edit", name=kind.name),
            "cells": {
                "title": kind.title,
                "group": kind.group,
                "fields": len(kind.data_fields),
                "version": kind.schema_version,
            },
        }
        for kind in kinds
    ]
    return render_template("desk/kinds.html", rows=rows)


@bp.route("/<name>", methods=["GET", "POST"])
def edit(name: str) -> ResponseReturnValue:
    """The fields of one kind: change, try, publish."""
    if name not in registry:
        raise NotFound
    fields, problems = kind_fields.fields_of(name), list[str]()
    trial: DryRun | None = None
    seen = registry[name].schema_version
    if request.method == "POST":
        fields = _posted(fields)
        seen = request.form.get("seen", type=int) or 0
        try:
            trial = kind_fields.try_fields(name, fields)
            if request.form.get("verb") == "publish":
                version = kind_fields.publish(
                    actor(), name, fields, seen=seen, note=request.form.get("note", "")
                )
                flash(f"Опубликована версия {version}. Новые документы заполняют по ней.", "success")
                return redirect(url_for("kind_fields.edit", name=name))
        except Invalid as invalid:
            problems = [text for texts in invalid.errors.values() for text in texts]
    known = {item["name"] for item in kind_fields.fields_of(name)}
    people = dict(directory.employees())
    kind = registry.declared(name)
    context = {
        "kind": kind,
        "fields": [item for item in fields if item["name"] in known],
        "added": request.form,
        "bound": kind_fields.bound(kind),
        "types": kind_fields.ADDED_TYPES,
        "seen": seen,
        "problems": problems,
        "trial": trial,
        "note": request.form.get("note", ""),
        "versions": [(v, people.get(v.published_by or 0, "")) for v in kind_versions.versions(name)],
    }
    return render_template("desk/kind_fields.html", **context), 422 if problems else 200


def _posted(before: list[Described]) -> list[Described]:
    """The fields as the form has them: in the order of the numbers typed, the added one last."""
    form = request.form
    found: list[tuple[float, Described]] = []
    for position, item in enumerate(before, 1):
        key = item["name"]
        changed = {
            **item,
            "label": form.get(f"label-{key}", "").strip(),
            "hint": form.get(f"hint-{key}", "").strip(),
            "required": f"required-{key}" in form,
            "hidden": f"hidden-{key}" in form,
        }
        if "choices" in item:
            changed["choices"] = _choices(form.get(f"choices-{key}", ""))
        place = form.get(f"place-{key}", "")
        found.append((float(place) if place.isdecimal() and len(place) < 4 else position, changed))
    fields = [item for _, item in sorted(found, key=lambda pair: pair[0])]
    label = form.get("label-new", "").strip()
    if label:
        kind = form.get("type-new", "")
        added: Described = {
            "name": kind_fields.new_name(label, [item["name"] for item in before]),
            "type": kind,
            "label": label,
            "hint": form.get("hint-new", "").strip(),
            "required": "required-new" in form,
            "staff_only": "staff-new" in form,
            "hidden": False,
        }
        if kind in ("choice", "choices"):
            added["choices"] = _choices(form.get("choices-new", ""))
        fields.append(added)
    return fields


def _choices(text: str) -> list[list[str]]:
    """Lines «код = название»; a line without a code is its own code."""
    found = []
    for line in text.splitlines():
        code, sign, title = (part.strip() for part in line.partition("="))
        if code:
            found.append([code[:60], (title if sign else code)[:200]])
    return found
