"""The states and moves of every kind of record, read from the reference table (workflows/data/records.json).

The table is the owner's: roles, states, journals, file-plan cases and transitions of 28 kinds in
Russian. Nothing of it is retyped in code; a kind asks for its workflow by code.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .engine import Transition, Workflow

_TABLE = Path(__file__).parent / "data" / "records.json"

# The table names a move by its target; a move needs a verb that an address can carry.
VERBS: Mapping[str, str] = {
    "draft": "recall",
    "to_sign": "to_sign",
    "submitted": "submit",
    "registered": "register",
    "returned": "return",
    "in_review": "take",
    "on_council": "to_council",
    "awaiting_payment": "decide",
    "approved": "approve",
    "signed": "sign",
    "accepted": "accept",
    "refused": "refuse",
    "replied": "reply",
    "sent": "send",
    "delivered": "deliver",
    "active": "activate",
    "expired": "expire",
    "revoked": "revoke",
    "disputed": "dispute",
    "agreed": "agree",
    "paid": "pay",
    "overdue": "lapse",
    "on_control": "control",
    "done": "finish",
    "published": "publish",
    "not_received": "not_receive",
    "valid": "admit",
    "invalid": "invalidate",
    "closed": "close",
    "archived": "archive",
    "annulled": "annul",
    "exported": "export",
}

# Moves whose reason is mandatory by records.md §10-11 («причина», «перечень недостающего»).
_NOTED = frozenset({"return", "refuse", "annul", "dispute"})


@functools.cache
def table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(_TABLE.read_text("utf-8"))
    data["by_code"] = {kind["code"]: kind for kind in data["kinds"]}
    return data


def role_titles() -> Mapping[str, str]:
    titles: dict[str, str] = table()["roles"]
    return titles


def state_titles() -> Mapping[str, str]:
    titles: dict[str, str] = table()["states"]
    return titles


def kind_row(code: str) -> Mapping[str, Any]:
    """The reference row of a kind: title, journal, case, who, sign, retention, transitions."""
    row: dict[str, Any] = table()["by_code"][code]
    return row


@functools.cache
def workflow_of(code: str) -> Workflow:
    """The workflow of a kind as the reference table gives it, with verbs and mandatory reasons."""
    row = kind_row(code)
    return Workflow(
        name=code,
        states=tuple(row["states"]),
        transitions=tuple(transition(t) for t in row["transitions"]),
    )


def transition(row: Mapping[str, Any]) -> Transition:
    verb = VERBS[row["to"]]
    title = row["action"]
    return Transition(
        verb=verb,
        title=title[:1].upper() + title[1:],
        source=row["frm"],
        target=row["to"],
        by=frozenset(row["roles"]),
        needs_note=verb in _NOTED and not (verb == "annul" and row["frm"] == "draft"),
        rule=row["rule"],
    )


def moves(*rows: tuple[str, str, str, tuple[str, ...]], name: str, titles: tuple[str, ...] = ()) -> Workflow:
    """A workflow written by hand for a kind the table lacks: (source, target, title, roles) rows."""
    states = dict.fromkeys(state for row in rows for state in row[:2])
    return Workflow(
        name=name,
        states=tuple(states),
        transitions=tuple(
            transition({"frm": f, "to": t, "action": title, "roles": roles, "rule": ""})
            for f, t, title, roles in rows
        ),
    )
