"""The head of the chain of simple signatures, sealed every day by the organisation's own key."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from records import parameters
from records.actor import SYSTEM_ACTOR
from records.database import db
from records.service import work
from signing.signers import SigningFailed

from . import ours
from .model import SimpleChain, SimpleSeal

log = logging.getLogger("signatures")


def seal_yesterday() -> None:
    """Keep yesterday's head with a signature over it; without a key the head alone (it is chained all the
    same)."""
    day = parameters.today() - timedelta(days=1)
    head = db.session.get(SimpleChain, 1)
    if head is None or db.session.get(SimpleSeal, day) is not None:
        return
    text = sealed_text(day, head.head, head.count)
    try:
        signature = ours.sign_bytes(text)
    except SigningFailed as failed:
        log.warning("simple signatures: the day %s is not signed: %s", day, failed)
        signature = None
    with work(SYSTEM_ACTOR) as unit:
        row = SimpleSeal(day=day, head=head.head, count=head.count, signature=signature, made_at=unit.at)
        db.session.add(row)


def sealed_text(day: date, head: str, count: int) -> bytes:
    """Exactly what is signed for a day."""
    return f"simple-signatures {day.isoformat()} {count} {head}\n".encode()
