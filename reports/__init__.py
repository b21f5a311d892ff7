"""Floor 2: the member's yearly report on forms 1–11 and 7.1: filling, checking, sending, campaigns,
packages."""

from __future__ import annotations

from records.kinds import RecordKind


def kinds() -> list[RecordKind]:
    """The one kind of this package."""
    from .kind import KIND

    return [KIND]
