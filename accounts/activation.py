"""The first coming in: the link of the letter sets the password, once (C-11)."""

from __future__ import annotations

from records.actor import PUBLIC_ACTOR
from records.database import db, now
from records.errors import Invalid
from records.people import User
from records.service import work

from . import journal, one_time, passwords, sessions


def opened(token: str) -> one_time.Found:
    """The person of a link; that it was opened is noted for those who invited."""
    found = one_time.find(token, "invite")
    if found.link.opened_at is None:
        with work(PUBLIC_ACTOR):
            link = one_time.find(token, "invite").link
            link.opened_at = now()
            if link.state in ("queued", "sent", "bounced"):
                link.state = "opened"
    return found


def activate(token: str, password: str, *, address: str = "") -> User:
    """Set the password and spend the link. Raises Invalid by field, Refused for a link that does not work."""
    found = one_time.find(token, "invite")
    check_new(found.user, password)
    hashed = passwords.hash_password(password)
    with work(PUBLIC_ACTOR):
        user = one_time.spend(token, "invite").user
        user.password_hash = hashed
        user.activated_at = now()
        journal.note(
            "invite.used", user_id=user.id, address=address, organisation_id=found.link.organisation_id
        )
    return user


def check_new(user: User, password: str) -> None:
    """Raise Invalid when a new password is weak or tells who its owner is."""
    inns = [seat.organisation.inn for seat in user.seats if seat.organisation and seat.organisation.inn]
    forbidden = (user.email.partition("@")[0], *user.name.split(), *inns)
    if problem := passwords.weakness(password, forbidden=forbidden):
        raise Invalid({"password": [problem]})


def change_password(user: User, old: str, new: str, *, session_id: int, address: str = "") -> None:
    """Change one's own password; the other sessions close (C-08)."""
    if not passwords.verify(old, user.password_hash):
        raise Invalid({"old": ["Нынешний пароль введён неверно."]})
    check_new(user, new)
    hashed = passwords.hash_password(new)
    with work(PUBLIC_ACTOR):
        fresh = db.session.get(User, user.id)
        if fresh is not None:
            fresh.password_hash = hashed
            sessions.end_all(fresh.id, keep=session_id)
            journal.note("password.changed", user_id=fresh.id, address=address)
