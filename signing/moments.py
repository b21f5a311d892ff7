"""Between two events nothing changes: a good chain stays good until a certificate or a list says otherwise.

So the answer for one moment is the answer for all moments of the same cell, and a thousand checks at a
thousand moments of one day ask the chain once.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime

from signing.certificates import Certificate
from signing.chain import Evidence, pool_of
from signing.revocation import entry_of, genuine_lists

Cell = tuple[int, int]
_REMEMBERED_MOST = 4096
_NEVER = datetime.max.replace(tzinfo=UTC)
_remembered: dict[tuple[object, ...], tuple[datetime, ...] | None] = {}
_lock = threading.Lock()


def events(leaf: Certificate, evidence: Evidence) -> tuple[datetime, ...] | None:
    """Every moment at which the answer may change; None when that cannot be told (a list without an end)."""
    name = (leaf.sha256, evidence.identity)
    if name not in _remembered:
        found = _events(leaf, evidence)
        with _lock:
            if len(_remembered) >= _REMEMBERED_MOST:
                _remembered.clear()
            _remembered[name] = found
        return found
    return _remembered[name]


def cell(found: tuple[datetime, ...], moment: datetime) -> Cell:
    """Where the moment lies among the events; on an event is a place of its own."""
    return bisect_left(found, moment), bisect_right(found, moment)


def _events(leaf: Certificate, evidence: Evidence) -> tuple[datetime, ...] | None:
    """Of what may count in a chain: certificates that lead to the store, lists that one of them signed."""
    found: set[datetime] = set()
    pool = pool_of(evidence)
    for item in (leaf, *pool):
        found |= {item.not_before, item.not_after}
    lists = genuine_lists(evidence.status.lists, pool, _NEVER)
    terms = [(item.this_update, item.next_update) for item in lists]
    terms += [(item.this_update, item.next_update) for item in evidence.status.answers]
    for since, until in terms:
        if until is None:
            return None
        found |= {since, until}
    for source in lists:
        entries = (entry_of(source, item.serial) for item in (leaf, *pool))
        found |= {entry[0] for entry in entries if entry is not None}
    return tuple(sorted(found))
