"""What was true of members on a date: one reading of dated facts, of one or of all (ст. 55.17 ГрК РФ)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from records.database import db
from records.people import Organisation, User

from .member_fields import FIELDS
from .model import MemberFact


@dataclass(frozen=True)
class Member:
    """A member as the register knew it on a date; `values` are the kept texts by field."""

    organisation_id: int
    on: date
    values: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def day(self, name: str) -> date | None:
        text = self.values.get(name)
        return date.fromisoformat(text) if text else None

    def number(self, name: str) -> int | None:
        text = self.values.get(name)
        return int(text) if text else None

    def shown(self, name: str) -> str:
        """The value as a person reads it."""
        return FIELDS[name].show(self.values.get(name))

    @property
    def name(self) -> str:
        return self.get("short_name") or self.get("full_name")

    @property
    def is_member(self) -> bool:
        return self.get("membership_status") == "member"

    @property
    def register_number(self) -> str:
        return self.get("register_number")


def snapshot(
    day: date, *, ids: Iterable[int] | None = None, known_at: datetime | None = None
) -> dict[int, dict[str, str]]:
    """Values of every member (or of some) on a date, in one statement.

    `known_at` answers what the register itself said then: later corrections are left out.
    """
    wanted = (
        select(MemberFact.organisation_id, MemberFact.field, MemberFact.value, MemberFact.valid_to)
        .where(MemberFact.valid_from <= day)
        .order_by(MemberFact.organisation_id, MemberFact.field, MemberFact.valid_from, MemberFact.id)
    )
    if ids is not None:
        wanted = wanted.where(MemberFact.organisation_id.in_(list(ids)))
    if known_at is not None:
        wanted = wanted.where(MemberFact.recorded_at <= known_at)
    found: dict[int, dict[str, str]] = {}
    for organisation_id, name, value, valid_to in db.session.execute(wanted):
        values = found.setdefault(organisation_id, {})
        if value is None or (valid_to is not None and valid_to < day):
            values.pop(name, None)
        else:
            values[name] = value  # rows come in the order of time: the last that has begun is in force
    return found


def member_on(organisation_id: int, day: date) -> Member:
    """One company on a date; one that has no facts yet is told from its card."""
    found = snapshot(day, ids=[organisation_id])
    if organisation_id in found:
        return Member(organisation_id, day, found[organisation_id])
    company = db.session.get(Organisation, organisation_id)
    return Member(organisation_id, day, _from_card(company, day) if company else {})


def members_on(day: date, *, everyone: bool = False) -> list[Member]:
    """Members of the СРО on a date, by their numbers in the register.

    `everyone` adds candidates and those whose membership has ended. A company whose facts nobody has entered
    (moved from another program) is told from its card.
    """
    facts = snapshot(day)
    known = set(db.session.scalars(select(MemberFact.organisation_id).distinct()))
    found = [Member(organisation_id, day, values) for organisation_id, values in facts.items()]
    cards = db.session.scalars(select(Organisation).where(Organisation.role.in_(("member", "candidate"))))
    found += [Member(c.id, day, _from_card(c, day)) for c in cards if c.id not in known]
    kept = [m for m in found if everyone or m.is_member]
    return sorted(kept, key=lambda m: (m.register_number, m.name, m.organisation_id))


def _from_card(company: Organisation, day: date) -> dict[str, str]:
    """The present card of a company as values; membership counts from its day of entry."""
    values = {
        f.name: str(getattr(company, f.column))
        for f in FIELDS.values()
        if f.column and getattr(company, f.column) not in (None, "")
    }
    joined = company.joined_on is None or company.joined_on <= day
    standing = "terminated" if company.status == "left" else "member" if joined else "candidate"
    right = {"suspended": "suspended", "left": "terminated"}.get(company.status, "active")
    values["membership_status"] = standing if company.role == "member" else "candidate"
    values["right_status"] = right if company.role == "member" else "none"
    return values


@dataclass(frozen=True)
class Change:
    """One row of a field's history."""

    field: str
    value: str | None
    valid_from: date
    valid_to: date | None
    ground: str
    ground_id: int | None
    recorded_at: datetime
    by: str

    @property
    def label(self) -> str:
        return FIELDS[self.field].label

    @property
    def shown(self) -> str:
        return FIELDS[self.field].show(self.value)


def changes(organisation_id: int, name: str = "") -> list[Change]:
    """Everything that was ever written of a company, newest first; of one field when it is named."""
    wanted = (
        select(MemberFact, User.name)
        .outerjoin(User, User.id == MemberFact.recorded_by)
        .where(MemberFact.organisation_id == organisation_id)
        .order_by(MemberFact.valid_from.desc(), MemberFact.id.desc())
    )
    if name:
        wanted = wanted.where(MemberFact.field == name)
    return [
        Change(
            f.field, f.value, f.valid_from, f.valid_to, f.ground, f.ground_id, f.recorded_at, by or "Система"
        )
        for f, by in db.session.execute(wanted)
        if f.field in FIELDS
    ]
