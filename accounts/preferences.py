"""Small things a person has chosen for himself, kept with his account."""

from __future__ import annotations

from records.actor import PUBLIC_ACTOR
from records.database import db
from records.people import User
from records.service import work

TOUR = "tour_seen"


def has_seen_tour(user: User) -> bool:
    return bool((user.preferences or {}).get(TOUR))


def set_tour_seen(user_id: int) -> None:
    """The tour of the first login stays closed on every device of the person."""
    with work(PUBLIC_ACTOR):
        user = db.session.get(User, user_id)
        if user is not None:
            user.preferences = {**(user.preferences or {}), TOUR: True}
