"""The staff of the СРО: the administrator adds people, gives and takes roles, blocks (C-02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select

from records import parameters
from records.actor import STAFF_ROLES, Actor
from records.database import db
from records.errors import Invalid, NotFound, Refused
from records.people import Seat, User
from records.service import work

from . import invitations, journal, keys, policy, seats, sessions, totp
from .invitations import Invited


def people(*, q: str = "", staff_only: bool = False, limit: int = 200) -> list[User]:
    """People by name or address."""
    query = select(User).order_by(User.name).limit(limit)
    if staff_only:
        query = query.where(User.id.in_(select(Seat.user_id).where(Seat.role.in_(STAFF_ROLES))))
    if q.strip():
        word = q.strip()
        query = query.where(
            or_(
                User.name.icontains(word, autoescape=True),
                User.name.icontains(word.capitalize(), autoescape=True),
                User.email.icontains(word, autoescape=True),
            )
        )
    return list(db.session.scalars(query))


def roles_of(user: User) -> frozenset[str]:
    """Staff roles in force."""
    today = parameters.today()
    return frozenset(s.role for s in user.seats if s.organisation_id is None and seats.in_force(s, today))


def person(user_id: int) -> User:
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound
    return found


def add(actor: Actor, name: str, email: str, position: str, phone: str, chosen: Sequence[str]) -> User:
    """Add an employee and send the invitation."""
    policy.require(policy.may_manage_people(actor))
    _check_roles(chosen)
    draft = Invited(name, email, chosen[0], None, position, phone)
    invitations.check_person(draft)
    with work(actor):
        user = seats.ensure_person(name, email, position=position, phone=phone)
        _give(actor, user, chosen)
        invitations.queue(actor, user, None)
    return user


def set_roles(actor: Actor, user_id: int, chosen: Sequence[str]) -> None:
    """Give and take staff roles. Lost roles close the person's sessions."""
    policy.require(policy.may_manage_people(actor))
    _check_roles(chosen, may_be_empty=True)
    with work(actor):
        user = person(user_id)
        held = roles_of(user)
        if user.id == actor.user_id and "sro_admin" in held - set(chosen):
            raise Invalid(
                {"roles": ["Собственную роль администратора снять нельзя: это сделает другой администратор."]}
            )
        for seat in user.seats:
            if seat.organisation_id is None and seat.role in held - set(chosen):
                seats.take(user, seat, by=actor.user_id, address=actor.address)
        _give(actor, user, [role for role in chosen if role not in held])


def _give(actor: Actor, user: User, chosen: Iterable[str]) -> None:
    for role in chosen:
        seats.give(user, role, None)
        journal.note(
            "seat.given",
            user_id=actor.user_id,
            address=actor.address,
            details={"person": user.name, "role": role},
        )


def _check_roles(chosen: Sequence[str], *, may_be_empty: bool = False) -> None:
    if not chosen and not may_be_empty:
        raise Invalid({"roles": ["Отметьте хотя бы одну роль."]})
    if set(chosen) - STAFF_ROLES:
        raise Invalid({"roles": ["Такой роли нет."]})


def block(actor: Actor, user_id: int, reason: str) -> None:
    """Block a person: he cannot enter, his sessions and keys end at once."""
    policy.require(policy.may_manage_people(actor))
    if not reason.strip():
        raise Invalid({"reason": ["Укажите причину: её увидит аудитор."]})
    if user_id == actor.user_id:
        raise Refused("Себя заблокировать нельзя.")
    with work(actor):
        user = person(user_id)
        user.is_active = False
        sessions.end_all(user.id)
        keys.revoke_all(user.id)
        journal.note(
            "user.blocked",
            user_id=actor.user_id,
            address=actor.address,
            details={"person": user.name, "reason": reason.strip()[:300]},
        )


def unblock(actor: Actor, user_id: int) -> None:
    policy.require(policy.may_manage_people(actor))
    with work(actor):
        user = person(user_id)
        user.is_active = True
        journal.note(
            "user.unblocked", user_id=actor.user_id, address=actor.address, details={"person": user.name}
        )


def drop_second_factor(actor: Actor, user_id: int) -> None:
    """For a lost telephone: the person enters by password alone and connects a new one."""
    policy.require(policy.may_manage_people(actor))
    with work(actor):
        user = person(user_id)
        totp.drop(user.id)
        sessions.end_all(user.id)
        journal.note("totp.off", user_id=actor.user_id, address=actor.address, details={"person": user.name})
