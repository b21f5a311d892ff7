"""Invitations: a letter with a one-time link and a short guide, to one or to three hundred (C-09)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from messaging import mail
from records import outbox, parameters
from records.actor import HEAD, SYSTEM_ACTOR, Actor
from records.database import db, now
from records.errors import Invalid, NotFound, Refused
from records.people import Organisation, Seat, User
from records.service import work

from . import given_names, journal, one_time, policy, roles, seats
from .model import InvitationBatch, OneTimeLink

TOPIC = "invite"

STATES = {
    "queued": "В очереди",
    "sent": "Отправлено",
    "opened": "Открыто",
    "used": "Активировано",
    "bounced": "Не доставлено",
    "expired": "Срок истёк",
}


@dataclass(frozen=True)
class Invited:
    """Who is to be invited and to what."""

    name: str
    email: str
    role: str
    organisation_id: int | None
    position: str = ""
    phone: str = ""
    until: date | None = None


def check_person(person: Invited) -> None:
    """Raise Invalid by field."""
    given_names.require(
        {
            "name": given_names.name_problem(" ".join(person.name.split(" ")).strip()),
            "email": given_names.email_problem(person.email),
            "position": given_names.line_problem(person.position, 200),
            "phone": given_names.line_problem(person.phone, 60),
            "until": "Дата окончания уже прошла."
            if person.until and person.until < parameters.today()
            else None,
        }
    )


def invite_representative(actor: Actor, person: Invited) -> User:
    """Staff invite a representative of any member company."""
    policy.require(
        policy.may_invite_members(actor), "Приглашать представителей членов может канцелярия или куратор."
    )
    if person.organisation_id is None or db.session.get(Organisation, person.organisation_id) is None:
        raise Invalid({"organisation": ["Выберите организацию из списка."]})
    if person.role not in dict(roles.member_choices()):
        raise Invalid({"role": ["Выберите роль из списка."]})
    check_person(person)
    with work(actor):
        return admit(actor, person)


def admit(actor: Actor, person: Invited, *, batch_id: int | None = None) -> User:
    """Give the seat and queue the letter, inside the caller's transaction. The right was checked above."""
    user = seats.ensure_person(person.name, person.email, position=person.position, phone=person.phone)
    seats.give(user, person.role, person.organisation_id, until=person.until)
    journal.note(
        "seat.given",
        user_id=actor.user_id,
        address=actor.address,
        organisation_id=person.organisation_id,
        details={"person": user.name, "role": roles.title(person.role)},
    )
    queue(actor, user, person.organisation_id, batch_id=batch_id)
    return user


def queue(
    actor: Actor, user: User, organisation_id: int | None, *, batch_id: int | None = None
) -> OneTimeLink:
    """Put the letter into the outbox: three hundred letters never make a page wait."""
    link = one_time.issue(
        user, "invite", created_by=actor.user_id, organisation_id=organisation_id, batch_id=batch_id
    )
    outbox.put(TOPIC, f"invite:{link.id}", {"link": link.id})
    return link


def resend(actor: Actor, link_id: int) -> OneTimeLink:
    """A new letter with a new link; the earlier link stops working."""
    policy.require(policy.may_invite_members(actor) or policy.may_manage_representatives(actor))
    link = db.session.get(OneTimeLink, link_id)
    own = link is not None and (actor.is_staff or link.organisation_id == actor.organisation_id)
    if link is None or not own or link.purpose != "invite":
        raise NotFound
    user = db.session.get(User, link.user_id)
    if user is None or user.password_hash is not None:
        raise Refused("Учётная запись уже активирована: приглашение не нужно.")
    with work(actor):
        return queue(actor, user, link.organisation_id, batch_id=link.batch_id)


def invite_again(actor: Actor, user_id: int) -> OneTimeLink:
    """The administrator sends an invitation to anybody who has no password yet."""
    policy.require(policy.may_manage_people(actor))
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    if user.password_hash is not None:
        raise Refused("Учётная запись уже активирована: приглашение не нужно.")
    seat = next((s for s in user.seats if s.organisation_id is not None), None)
    with work(actor):
        return queue(actor, user, seat.organisation_id if seat else None)


def resend_all(actor: Actor, batch_id: int | None, *, state: str = "") -> int:
    """Again to everybody who has not activated; of a batch, of a state, or of all."""
    policy.require(policy.may_invite_members(actor))
    waiting = [line for line in latest(batch_id=batch_id, state=state, limit=5000) if line.may_resend]
    with work(actor):
        for line in waiting:
            user = db.session.get(User, line.user_id)
            if user is not None:
                queue(actor, user, line.organisation_id, batch_id=line.batch_id)
    return len(waiting)


