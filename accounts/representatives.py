"""Representatives of one company: its head names a specialist and a proxy, and ends it (C-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from records import parameters
from records.actor import HEAD, MEMBER_ROLES, PROXY, Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.people import Seat, User
from records.service import work

from . import invitations, policy, roles, seats
from .invitations import Invited

RIGHTS = {
    HEAD: "Всё: подписывает и подаёт заявления и отчёты, голосует, приглашает людей.",
    PROXY: "То же в пределах доверенности и до конца её срока; людей не приглашает.",
    "member_spec": "Заполняет формы, ведёт переписку, запрашивает счёт и сверку. Не подаёт отчёты, "
    "заявления, не голосует, приглашений на собрание не видит.",
}


@dataclass(frozen=True)
class RepresentativeLine:
    """A person of a company as its list shows him."""

    seat_id: int
    user_id: int
    name: str
    email: str
    position: str
    phone: str
    role: str
    role_title: str
    valid_until: date | None
    is_active: bool
    is_lapsed: bool
    entered_at: datetime | None


def of_company(organisation_id: int) -> list[RepresentativeLine]:
    """Everybody who has or had a seat in the company, those in force first."""
    today = parameters.today()
    rows = db.session.execute(
        select(Seat, User)
        .join(User, User.id == Seat.user_id)
        .where(Seat.organisation_id == organisation_id, Seat.role.in_(MEMBER_ROLES))
        .order_by(Seat.id)
    )
    lines = [
        RepresentativeLine(
            seat.id,
            user.id,
            user.name,
            user.email,
            user.position,
            user.phone,
            seat.role,
            roles.title(seat.role),
            seat.valid_until,
            user.is_active and user.password_hash is not None,
            not seats.in_force(seat, today) or not user.is_active,
            user.activated_at,
        )
        for seat, user in rows
    ]
    return sorted(lines, key=lambda line: (line.is_lapsed, line.seat_id))


def invite(actor: Actor, person: Invited) -> User:
    """The head invites a specialist or a proxy of his own company; a proxy has the term of his power."""
    if not policy.may_manage_representatives(actor):
        raise Forbidden("Приглашать представителей может только руководитель организации.")
    if person.role not in policy.GIVEN_BY_HEAD:
        raise Invalid({"role": ["Выберите: специалист или представитель по доверенности."]})
    if person.organisation_id != actor.organisation_id:
        raise Forbidden("Можно приглашать только в свою организацию.")
    if person.role == PROXY and person.until is None:
        raise Invalid({"until": ["Укажите, до какого дня действует доверенность."]})
    invitations.check_person(person)
    known = seats.person_by_email(person.email)
    if known is not None and any(
        s.organisation_id == actor.organisation_id
        and s.role == HEAD
        and seats.in_force(s, parameters.today())
        for s in known.seats
    ):
        raise Invalid({"email": ["Это адрес руководителя: ему доступно всё."]})
    with work(actor):
        return invitations.admit(actor, person)


def revoke(actor: Actor, seat_id: int) -> None:
    """Take the access back at once: sessions close, keys stop."""
    with work(actor):
        seat = db.session.get(Seat, seat_id)
        if seat is None or seat.organisation_id is None or not _may_revoke(actor, seat):
            raise NotFound
        if seat.user_id == actor.user_id:
            raise Refused("Собственный доступ прекратить нельзя: обратитесь в СРО.")
        user = db.session.get(User, seat.user_id)
        if user is not None:
            seats.take(user, seat, by=actor.user_id, address=actor.address)


def _may_revoke(actor: Actor, seat: Seat) -> bool:
    if policy.may_invite_members(actor):
        return seat.role in MEMBER_ROLES
    own = policy.may_manage_representatives(actor) and seat.organisation_id == actor.organisation_id
    return own and seat.role in policy.GIVEN_BY_HEAD
