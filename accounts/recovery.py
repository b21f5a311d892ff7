"""A forgotten password: a one-time link by mail; the page answers the same whether the account exists (C-08).

Whether there is such an account is found out after the answer, in the outbox: neither the words nor the time
of the answer tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from messaging import mail
from records import outbox, parameters
from records.actor import PUBLIC_ACTOR, SYSTEM_ACTOR
from records.database import db
from records.identifiers import normalise_email
from records.people import Organisation, Seat, User
from records.service import work

from . import attempts, journal, one_time, passwords, sessions
from .activation import check_new
from .model import OneTimeLink

TOPIC = "password_reset"


def ask(name: str, *, address: str = "") -> None:
    """Take the request. Raises Refused when the same place asks too often."""
    name = name.strip()[:254]
    with work(PUBLIC_ACTOR):
        attempts.spend(f"reset:{address}", most=10)
        attempts.spend(f"reset:{name.lower()}", most=5)
        journal.note("password.asked", address=address, details={"name": name[:80]})
        outbox.put(TOPIC, "", {"name": name})


def reset_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "password_reset": write to those who have an account; to nobody else."""
    for job in jobs:
        with work(SYSTEM_ACTOR):
            for user in _people(str(job.payload["name"])):
                _write(user)


def _people(name: str) -> list[User]:
    query = select(User).where(User.is_active.is_(True), User.password_hash.is_not(None))
    if name.isdigit():
        query = query.where(
            User.id.in_(
                select(Seat.user_id)
                .join(Organisation, Organisation.id == Seat.organisation_id)
                .where(Organisation.inn == name)
            )
        )
    else:
        query = query.where(User.email == normalise_email(name))
    return list(db.session.scalars(query.limit(20)))


def _write(user: User) -> OneTimeLink:
    link = one_time.issue(user, "reset")
    token = one_time.new_token(link)
    link.mail_id = mail.send(
        user.email,
        "Восстановление пароля",
        "reset",
        {
            "name": user.name,
            "url": mail.public_url(f"/password/reset/{token}"),
            "until": link.expires_at.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M"),
        },
        about="reset",
        to_name=user.name,
    )
    return link


def reset(token: str, password: str, *, address: str = "") -> User:
    """Set a new password by the link; every session of the person closes."""
    found = one_time.find(token, "reset")
    check_new(found.user, password)
    hashed = passwords.hash_password(password)
    with work(PUBLIC_ACTOR):
        user = one_time.spend(token, "reset").user
        user.password_hash = hashed
        sessions.end_all(user.id)
        attempts.forget(f"name:{user.email}")
        journal.note("password.reset", user_id=user.id, address=address)
    return user
