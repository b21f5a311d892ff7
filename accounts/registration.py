"""An application for an account from the login page: a queue, a check by staff, an invitation (C-07)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from messaging import mail
from records import identifiers
from records.actor import HEAD, PUBLIC_ACTOR, Actor
from records.database import db, now
from records.errors import Invalid, NotFound, Refused
from records.people import Organisation
from records.service import work

from . import attempts, given_names, invitations, journal, policy
from .invitations import Invited
from .model import RegistrationRequest

FIELDS = ("inn", "ogrn", "organisation_name", "person_name", "position", "email", "phone", "comment")


def ask(given: Mapping[str, str], *, address: str = "") -> RegistrationRequest:
    """Put an application into the queue. The answer is the same whether the company has an account."""
    values = {name: " ".join(str(given.get(name) or "").split(" ")).strip() for name in FIELDS}
    values["inn"] = identifiers.normalise("inn", values["inn"])
    values["ogrn"] = identifiers.normalise("ogrn", values["ogrn"])
    given_names.require(_problems(values))
    with work(PUBLIC_ACTOR):
        attempts.spend(f"register:{address}", most=10)
        entry = RegistrationRequest(**values, address=address[:45], state="new")
        db.session.add(entry)
        db.session.flush()
        journal.note("registration.asked", address=address, details={"inn": values["inn"]})
    return entry


def _problems(values: Mapping[str, str]) -> dict[str, str | None]:
    inn = identifiers.check("inn", values["inn"])
    ogrn = identifiers.check("ogrnip" if len(values["ogrn"]) == 15 else "ogrn", values["ogrn"])
    comment = values["comment"]
    return {
        "inn": str(inn) if inn else None,
        "ogrn": str(ogrn) if ogrn and values["ogrn"] else None,
        "organisation_name": given_names.line_problem(values["organisation_name"], 300)
        or (None if len(values["organisation_name"]) > 2 else "Укажите название организации."),
        "person_name": given_names.name_problem(values["person_name"]),
        "position": given_names.line_problem(values["position"], 200),
        "email": given_names.email_problem(values["email"]),
        "phone": given_names.line_problem(values["phone"], 60),
        "comment": "Длиннее 1000 знаков." if len(comment) > 1000 else None,
    }


def listed(state: str = "new", limit: int = 200) -> list[RegistrationRequest]:
    return list(
        db.session.scalars(
            select(RegistrationRequest)
            .where(RegistrationRequest.state == state)
            .order_by(RegistrationRequest.id.desc())
            .limit(limit)
        )
    )


def waiting() -> int:
    query = select(func.count()).select_from(RegistrationRequest).where(RegistrationRequest.state == "new")
    return db.session.scalar(query) or 0


def get(actor: Actor, request_id: int) -> RegistrationRequest:
    policy.require(policy.may_invite_members(actor))
    found = db.session.get(RegistrationRequest, request_id)
    if found is None:
        raise NotFound
    return found


def company_of(entry: RegistrationRequest) -> Organisation | None:
    """The company of the register with this ИНН, if there is one: staff compare before they approve."""
    return db.session.scalars(select(Organisation).where(Organisation.inn == entry.inn)).first()


def approve(actor: Actor, request_id: int) -> RegistrationRequest:
    """Invite the applicant as the head; a company not in the register becomes a candidate."""
    get(actor, request_id)
    with work(actor):
        entry = _undecided(request_id)
        company = company_of(entry) or _candidate(entry)
        user = invitations.admit(
            actor,
            Invited(entry.person_name, entry.email, HEAD, company.id, entry.position, entry.phone),
        )
        _decide(actor, entry, "approved")
        entry.user_id = user.id
        journal.note(
            "registration.approved",
            user_id=actor.user_id,
            address=actor.address,
            organisation_id=company.id,
            details={"person": entry.person_name},
        )
    return entry


def refuse(actor: Actor, request_id: int, reason: str) -> RegistrationRequest:
    """Refuse with a reason, which the applicant receives."""
    get(actor, request_id)
    if not reason.strip():
        raise Invalid({"reason": ["Напишите причину: её получит заявитель."]})
    with work(actor):
        entry = _undecided(request_id)
        _decide(actor, entry, "refused")
        entry.reason = reason.strip()[:500]
        mail.send(
            entry.email,
            "Заявка на доступ в кабинет отклонена",
            "registration_refused",
            {"name": entry.person_name, "reason": entry.reason, "organisation": entry.organisation_name},
            about="registration",
            to_name=entry.person_name,
        )
        journal.note(
            "registration.refused",
            user_id=actor.user_id,
            address=actor.address,
            details={"person": entry.person_name, "reason": entry.reason},
        )
    return entry


def _undecided(request_id: int) -> RegistrationRequest:
    entry = db.session.get(RegistrationRequest, request_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise NotFound
    if entry.state != "new":
        raise Refused("Заявка уже рассмотрена другим сотрудником.")
    return entry


def _decide(actor: Actor, entry: RegistrationRequest, state: str) -> None:
    entry.state, entry.decided_at, entry.decided_by = state, now(), actor.user_id


def _candidate(entry: RegistrationRequest) -> Organisation:
    company = Organisation(
        role="candidate",
        short_name=entry.organisation_name,
        full_name=entry.organisation_name,
        inn=entry.inn,
        ogrn=entry.ogrn or None,
        email=entry.email,
        phone=entry.phone,
        head_name=entry.person_name,
        head_position=entry.position,
        details={},
    )
    db.session.add(company)
    db.session.flush()
    return company
