"""Seats: a person is given a role in a company, and loses it. Losing it closes his sessions at once."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from records import parameters
from records.database import db
from records.identifiers import normalise_email
from records.people import Seat, User

from . import journal, keys, sessions


def person_by_email(email: str) -> User | None:
    return db.session.scalars(select(User).where(func.lower(User.email) == normalise_email(email))).first()


def ensure_person(name: str, email: str, *, position: str = "", phone: str = "") -> User:
    """The person of an address, made when he is new. What he has written of himself is never overwritten."""
    user = person_by_email(email)
    if user is None:
        user = User(
            name=" ".join(name.split()),
            email=normalise_email(email),
            position=position.strip(),
            phone=phone.strip(),
            preferences={},
        )
        db.session.add(user)
        db.session.flush()
    return user


def give(user: User, role: str, organisation_id: int | None, *, until: date | None = None) -> Seat:
    """Give a seat, or open again one that had lapsed; inside the caller's transaction."""
    seat = next((s for s in user.seats if s.role == role and s.organisation_id == organisation_id), None)
    if seat is None:
        seat = Seat(user_id=user.id, role=role, organisation_id=organisation_id)
        user.seats.append(seat)
    seat.valid_until = until
    db.session.flush()
    return seat


def take(user: User, seat: Seat, *, by: int | None, address: str = "") -> None:
    """Take a seat away: rights end today, keys of the seat and every session close inside the transaction."""
    seat.valid_until = parameters.today() - timedelta(days=1)
    keys.revoke_all(user.id, seat_ids=frozenset({seat.id}))
    sessions.end_all(user.id)
    journal.note(
        "seat.revoked",
        user_id=by,
        address=address,
        organisation_id=seat.organisation_id,
        details={"person": user.name, "role": seat.role},
    )


def in_force(seat: Seat, today: date) -> bool:
    return (seat.valid_from is None or seat.valid_from <= today) and (
        seat.valid_until is None or seat.valid_until >= today
    )
