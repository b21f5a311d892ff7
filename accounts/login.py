"""Login by ИНН or e-mail and a password; the answer never tells whether the account exists (C-04, C-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import selectinload

from records.database import db, gate, now, writing
from records.errors import Refused
from records.people import Organisation, Seat, User

from . import passwords
from .model import LoginAttempt, SecurityEvent

FREE_TRIES = 5
WINDOW = timedelta(minutes=15)
WRONG = "Неверный логин или пароль. Проверьте раскладку клавиатуры и Caps Lock."


@dataclass(frozen=True)
class Candidate:
    """A person the password fits; several persons of one ИНН choose themselves."""

    user: User
    seat_id: int | None


def check(name: str, password: str, address: str) -> list[Candidate]:
    """People whose password this is. Raises Refused with the one text for every kind of failure."""
    name = name.strip().lower()
    _delay(name, address)
    found = [c for c in _candidates(name) if passwords.verify(password, c.user.password_hash)]
    if not found:
        if not _candidates(name):
            passwords.verify(password, None)
        _failed(name, address)
        raise Refused(WRONG)
    _forget(name)
    return found


def _candidates(name: str) -> list[Candidate]:
    options = selectinload(User.seats).joinedload(Seat.organisation)
    if name.isdigit():
        rows = db.session.execute(
            select(User, Seat.id)
            .join(Seat, Seat.user_id == User.id)
            .join(Organisation, Organisation.id == Seat.organisation_id)
            .where(Organisation.inn == name, User.is_active.is_(True), User.password_hash.is_not(None))
            .options(options)
            .order_by(User.id, Seat.id)
        )
        people: dict[int, Candidate] = {}
        for user, seat_id in rows:
            people.setdefault(user.id, Candidate(user, seat_id))
        return list(people.values())
    users = db.session.scalars(
        select(User)
        .where(func.lower(User.email) == name, User.is_active.is_(True), User.password_hash.is_not(None))
        .options(options)
    )
    return [Candidate(user, None) for user in users]


def _delay(name: str, address: str) -> None:
    since = now() - WINDOW
    for key, most in ((f"name:{name}"[:80], FREE_TRIES), (f"from:{address}"[:80], FREE_TRIES * 20)):
        times = list(
            db.session.scalars(
                select(LoginAttempt.at).where(LoginAttempt.key == key, LoginAttempt.at > since).order_by(LoginAttempt.at)
            )
        )
        if len(times) < most:
            continue
        wait = timedelta(seconds=min(15 * 2 ** (len(times) - most), 900))
        left = (times[-1] + wait - now()).total_seconds()
        if left > 0:
            raise Refused(f"Слишком много неудачных попыток. Повторите через {int(left) + 1} с.")


def _failed(name: str, address: str) -> None:
    with writing(gate()):
        db.session.add(LoginAttempt(key=f"name:{name}"[:80]))
        db.session.add(LoginAttempt(key=f"from:{address}"[:80]))
        db.session.add(SecurityEvent(verb="login.refused", address=address, details={"name": name[:80]}))
        db.session.commit()


def _forget(name: str) -> None:
    with writing(gate()):
        db.session.execute(delete(LoginAttempt).where(LoginAttempt.key == f"name:{name}"[:80]))
        db.session.commit()