def invite_heads(actor: Actor, organisation_ids: Iterable[int] | None = None) -> InvitationBatch:
    """Invite the heads of members that have an address and nobody yet (C-09: three hundred at once)."""
    policy.require(
        policy.may_invite_members(actor), "Приглашать представителей членов может канцелярия или куратор."
    )
    chosen = set(organisation_ids) if organisation_ids is not None else None
    with work(actor):
        companies = [o for o in not_invited() if chosen is None or o.id in chosen]
        batch = InvitationBatch(
            title=f"Массовое приглашение от {parameters.today():%d.%m.%Y}",
            created_by=actor.user_id,
            skipped=[],
        )
        db.session.add(batch)
        db.session.flush()
        skipped = []
        for company in companies:
            problem = _invite_head(actor, company, batch.id)
            if problem:
                skipped.append(f"{company.short_name}: {problem}")
        batch.skipped = skipped
        batch.total = len(companies) - len(skipped)
    return batch


def _invite_head(actor: Actor, company: Organisation, batch_id: int) -> str | None:
    problem = given_names.email_problem(company.email or "") or given_names.name_problem(
        company.head_name or ""
    )
    if problem:
        return problem
    person = Invited(company.head_name, company.email, HEAD, company.id, company.head_position, company.phone)
    admit(actor, person, batch_id=batch_id)
    return None


def not_invited() -> list[Organisation]:
    """Members nobody of whom has been invited or has entered yet."""
    from_seats = select(Seat.organisation_id).where(Seat.organisation_id.is_not(None))
    return list(
        db.session.scalars(
            select(Organisation)
            .where(
                Organisation.role.in_(("member", "candidate")),
                Organisation.status != "left",
                Organisation.id.not_in(from_seats),
            )
            .order_by(Organisation.short_name)
        )
    )


@dataclass(frozen=True)
class InvitationLine:
    """One person's latest invitation as the list shows it."""

    link_id: int
    user_id: int
    name: str
    email: str
    organisation_id: int | None
    organisation: str
    batch_id: int | None
    state: str
    created_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    used_at: datetime | None

    @property
    def title(self) -> str:
        return STATES[self.state]

    @property
    def may_resend(self) -> bool:
        return self.state != "used"


def latest(
    *, batch_id: int | None = None, organisation_id: int | None = None, state: str = "", limit: int = 200
) -> list[InvitationLine]:
    """Latest invitation of each person, newest first."""
    last = (
        select(func.max(OneTimeLink.id).label("id"))
        .where(OneTimeLink.purpose == "invite")
        .group_by(OneTimeLink.user_id)
        .subquery()
    )
    query = (
        select(OneTimeLink, User, Organisation.short_name)
        .join(last, last.c.id == OneTimeLink.id)
        .join(User, User.id == OneTimeLink.user_id)
        .outerjoin(Organisation, Organisation.id == OneTimeLink.organisation_id)
        .order_by(OneTimeLink.id.desc())
        .limit(limit)
    )
    if batch_id is not None:
        query = query.where(OneTimeLink.batch_id == batch_id)
    if organisation_id is not None:
        query = query.where(OneTimeLink.organisation_id == organisation_id)
    found = [_line(link, user, company) for link, user, company in db.session.execute(query)]
    return [line for line in found if not state or line.state == state]


def _line(link: OneTimeLink, user: User, company: str | None) -> InvitationLine:
    state = link.state
    if user.password_hash is not None:
        state = "used"
    elif state in one_time.WAITING and link.expires_at < now():
        state = "expired"
    return InvitationLine(
        link.id,
        user.id,
        user.name,
        user.email,
        link.organisation_id,
        company or "",
        link.batch_id,
        state,
        link.created_at,
        link.sent_at,
        link.opened_at,
        link.used_at or user.activated_at,
    )


def batch(batch_id: int) -> InvitationBatch:
    found = db.session.get(InvitationBatch, batch_id)
    if found is None:
        raise NotFound
    return found


def progress(batch_id: int) -> dict[str, int]:
    """How many of a batch stand in each state."""
    counts = dict.fromkeys(STATES, 0)
    for line in latest(batch_id=batch_id, limit=10_000):
        counts[line.state] += 1
    return counts


def send_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "invite": write the letters. A link already written is left alone: a second try does nothing."""
    for job in jobs:
        with work(SYSTEM_ACTOR):
            link = db.session.get(OneTimeLink, int(str(job.payload["link"])), with_for_update=True)
            if link is not None and link.state == "queued" and link.mail_id is None:
                _write(link)


def _write(link: OneTimeLink) -> None:
    user = db.session.get(User, link.user_id)
    if user is None:
        return
    company = db.session.get(Organisation, link.organisation_id) if link.organisation_id else None
    active = user.password_hash is not None
    token = one_time.new_token(link)
    link.mail_id = mail.send(
        user.email,
        "Вам открыт доступ в кабинет" if active else "Приглашение в личный кабинет",
        "invite",
        {
            "name": user.name,
            "organisation": company.short_name if company else "",
            "inn": company.inn if company else "",
            "url": mail.public_url("/login" if active else f"/activate/{token}"),
            "is_active": active,
            "expires": link.expires_at.astimezone(parameters.zone()).strftime("%d.%m.%Y"),
        },
        about="invite",
        to_name=user.name,
    )
    if active:
        link.state, link.used_at = "used", now()
    journal.note("invite.sent", user_id=user.id, organisation_id=link.organisation_id)
