"""What a document of a meeting is made of: the folded journal, and names frozen when the meeting "
"was called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from documents.model import Organisation
from meetings.facts import Item
from meetings.state import State


@dataclass(frozen=True)
class MemberLine:
    """A member as the register named it on the day of the call."""

    name: str
    inn: str = ""
    number: str = ""
    email: str = ""
    head: str = ""
    head_position: str = "руководитель"
    is_sole: bool = False


@dataclass(frozen=True)
class Person:
    name: str
    position: str = ""

    @property
    def with_position(self) -> str:
        return f"{self.name}, {self.position}" if self.position else self.name


@dataclass(frozen=True)
class Question:
    """What is said of an item of the agenda beside its rules: who reports and the text that is decided."""

    speaker: str = ""
    draft: str = ""


@dataclass(frozen=True)
class Book:
    """Everything a document prints that the law does not judge by. Frozen at the call."""

    sro: Organisation
    members: Mapping[str, MemberLine] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    decision_number: str = ""
    decision_on: date | None = None
    protocol_number: str = ""
    noticed_on: date | None = None
    charter_clause: str = ""
    """Where the charter allows this form («п. 8.4»)."""
    identification: str = "cabinet"
    """`code`, `documents` or `cabinet`: the three texts of Annex 6."""
    evidence: str = ""
    """`video` or `chat`: how the will is fixed."""
    contact: str = ""
    guests: tuple[str, ...] = ()
    boards_elected: bool = False
    count_is_filmed: bool = False
    sheet_numbers: Mapping[str, str] = field(default_factory=dict)
    sheet_days: Mapping[str, date] = field(default_factory=dict)
    ballot_numbers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dossier:
    """The meeting's journal folded, its result, and the book of names."""

    state: State
    result: Mapping[str, Any]
    book: Book
    times: Mapping[str, datetime] = field(default_factory=dict)
    """When things happened, by the type of the event (the last of each)."""

    @property
    def plan(self) -> Any:
        return self.state.case.plan

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(self.state.agenda.values())

    @cached_property
    def questions(self) -> Mapping[str, Mapping[str, Any]]:
        return {row["item"]: row for row in self.result["questions"]}

    @property
    def outcome(self) -> str:
        return str(self.result["outcome"]["state"])

    @property
    def held(self) -> bool:
        return self.outcome == "held"

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.state.case.zone)

    def member(self, member: str) -> MemberLine:
        return self.book.members.get(member) or MemberLine(member)

    def person(self, person: str | None) -> Person:
        """A person by the journal's id; a head is named by his company's card."""
        if person is None:
            return Person("")
        known = self.book.people.get(person)
        if known is not None:
            return known
        if person.endswith(".head"):
            line = self.member(person.removesuffix(".head"))
            return Person(line.head or line.name, line.head_position)
        return Person(self.state.case.people.get(person, person))

    @property
    def made_at(self) -> datetime:
        """The day of a document is the day of the last event it tells of: regenerated, it is the same."""
        known = [at for at in self.times.values()]
        moment = max(known) if known else self.plan.counting_at or self.plan.starts_at
        return self.local(moment)
