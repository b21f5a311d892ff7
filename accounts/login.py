"""Login by ИНН or e-mail and a password; the answer never tells whether the account exists (C-04, C-05)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from records import parameters
from records.actor import PUBLIC_ACTOR
from records.database import db
from records.errors import Refused
from records.identifiers import normalise_email
from records.people import Organisation, Seat, User
from records.service import work

from . import attempts, journal, passwords

FREE_TRIES = 5
WRONG = "Неверный логин или пароль. Проверьте раскладку клавиатуры и Caps Lock."
EVEN = 0.3
"""Refusals leave on multiples of this many seconds: how many accounts were tried does not show."""


@dataclass(frozen=True)
class Candidate:
    """A person the password fits; several persons of one ИНН choose themselves."""

    user: User
    seat_id: int | None


def check(name: str, password: str, address: str) -> list[Candidate]:
    """People whose password this is. Raises Refused with the one text for every kind of failure."""
    began = time.monotonic()
    name = "".join(name.split()) if name.strip().replace(" ", "").isdigit() else normalise_email(name)
    attempts.check((f"name:{name}", FREE_TRIES), (f"from:{address}", FREE_TRIES * 20))
    known = _candidates(name)
    found = [c for c in known if passwords.verify(password, c.user.password_hash)]
    if not known:
        passwords.verify(password, None)
    if not found:
        _failed(name, address)
        _wait(began)
        raise Refused(WRONG)
    return found


def _candidates(name: str) -> list[Candidate]:
    options = selectinload(User.seats).joinedload(Seat.organisation)
    active = (User.is_active.is_(True), User.password_hash.is_not(None))
    if name.isdigit():
        today = parameters.today()
        rows = db.session.execute(
            select(User, Seat.id)
            .join(Seat, Seat.user_id == User.id)
            .join(Organisation, Organisation.id == Seat.organisation_id)
            .where(Organisation.inn == name, *active)
            .where(or_(Seat.valid_until.is_(None), Seat.valid_until >= today))
            .where(or_(Seat.valid_from.is_(None), Seat.valid_from <= today))
            .options(options)
            .order_by(User.id, Seat.id)
        )
        people: dict[int, Candidate] = {}
        for user, seat_id in rows:
            people.setdefault(user.id, Candidate(user, seat_id))
        return list(people.values())
    users = db.session.scalars(select(User).where(User.email == name, *active).options(options))
    return [Candidate(user, None) for user in users]


def _failed(name: str, address: str) -> None:
    with work(PUBLIC_ACTOR):
        attempts.failed(f"name:{name}", f"from:{address}")
        journal.note("login.refused", address=address, details={"name": name[:80]})


def _wait(began: float) -> None:
    spent = time.monotonic() - began
    time.sleep(EVEN - spent % EVEN)


def entered(user: User, *, method: str, address: str, names: Sequence[str]) -> None:
    """A login that went through: earlier failures are forgotten, the journal keeps it."""
    with work(PUBLIC_ACTOR):
        attempts.forget(*(f"name:{name}" for name in names))
        journal.note("login.done", user_id=user.id, address=address, details={"method": method})
