"""For whom a person acts in this session: the choice of a company, the view as a member (C-28, C-51)."""

from __future__ import annotations

from records import parameters
from records.actor import STAFF_ROLES, Actor
from records.database import db, now
from records.errors import NotFound
from records.people import Organisation, User
from records.service import work

from . import journal, policy
from .actors import valid_seats
from .model import LoginSession

STAFF = "staff"


def switch(user: User, session_id: int, chosen: str, *, address: str = "") -> None:
    """Act for another of one's own companies, or in one's staff seat. Others' companies do not exist."""
    seats = valid_seats(user, parameters.today())
    if chosen == STAFF:
        found = next((s for s in seats if s.role in STAFF_ROLES), None)
    else:
        found = next(
            (s for s in seats if s.organisation_id is not None and str(s.organisation_id) == chosen), None
        )
    if found is None:
        raise NotFound
    seat_id, organisation_id = found.id, found.organisation_id
    with work(_plain(user, address)):
        entry = db.session.get(LoginSession, session_id)
        if entry is not None:
            entry.seat_id, entry.view_as = seat_id, None
            journal.note(
                "organisation.switched", user_id=user.id, address=address, organisation_id=organisation_id
            )


def _plain(user: User, address: str) -> Actor:
    return Actor(user_id=user.id, name=user.name, address=address)


def start(actor: Actor, session_id: int, organisation_id: int) -> Organisation:
    """Look through the member's eyes: read-only, known to the member, written in the journal."""
    policy.require(policy.may_view_as_member(actor), "Смотреть глазами члена может куратор.")
    company = db.session.get(Organisation, organisation_id)
    if company is None or company.role not in ("member", "candidate"):
        raise NotFound
    with work(actor):
        entry = db.session.get(LoginSession, session_id)
        if entry is None or entry.user_id != actor.user_id:
            raise NotFound
        entry.view_as = organisation_id
        _note("view_as.started", actor.user_id, actor.address, organisation_id)
    return company


def stop(user: User, session_id: int, *, address: str = "") -> int | None:
    """Be oneself again. Returns the company that was looked at."""
    with work(_plain(user, address)):
        entry = db.session.get(LoginSession, session_id)
        if entry is None or entry.user_id != user.id or entry.view_as is None:
            return None
        organisation_id, entry.view_as = entry.view_as, None
        entry.seen_at = now()
        _note("view_as.stopped", user.id, address, organisation_id)
        return organisation_id


def _note(verb: str, user_id: int | None, address: str, organisation_id: int) -> None:
    journal.note(verb, user_id=user_id, address=address, organisation_id=organisation_id)


def seen_by_staff(organisation_id: int, limit: int = 50) -> list[journal.Line]:
    """Who of the СРО looked into the company's cabinet, for the company itself."""
    return journal.lines(
        journal.Sought(
            verbs=("view_as.started", "view_as.stopped"), organisation_id=organisation_id, limit=limit
        )
    )
