"""The facts a meeting is judged by: register, proxies, plan, agenda, and what happened. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from .charter import Charter
from .shares import Share

Mark = str | tuple[str, ...]
"""«for», «against», «abstain», or what is marked on the paper (in an election: candidates)."""


@dataclass(frozen=True)
class Member:
    """A member of the СРО as the register knows it, with its statuses in order of time."""

    id: str
    since: date
    statuses: tuple[tuple[datetime, str], ...] = ()
    uses_seal: bool = True
    code: str = ""

    def belongs(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether it is a member at the moment. A suspended right to build does not end membership."""
        if at.astimezone(zone).date() < self.since:
            return False
        said = [status for moment, status in self.statuses if moment <= at]
        return not said or said[-1] != "excluded"

    @property
    def head(self) -> str:
        return f"{self.id}.head"


@dataclass(frozen=True)
class Proxy:
    """A proxy given by one or several members in the same words."""

    id: str
    principals: frozenset[str]
    holder: str
    issued_on: date | None
    valid_from: date | None = None
    valid_until: date | None = None
    items: frozenset[str] | None = None
    revoked_at: datetime | None = None
    signed: bool = True
    may_delegate: bool = False
    delegated_from: str | None = None
    notarised: bool = False


@dataclass(frozen=True)
class Item:
    """A question of the agenda. `threshold` is already resolved by the charter."""

    id: str
    competence: str
    threshold: Share
    title: str = ""
    is_secret: bool = False
    subject: str = "other"
    candidates: tuple[str, ...] = ()
    seats: int = 0
    max_marks: int = 0
    office: str | None = None
    """The office («chair», «secretary») this question elects, and whom."""
    nominee: str | None = None

    @property
    def is_election(self) -> bool:
        return bool(self.candidates)

    @property
    def is_exclusive(self) -> bool:
        return self.competence == "exclusive"

    @property
    def is_procedural(self) -> bool:
        return self.competence == "procedural"


@dataclass(frozen=True)
class Board:
    """A board: its chair, secretary and members."""

    chair: str
    secretary: str
    members: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.chair, self.secretary, *self.members)))


@dataclass(frozen=True)
class Tool:
    """The means of video link: must be public, free and without special gear (Z.2)."""

    name: str = ""
    is_lawful: bool = False


@dataclass(frozen=True)
class Plan:
    """The decision that calls the meeting: form, basis, place, times, boards."""

    form: str
    kind: str
    live_form: str = "in_person"
    basis: str = "none"
    basis_document: str = ""
    place: str = ""
    starts_at: datetime | None = None
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    intake_opens_at: datetime | None = None
    intake_closes_at: datetime | None = None
    channels: tuple[str, ...] = ()
    counting_at: datetime | None = None
    chair: str | None = None
    secretary: str | None = None
    counting_board: Board | None = None
    credentials_board: Board | None = None
    vote_signature: str = "simple"
    tool: Tool | None = None
    voting_way: str = ""
    has_evidence: bool = False

    @property
    def has_live_part(self) -> bool:
        return self.form != "absentee"

    @property
    def has_absentee_part(self) -> bool:
        return self.form in {"absentee", "combined"}

    @property
    def is_combined(self) -> bool:
        return self.form == "combined"

    @property
    def is_remote(self) -> bool:
        """Whether there is a live part held by technical means."""
        return self.form == "remote" or (self.is_combined and self.live_form == "remote")


@dataclass(frozen=True)
class Case:
    """Everything known of a meeting beside what happens at it."""

    id: str
    zone: ZoneInfo
    charter: Charter
    members: Mapping[str, Member]
    proxies: Mapping[str, Proxy]
    plan: Plan
    agenda: tuple[Item, ...]
    director: str | None = None
    clerk: str | None = None
    title: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    is_brief: bool = False
    """Only totals are asked for: no lists of participants and ballots."""

    @cached_property
    def held(self) -> Mapping[str, tuple[Proxy, ...]]:
        """The proxies of each holder, in their order."""
        found: dict[str, list[Proxy]] = {}
        for proxy in self.proxies.values():
            found.setdefault(proxy.holder, []).append(proxy)
        return {holder: tuple(rows) for holder, rows in found.items()}


@dataclass(frozen=True)
class Event:
    """One thing that happened, as the outside world told it; says nothing of its lawfulness."""

    at: datetime
    type: str
    members: tuple[str, ...] | None = None
    person: str | None = None
    item: str | None = None
    mark: Mark | None = None
    """Of a vote; None when the content of a secret vote is kept apart."""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    signature: str | None = None
    channel: str = "cabinet"
    seal: bool = True
    sent_at: datetime | None = None
    version: int | None = None
    code: str | None = None
    missing: tuple[str, ...] = ()
    proposal: Item | None = None
    motives: bool = True
    wording: bool = True
    add: tuple[str | Item, ...] = ()
    about: str = ""
    text: str = ""
