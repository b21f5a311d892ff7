"""An answer moves what it answers: when a reply goes out, its request is «дан ответ» (records.md §1, R-14)."""

from __future__ import annotations

from sqlalchemy import select

from ..database import db
from ..kinds import registry
from ..model import Link
from .moving import by_program, decision_on, move
from .unit import Work


def answer_requests(unit: Work) -> None:
    """Perform the reply move of every request this record replies to.

    The person who answers makes the move when it is his, else the program when the workflow lets it;
    an interim answer («промежуточный») leaves the request in control.
    """
    reply = unit.record
    if reply is None or (reply.payload or {}).get("interim"):
        return
    ids = list(db.session.scalars(select(Link.target_id).where(Link.source_id == reply.id, Link.type == "reply_to")))
    for request_id in ids:
        _answer(unit, request_id)
    unit.record = reply


def _answer(unit: Work, request_id: int) -> None:
    request = unit.lock(request_id)
    kind = registry[request.kind]
    transition = kind.workflow.find(request.state, kind.reply_verb)
    if transition is None:
        return
    if decision_on(unit.actor, request, kind, transition, unit).allowed:
        move(unit, request, kind, transition)
    else:
        by_program(unit, request, kind, kind.reply_verb)
