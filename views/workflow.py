"""The way of each kind as a picture and a table: who moves it, and what each move needs (R-41)."""

from __future__ import annotations

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk.diagrams import HEIGHT, WIDTH, diagram
from records.errors import NotFound
from records.kinds import RecordKind, registry
from workflows.reference import role_titles
from workflows.terms import deadline_rules

from . import _menu
from ._security import actor

bp = Blueprint("workflow", __name__)
_CODE = re.compile(r"DL_[A-Z_]+")

MENU = (_menu.Item("help", "Пути документов", "workflow.index", "arrow-right", _menu.staff, order=20),)


def _open_to(kind: RecordKind) -> bool:
    return actor().is_staff or kind.member_sees != "none"


def _in_words(rule: str) -> str:
    """The rule with the names of terms instead of their codes."""
    rules = deadline_rules()
    return _CODE.sub(lambda found: f"«{rules[found[0]].title_ru}»" if found[0] in rules else found[0], rule)


@bp.get("/workflows")
@login_required
def index() -> ResponseReturnValue:
    """Every kind the person may meet."""
    kinds = sorted((k for k in registry if _open_to(k)), key=lambda k: (k.group, k.title))
    return render_template("desk/workflows.html", kinds=kinds)


@bp.get("/workflows/<name>")
@login_required
def show(name: str) -> ResponseReturnValue:
    """One kind: states, moves, roles."""
    kind = registry.get(name)
    if kind is None or not _open_to(kind):
        raise NotFound
    titles = {**role_titles(), "system": "программа"}
    picture = diagram(kind.workflow)
    moves = [
        {
            "id": number,
            "cells": {
                "number": number,
                "title": move.title,
                "source": kind.state_title(move.source),
                "target": kind.state_title(move.target),
                "by": ", ".join(sorted(titles.get(role, role) for role in move.by)),
                "needs": "причина" if move.needs_note else "",
                "rule": _in_words(move.rule),
            },
        }
        for number, move in enumerate(picture.moves, 1)
    ]
    return render_template(
        "desk/workflow.html",
        kind=kind,
        picture=picture,
        moves=moves,
        box=(WIDTH, HEIGHT),
        initial=kind.workflow.initial,
    )
