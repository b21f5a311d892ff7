"""API keys: issued once on the screen, kept as a hash, with the rights of the person in one seat (X-12)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import bindparam, select, update

from records import parameters
from records.actor import Actor
from records.database import db, gate, now, writing
from records.errors import Forbidden, Invalid, NotFound
from records.people import Seat, User
from records.service import work

from . import journal
from .actors import actor_among, in_force
from .model import ApiKey

PREFIX = "veche_"
USED_EVERY = timedelta(minutes=5)


_OF_KEY = (
    select(
        ApiKey.id.label("key_id"),
        ApiKey.seat_id,
        ApiKey.used_at,
        User.id.label("user_id"),
        User.name,
        Seat.id,
        Seat.organisation_id,
        Seat.role,
        Seat.valid_from,
        Seat.valid_until,
    )
    .join(User, User.id == ApiKey.user_id)
    .join(Seat, Seat.user_id == User.id)
    .where(ApiKey.key_hash == bindparam("hash"), ApiKey.revoked_at.is_(None), User.is_active.is_(True))
)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(actor: Actor, name: str, seat_id: int | None) -> tuple[ApiKey, str]:
    """Make a key for the actor's present seat. The text of the key is returned once and never stored."""
    if actor.user_id is None or actor.read_only or actor.channel == "api":
        raise Forbidden("Ключ выдаёт себе сам вошедший пользователь, в кабинете.")
    title = " ".join(name.split())[:100]
    if not title:
        raise Invalid({"name": ["Назовите программу, для которой нужен ключ."]})
    token = PREFIX + secrets.token_urlsafe(32)
    with work(actor):
        key = ApiKey(
            key_hash=_hash(token), prefix=token[:12], name=title, user_id=actor.user_id, seat_id=seat_id
        )
        db.session.add(key)
        journal.note(
            "key.issued",
            user_id=actor.user_id,
            address=actor.address,
            organisation_id=actor.organisation_id,
            details={"name": title},
        )
    return key, token


def revoke(actor: Actor, key_id: int) -> None:
    """Stop one of the actor's own keys at once."""
    with work(actor):
        key = db.session.scalars(
            select(ApiKey).where(
                ApiKey.id == key_id, ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None)
            )
        ).first()
        if key is None or actor.read_only:
            raise NotFound
        key.revoked_at = now()
        journal.note("key.revoked", user_id=actor.user_id, address=actor.address, details={"name": key.name})


def revoke_all(user_id: int, *, seat_ids: frozenset[int] | None = None) -> None:
    """Stop a person's keys (of some seats, or all) inside the caller's transaction."""
    query = update(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    if seat_ids is not None:
        query = query.where(ApiKey.seat_id.in_(seat_ids))
    db.session.execute(query.values(revoked_at=now()))


def of_user(user_id: int) -> list[ApiKey]:
    return list(
        db.session.scalars(
            select(ApiKey)
            .where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
            .order_by(ApiKey.id.desc())
        )
    )


def actor_of_key(token: str, address: str) -> Actor | None:
    """Who acts with this bearer key; None when it is unknown, revoked, or its seat has lapsed."""
    if not token.startswith(PREFIX):
        return None
    # Bare rows, one statement: this runs at every request of the API.
    rows = db.session.execute(_OF_KEY, {"hash": _hash(token)}).all()
    if not rows:
        return None
    key = rows[0]
    dated = any(row.valid_from or row.valid_until for row in rows)
    seats = in_force(cast(Sequence[Seat], rows), parameters.today()) if dated else rows
    # A lapsed seat must stop the key, never move it to another company of the same person.
    if key.seat_id is not None and key.seat_id not in {seat.id for seat in seats}:
        return None
    actor = actor_among(
        cast(Sequence[Seat], seats),
        user_id=key.user_id,
        name=key.name,
        seat_id=key.seat_id,
        address=address,
        channel="api",
    )
    if not actor.roles:
        return None
    _touch(key.key_id, key.used_at)
    return actor


def _touch(key_id: int, used_at: datetime | None) -> None:
    """Remember the last use, at most once in five minutes, so that reading stays reading."""
    moment = now()
    if used_at is not None and moment - used_at < USED_EVERY:
        return
    if db.session().in_transaction():
        db.session.commit()
    with writing(gate()):
        db.session.execute(update(ApiKey).where(ApiKey.id == key_id).values(used_at=moment))
        db.session.commit()
