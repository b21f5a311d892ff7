"""Who is told of an event: the other side, the one who works on it, never the one who did it.

A member is told of his own company's papers and only of what he may see: an internal remark does not
reach him in any form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from records import policy
from records.actor import AUTHORISED_ROLES, MEMBER_ROLES, STAFF_ROLES, Actor
from records.database import db
from records.kinds import RecordKind
from records.model import History, Record
from records.people import Organisation, Seat, Substitution, User


@dataclass(frozen=True)
class Person:
    """A person in one of his places: as staff, or for one company."""

    user_id: int
    organisation_id: int
    """0 for staff."""
    roles: frozenset[str]

    @property
    def is_staff(self) -> bool:
        return self.organisation_id == 0

    def actor(self) -> Actor:
        """As the policy asks of him."""
        return Actor(self.user_id, "", self.roles, self.organisation_id or None)


def seated(
    users: Iterable[int] = (), *, organisation: int | None = None, role: str = "", on: date
) -> list[Person]:
    """People by their valid seats: named users, the people of a company, or the staff of a role."""
    query = (
        select(Seat.user_id, Seat.organisation_id, Seat.role)
        .join(User, User.id == Seat.user_id)
        .where(
            User.is_active.is_(True),
            or_(Seat.valid_from.is_(None), Seat.valid_from <= on),
            or_(Seat.valid_until.is_(None), Seat.valid_until >= on),
        )
    )
    if organisation is not None:
        query = query.where(Seat.organisation_id == organisation, Seat.role.in_(MEMBER_ROLES))
    elif role:
        query = query.where(Seat.role == role, Seat.organisation_id.is_(None))
    else:
        query = query.where(Seat.user_id.in_(list(users)))
    found: dict[tuple[int, int], set[str]] = {}
    for user_id, organisation_id, code in db.session.execute(query):
        found.setdefault((user_id, organisation_id or 0), set()).add(code)
    return [Person(user, org, frozenset(roles)) for (user, org), roles in sorted(found.items())]


def of_event(record: Record, kind: RecordKind, entry: History, *, on: date) -> list[Person]:
    """Those whom an entry of the history concerns."""
    members = _members(record, entry, on) if entry.is_public else []
    people = {(p.user_id, p.organisation_id): p for p in (*_staff(record, kind, entry, on), *members)}
    labels = policy.record_labels(record, kind, dict(record.payload or {}))
    return [
        person
        for person in people.values()
        if person.user_id != entry.actor_id and policy.actor_labels(person.actor()) & labels
    ]


def _members(record: Record, entry: History, on: date) -> list[Person]:
    """The head, the representatives by proxy, the author; among themselves what waits for a signature."""
    if record.organisation_id is None or entry.verb in QUIET_FOR_MEMBERS:
        return []
    people = seated(organisation=record.organisation_id, on=on)
    if any(p.user_id == entry.actor_id for p in people):
        return [
            p
            for p in people
            if p.user_id == record.author_id or (entry.to_state == "to_sign" and p.roles & AUTHORISED_ROLES)
        ]
    return [p for p in people if p.roles & AUTHORISED_ROLES or p.user_id == record.author_id]


QUIET_FOR_MEMBERS = frozenset({"record.assign", "record.submit", "remark.resolve", "resolution.add"})
"""Steps of the office that change nothing for the member."""


def _staff(record: Record, kind: RecordKind, entry: History, on: date) -> list[Person]:
    if entry.verb == "record.submit" and record.number_text is not None:
        return []  # its registration, a moment later, says the same
    named = {u for u in (record.assignee_id, record.author_id) if u is not None}
    people = (
        [p for p in seated([*named, *_substitutes(named, on)], on=on) if p.roles & STAFF_ROLES]
        if named
        else []
    )
    if record.assignee_id is None and entry.verb in {"record.submit", "record.register"} and kind.route_to:
        people += seated(role=kind.route_to, on=on)
    if entry.verb == "record.register" and record.assignee_id is not None:
        return []  # the assignment says it
    return [p for p in people if p.is_staff]


def _substitutes(users: set[int], on: date) -> Sequence[int]:
    return list(
        db.session.scalars(
            select(Substitution.substitute_id).where(
                Substitution.user_id.in_(users), Substitution.starts_on <= on, Substitution.ends_on >= on
            )
        )
    )


def with_role(role: str, *, on: date) -> list[Person]:
    """The staff of a role (the head gets the digest of what is overdue)."""
    return seated(role=role, on=on)


def answering_for(record: Record, *, on: date) -> list[Person]:
    """The staff who answer for a record: author or assignee, else the company's curator, else the office."""
    from_record = [u for u in (record.author_id, record.assignee_id) if u is not None]
    people = [p for p in seated(from_record, on=on) if p.is_staff] if from_record else []
    if not people and record.organisation_id is not None:
        people = _curator(record.organisation_id, on)
    return people or seated(role="sro_clerk", on=on)


def _curator(organisation_id: int, on: date) -> list[Person]:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation.curator_id is None:
        return []
    return [p for p in seated([organisation.curator_id], on=on) if p.is_staff]
