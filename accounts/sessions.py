"""Sessions on the server: a cookie holds a random token, the table its hash; one can close any."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from records.database import db, gate, now, writing
from records.errors import Unavailable
from records.people import Seat, User

from . import journal
from .model import LoginSession

log = logging.getLogger("accounts")

IDLE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)


@contextlib.contextmanager
def _saving() -> Iterator[None]:
    """A write of its own: the reader's transaction ends first, for it could not become a writer's."""
    if db.session().in_transaction():
        db.session.commit()
    with writing(gate()):
        yield
        db.session.commit()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    user: User, *, method: str, address: str, agent: str, seat_id: int | None = None
) -> tuple[LoginSession, str]:
    """Begin a session; the token is returned once and never stored."""
    token = secrets.token_urlsafe(32)
    entry = LoginSession(
        token_hash=token_hash(token),
        user_id=user.id,
        seat_id=seat_id,
        method=method,
        address=address[:45],
        agent=agent[:300],
    )
    with _saving():
        db.session.add(entry)
    return entry, token


def find(token: str) -> tuple[User, LoginSession] | None:
    """The person of a live session, with his seats, in a constant number of statements."""
    row = db.session.execute(
        select(User, LoginSession)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.token_hash == token_hash(token),
            LoginSession.closed_at.is_(None),
            LoginSession.seen_at > now() - IDLE,
            User.is_active.is_(True),
        )
        .options(selectinload(User.seats).joinedload(Seat.organisation))
    ).first()
    return (row[0], row[1]) if row else None


def touch(entry: LoginSession) -> None:
    """Keep a session alive; written at most once in five minutes so that reading pages stays reading."""
    if now() - entry.seen_at < TOUCH_EVERY:
        return
    try:
        with _saving():
            db.session.execute(update(LoginSession).where(LoginSession.id == entry.id).values(seen_at=now()))
    except Unavailable as error:
        # While nothing can be written one may still read; the session merely grows older.
        db.session.rollback()
        log.warning("session not prolonged: %s", error)


def close(session_id: int, user_id: int, *, verb: str = "session.closed", address: str = "") -> bool:
    """Close one of a person's sessions; the journal keeps it."""
    with _saving():
        done = db.session.execute(
            update(LoginSession)
            .where(
                LoginSession.id == session_id,
                LoginSession.user_id == user_id,
                LoginSession.closed_at.is_(None),
            )
            .values(closed_at=now())
        )
        closed = bool(getattr(done, "rowcount", 0))
        if closed:
            journal.note(verb, user_id=user_id, address=address)
    return closed


def close_all(user_id: int, *, keep: int | None = None) -> int:
    """Close every session of a person (after a password change), but the present one."""
    with _saving():
        query = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.closed_at.is_(None))
        done = db.session.execute(
            (query if keep is None else query.where(LoginSession.id != keep)).values(closed_at=now())
        )
    return int(getattr(done, "rowcount", 0))


def end_all(user_id: int, *, keep: int | None = None) -> None:
    """Close every session of a person inside the caller's transaction."""
    query = update(LoginSession).where(LoginSession.user_id == user_id, LoginSession.closed_at.is_(None))
    db.session.execute(
        (query if keep is None else query.where(LoginSession.id != keep)).values(closed_at=now())
    )


def of_user(user_id: int) -> list[LoginSession]:
    """Live sessions of a person, latest first."""
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(
                LoginSession.user_id == user_id,
                LoginSession.closed_at.is_(None),
                LoginSession.seen_at > now() - IDLE,
            )
            .order_by(LoginSession.seen_at.desc())
        )
    )
