"""The catalogue of what can be filed: description, documents, term, result (C-24),
for everyone who may create."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from language.plural import counted
from records import parameters, query
from records.kinds import RecordKind
from workflows.terms import deadline_rules

from . import _menu
from ._security import actor

bp = Blueprint("catalogue", __name__)

MENU = (
    _menu.Item("main", "Подать документ", "catalogue.index", "plus", _menu.member, order=15),
    _menu.Item("main", "Создать документ", "catalogue.index", "plus", _menu.staff, order=35),
)


@bp.get("/catalogue")
@login_required
def index() -> ResponseReturnValue:
    """Kinds the person may create, by group."""
    kinds = sorted(query.kinds_for(actor()), key=lambda k: (k.group, k.title))
    groups = [(group, [_entry(k) for k in found]) for group, found in groupby(kinds, key=lambda k: k.group)]
    return render_template("desk/catalogue.html", groups=groups)


def _entry(kind: RecordKind) -> dict[str, object]:
    code = next(iter(kind.term.values()), "")
    return {
        "name": kind.name,
        "title": kind.title,
        "description": kind.description,
        "documents": [
            slot.label + (" (обязательно)" if slot.required else "")
            for slot in kind.slots
            if slot.name != "documents"
        ],
        "term": term_words(code),
        "result": getattr(kind, "result", ""),
    }


def term_words(code: str) -> str:
    """«3 рабочих дня», as the settings have it now."""
    rule = deadline_rules().get(code)
    if rule is None:
        return "не установлен"
    value = parameters.get(f"term.{code}", rule.value)
    if str(value) == "0":
        return "в день поступления"
    return counted(int(str(value)), rule.unit.forms) if str(value).isdigit() else ""
