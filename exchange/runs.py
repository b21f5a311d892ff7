"""One loading: good rows are taken, bad ones listed with reasons, and kept in the journal (X-17)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from records.actor import Actor
from records.database import db
from records.people import Organisation
from records.service import work

from .model import ExchangeRun
from .tabular import Fault

KEPT_FAULTS = 1000


@dataclass
class Outcome:
    """What came of a file."""

    added: int = 0
    changed: int = 0
    same: int = 0
    unclaimed: int = 0
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {
            "added": self.added,
            "changed": self.changed,
            "same": self.same,
            "unclaimed": self.unclaimed,
            "bad": len(self.faults),
            "faults": [[f.number, f.text] for f in self.faults[:KEPT_FAULTS]],
        }


def keep(actor: Actor, kind: str, name: str, content: bytes, outcome: Outcome, *, dry: bool) -> ExchangeRun:
    """Write the run into the journal."""
    with work(actor) as unit:
        run = ExchangeRun(
            kind=kind,
            file_name=name[:255],
            sha256=hashlib.sha256(content).hexdigest(),
            dry=dry,
            started_at=unit.at,
            started_by=actor.user_id,
            outcome=outcome.as_json(),
        )
        db.session.add(run)
        db.session.flush()
        return run


def journal(*, limit: int = 100) -> list[ExchangeRun]:
    """Runs, the newest first."""
    return list(db.session.scalars(select(ExchangeRun).order_by(ExchangeRun.id.desc()).limit(limit)))


def companies_by_inn(numbers: Sequence[str]) -> dict[str, int]:
    """Companies by ИНН, in portions."""
    known: dict[str, int] = {}
    wanted = sorted(set(numbers) - {""})
    for first in range(0, len(wanted), 500):
        rows = db.session.execute(
            select(Organisation.inn, Organisation.id).where(Organisation.inn.in_(wanted[first : first + 500]))
        )
        known.update((str(inn), organisation_id) for inn, organisation_id in rows)
    return known
