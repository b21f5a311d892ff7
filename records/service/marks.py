"""Reading marks: when the addressee opened a record (R-04), who has read an announcement (C-17)."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from .. import policy
from ..actor import Actor
from ..database import db
from ..errors import NotFound
from ..kinds import registry
from ..model import ReadMark, Record
from .moving import by_program
from .unit import visible_labels, work


def mark_read(actor: Actor, record_id: int, *, seen: bool = False) -> None:
    """Note that the actor opened a record; the addressee's first opening may move it («доставлен»).

    Cheap on purpose: a second look within the same minute writes nothing.
    """
    if actor.user_id is None or actor.read_only:
        return
    have = db.session.execute(
        select(ReadMark.last_at).where(ReadMark.record_id == record_id, ReadMark.user_id == actor.user_id)
    ).first()
    if have is not None and not seen:
        return
    with work(actor) as unit:
        record = db.session.get(Record, record_id)
        if record is None or not policy.sees(actor, visible_labels(record)):
            raise NotFound
        if have is None:
            db.session.execute(
                insert(ReadMark).values(
                    record_id=record_id, user_id=actor.user_id, first_at=unit.at, last_at=unit.at
                )
            )
        else:
            db.session.execute(
                update(ReadMark)
                .where(ReadMark.record_id == record_id, ReadMark.user_id == actor.user_id)
                .values(last_at=unit.at)
            )
        kind = registry.of(record)
        verb = kind.on_open.get(record.state)
        if verb and not actor.is_staff and actor.organisation_id == record.organisation_id:
            locked = unit.lock(record_id)
            by_program(unit, locked, kind, verb)
