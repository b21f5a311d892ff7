"""The matrix of rights: who creates each kind and who makes each move, read from the declarations (C-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from records.kinds import RecordKind, registry
from workflows.engine import SYSTEM
from workflows.reference import role_titles, state_titles

from . import roles


@dataclass(frozen=True)
class Row:
    """One move of a kind, or its creation."""

    move: str
    roles: frozenset[str]


@dataclass(frozen=True)
class KindRights:
    """Rights over one kind of record."""

    name: str
    title: str
    group: str
    rows: tuple[Row, ...]

    @property
    def used(self) -> tuple[str, ...]:
        """Roles that have any right here, in the order of the reference table."""
        held = {role for row in self.rows for role in row.roles}
        known = [role for role in role_titles() if role in held]
        return (*known, *sorted(held - set(known)))


def of_kind(kind: RecordKind) -> KindRights:
    states = state_titles()
    moves: dict[str, set[str]] = {}
    for t in kind.workflow.transitions:
        source, target = states.get(t.source, t.source), states.get(t.target, t.target)
        moves.setdefault(f"{t.title}: {source} → {target}", set()).update(t.by)
    rows = [Row("Создать", kind.created_by), *(Row(move, frozenset(by)) for move, by in moves.items())]
    return KindRights(kind.name, kind.title, kind.group, tuple(rows))


def everything(role: str = "") -> list[KindRights]:
    """All kinds by title; of one role only the moves it has."""
    found = [of_kind(kind) for kind in sorted(registry, key=lambda k: k.title)]
    if not role:
        return found
    narrowed = [
        KindRights(k.name, k.title, k.group, tuple(row for row in k.rows if role in row.roles)) for k in found
    ]
    return [k for k in narrowed if k.rows]


def role_title(role: str) -> str:
    return "Программа" if role == SYSTEM else roles.title(role)


def as_markdown() -> str:
    """docs/matrix.md: reviewed as law is, its diff is part of the review."""
    lines = [
        "# Матрица прав",
        "",
        "Файл построен из описаний видов и их переходов (`accounts/matrix.py`). Руками не правится.",
        "",
    ]
    for kind in everything():
        lines += [f"## {kind.title}", "", *_table(kind), ""]
    return "\n".join(lines)


def _table(kind: KindRights) -> Sequence[str]:
    used = kind.used
    head = "| Действие | " + " | ".join(role_title(role) for role in used) + " |"
    line = "|---" * (len(used) + 1) + "|"
    rows = [
        f"| {row.move} | " + " | ".join("да" if role in row.roles else "" for role in used) + " |"
        for row in kind.rows
    ]
    return [head, line, *rows]
