"""The name of a state for the one who reads: an employee's exact word,
a member's simpler one (records.md §9)."""

from __future__ import annotations

from records.kinds import RecordKind

from ._security import actor


def state_words(kind: RecordKind, state: str) -> str:
    """«На рассмотрении» for the staff, «В работе» for the member."""
    return kind.state_title(state) if actor().is_staff else kind.member_state_title(state)
