"""What a person may change about himself."""

from __future__ import annotations

from records.actor import Actor
from records.database import db
from records.errors import Forbidden
from records.people import User
from records.service import work

from . import given_names


def save(actor: Actor, name: str, position: str, phone: str) -> None:
    """Save one's own name, position and telephone."""
    if actor.user_id is None or actor.read_only:
        raise Forbidden
    name = name.strip()
    given_names.require(
        {
            "name": given_names.name_problem(name),
            "position": given_names.line_problem(position, 200),
            "phone": given_names.line_problem(phone, 60),
        }
    )
    with work(actor):
        user = db.session.get(User, actor.user_id)
        if user is not None:
            user.name, user.position, user.phone = " ".join(name.split()), position.strip(), phone.strip()
