"""From a person to an Actor: which seat he sits in now decides his roles and his company."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from records import parameters
from records.actor import MEMBER_ROLES, STAFF_ROLES, Actor
from records.database import db
from records.people import Seat, Substitution, User


def valid_seats(user: User, today: date) -> list[Seat]:
    """Seats in force on a date."""
    return in_force(user.seats, today)


def in_force(seats: Sequence[Seat], today: date) -> list[Seat]:
    return [
        s
        for s in seats
        if (s.valid_from is None or s.valid_from <= today)
        and (s.valid_until is None or s.valid_until >= today)
    ]


def actor_for(
    user: User, *, seat_id: int | None = None, address: str = "", channel: str = "cabinet"
) -> Actor:
    """The actor of a user: all staff roles together, or the roles held for one company (C-28)."""
    seats = valid_seats(user, parameters.today())
    return actor_among(
        seats, user_id=user.id, name=user.name, seat_id=seat_id, address=address, channel=channel
    )


def actor_among(
    seats: Sequence[Seat], *, user_id: int, name: str, seat_id: int | None, address: str, channel: str
) -> Actor:
    """The actor of a person by the seats in force; a seat may come as a bare row of the database."""
    chosen = next((s for s in seats if s.id == seat_id), None) or _default(seats)
    if chosen is None:
        return Actor(user_id=user_id, name=name, address=address, channel=channel)
    same = [s for s in seats if s.organisation_id == chosen.organisation_id]
    actor = Actor(
        user_id=user_id,
        name=name,
        roles=frozenset(s.role for s in same),
        organisation_id=chosen.organisation_id,
        address=address,
        channel=channel,
    )
    return _with_substitutions(actor, parameters.today()) if actor.is_staff else actor


def _default(seats: Sequence[Seat]) -> Seat | None:
    staff = [s for s in seats if s.role in STAFF_ROLES]
    return (staff or list(seats) or [None])[0]  # type: ignore[list-item]


def _with_substitutions(actor: Actor, today: date) -> Actor:
    rows = db.session.execute(
        select(Substitution.user_id, User.name)
        .join(User, User.id == Substitution.user_id)
        .where(
            Substitution.substitute_id == actor.user_id,
            Substitution.starts_on <= today,
            Substitution.ends_on >= today,
        )
    ).all()
    if not rows:
        return actor
    return replace(
        actor,
        substitutes=frozenset(user_id for user_id, _ in rows),
        acting_for=", ".join(name for _, name in rows),
    )


def as_member(actor: Actor, organisation_id: int) -> Actor:
    """«Глазами члена»: what the head of that company sees, read-only (C-51)."""
    return Actor(
        user_id=None,
        name=f"{actor.name} (глазами члена)",
        roles=frozenset({"member_head"}),
        organisation_id=organisation_id,
        address=actor.address,
        read_only=True,
    )


def member_organisations(seats: Iterable[Seat]) -> list[Seat]:
    """One seat per company, for the switch of organisations."""
    found: dict[int, Seat] = {}
    for seat in seats:
        if seat.role in MEMBER_ROLES and seat.organisation_id is not None:
            found.setdefault(seat.organisation_id, seat)
    return list(found.values())
