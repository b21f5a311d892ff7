"""Who is who: companies and people of the register by the names a meeting's journal uses.

A member is `m` and the number of its company, its head `m12.head`; any other person is `u` and the number
of the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from records.actor import HEAD, Actor
from records.database import db
from records.people import Organisation, Seat, User


def member_of(organisation_id: int) -> str:
    return f"m{organisation_id}"


def organisation_of(member: str) -> int:
    return int(member.removeprefix("m"))


def person_of(actor: Actor, member: str | None = None) -> str:
    """The actor as the journal names him; the head of a company is its head, whatever his account."""
    own = member_of(actor.organisation_id) if actor.organisation_id else None
    if HEAD in actor.roles and own is not None and member in (None, own):
        return f"{own}.head"
    return f"u{actor.user_id}"


def companies(on: date) -> list[Organisation]:
    """Members of the СРО on a day, by their numbers in the register."""
    found = db.session.scalars(
        select(Organisation)
        .where(Organisation.role == "member", Organisation.status != "left")
        .order_by(Organisation.register_number, Organisation.id)
    )
    return [one for one in found if one.joined_on is None or one.joined_on <= on]


def is_sole(company: Organisation) -> bool:
    return bool(company.inn and len(company.inn) == 12)


def member_rows(found: Iterable[Organisation]) -> list[dict[str, Any]]:
    """Rows of the case: the denominators of every quorum are counted from them."""
    return [
        {
            "ids": member_of(one.id),
            "kind": "sole" if is_sole(one) else "company",
            **({"since": one.joined_on.isoformat()} if one.joined_on else {}),
        }
        for one in found
    ]


def cards(found: Iterable[Organisation]) -> dict[str, dict[str, Any]]:
    """Names of members as the documents print them; frozen at the call."""
    heads = dict(
        db.session.execute(
            select(Seat.organisation_id, User.name)
            .join(User, User.id == Seat.user_id)
            .where(Seat.role == HEAD)
            .order_by(Seat.id.desc())
        ).all()
    )
    return {
        member_of(one.id): {
            "name": one.short_name,
            "inn": one.inn or "",
            "number": one.register_number or "",
            "email": one.email,
            "head": one.head_name or heads.get(one.id, ""),
            "head_position": one.head_position or "руководитель",
            "is_sole": is_sole(one),
        }
        for one in found
    }


def staff() -> list[User]:
    """Who may sit on a board or lead: everybody with an account who works for the СРО."""
    return list(
        db.session.scalars(
            select(User)
            .join(Seat, Seat.user_id == User.id)
            .where(Seat.organisation_id.is_(None), User.is_active.is_(True))
            .order_by(User.name)
            .distinct()
        )
    )


def named(users: Iterable[User]) -> dict[str, dict[str, str]]:
    return {f"u{user.id}": {"name": user.name, "position": user.position} for user in users}
