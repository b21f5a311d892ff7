"""Guards that every kind shares. Facts in, reason out; the reason is written for a person."""

from __future__ import annotations

from workflows.engine import Context, Guard, Transition

from .kinds import RecordKind

DECIDING = frozenset({"approve", "accept", "reply", "decide", "to_council", "activate", "admit"})
"""Moves that say "all is well": an open remark stops them."""


def open_remarks(ctx: Context) -> str | None:
    """An expert's open remark blocks approval."""
    count = ctx.facts["open_remarks"]
    return f"Есть неснятые замечания: {count}. Снимите их или верните документ." if count else None


def incomplete(ctx: Context) -> str | None:
    """Nothing is filed with an empty required field."""
    missing = ctx.facts["missing"]
    if not isinstance(missing, dict) or not missing:
        return None
    return "Не всё заполнено: " + " ".join(text for texts in missing.values() for text in texts)


def common(kind: RecordKind, transition: Transition) -> tuple[Guard, ...]:
    """The shared guards that apply to a move of a kind."""
    found: list[Guard] = []
    if transition.verb in DECIDING and kind.direction == "in":
        found.append(open_remarks)
    if leaves_author(kind, transition):
        found.append(incomplete)
    return tuple(found)


def leaves_author(kind: RecordKind, transition: Transition) -> bool:
    """The move by which a paper leaves its author (submit, put to sign): it must be complete."""
    return transition.source in kind.editable_in and transition.target not in {"annulled", "draft"}
