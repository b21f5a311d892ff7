"""The chain of a paper: everything tied to it, step by step, in both directions (R-13)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from records import query
from records.actor import Actor
from records.database import db
from records.model import Link, Record
from records.service.linking import LINK_TYPES

ROUNDS = 6
MOST = 60


@dataclass(frozen=True)
class Knot:
    """A record of the chain with what it is to the others: («В ответ на», the other's id)."""

    record: Record
    ties: tuple[tuple[str, int], ...]


def chain(actor: Actor, record_id: int) -> list[Knot]:
    """Records tied to this one by any path the actor may see, the oldest first."""
    known, edge = {record_id}, {record_id}
    found: set[tuple[int, int, str]] = set()
    for _ in range(ROUNDS):
        if not edge or len(known) >= MOST:
            break
        rows = db.session.execute(
            select(Link.source_id, Link.target_id, Link.type).where(
                or_(Link.source_id.in_(edge), Link.target_id.in_(edge))
            )
        ).all()
        near = {i for source, target, _ in rows for i in (source, target)} - known
        edge = query.visible_ids(actor, sorted(near)[: MOST - len(known)])
        known |= edge
        found |= {(s, t, kind) for s, t, kind in rows}
    ties: dict[int, list[tuple[str, int]]] = {i: [] for i in known}
    for source, target, kind in sorted(found):
        if source in known and target in known:
            ties[source].append((LINK_TYPES[kind][0], target))
    records = sorted(query.some(actor, sorted(known)), key=lambda r: (r.registered_at or r.created_at, r.id))
    return [Knot(r, tuple(ties[r.id])) for r in records]
