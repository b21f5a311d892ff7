"""What the archive does by the clock: digests, terms of keeping, the sweep of what killed uploads left."""

from __future__ import annotations

from datetime import time

from records import expiry, parameters, timers
from records.actor import SYSTEM_ACTOR
from records.service.trash import empty, expired

from . import digest, integrity, retention


def connect() -> None:
    """Name the nightly work (app.py, at start)."""
    timers.daily("archive.digest", digest.make_due, at=time(0, 20))
    timers.daily("archive.retention", lambda: retention.set_terms(parameters.today()), at=time(0, 40))
    timers.daily("archive.sweep", integrity.sweep, at=time(1, 0))
    timers.daily("archive.trash", empty_trash, at=time(1, 20))
    timers.daily("archive.tokens", expiry.forget_tokens, at=time(1, 30))


def empty_trash() -> int:
    """End the drafts whose thirty days in the trash have passed (R-44)."""
    ids = expired()
    for record_id in ids:
        empty(SYSTEM_ACTOR, record_id)
    return len(ids)
