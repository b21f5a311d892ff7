"""The state of a meeting: what the fold has made of the events so far. Built only by the fold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from workflows.calendar import WorkingCalendar

from . import plan as planning
from . import roll
from .facts import Case, Item, Mark
from .plan import Failure, Terms
from .roll import Seat
from .rules import QUORUM_RULES
from .shares import Share


@dataclass(frozen=True)
class QuorumCheck:
    """One determination of the quorum, with the numbers it rests on."""

    n: int
    at: datetime
    when: str
    have: int
    of: int
    needed: int
    verdict: str
    rule: str

    @property
    def is_reached(self) -> bool:
        return self.have >= self.needed


@dataclass
class Question:
    """An item that was put to a live vote."""

    item: Item
    base: set[str] = field(default_factory=set)
    voted: set[str] = field(default_factory=set)
    marks: dict[str, Mark] = field(default_factory=dict)
    """Who voted how; empty in a secret vote."""
    urn: Counter[Mark] = field(default_factory=Counter)
    """What was voted in secret, without who."""
    is_open: bool = True
    lost_quorum: bool = False


@dataclass
class Ballot:
    """A ballot as it arrived, and what became of it."""

    n: int
    member: str | None
    person: str | None
    proxy: str | None
    sent_at: datetime
    channel: str
    has_seal: bool
    marks: dict[str, Mark]
    disposition: str = "received"
    reasons: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    spoilt: frozenset[str] = frozenset()
    """Items on which the ballot is invalid."""

    @property
    def is_received(self) -> bool:
        return self.disposition in {"received", "counted", "invalid", "invalid_on_items"}


@dataclass
class Sheet:
    """An accepted registration sheet and the state of the member's code."""

    person: str
    wrong_in_row: int = 0
    code_entered: bool = False


@dataclass
class State:
    """Everything the next verdict depends on."""

    case: Case
    terms: Terms
    register: frozenset[str]
    failures: list[Failure]
    bars: dict[str, str]
    agenda: dict[str, Item]
    n: int = 0
    """The number of the last event judged."""

    # the call
    reached: set[str] = field(default_factory=set)
    refused_notices: list[str] = field(default_factory=list)
    called_at: datetime | None = None
    last_complete_notice: datetime | None = None
    proposals: dict[str, Item] = field(default_factory=dict)
    accepted_proposals: list[str] = field(default_factory=list)
    version: int = 1

    # the live part
    sheets: dict[str, Sheet] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    list_closed: bool = False
    on_break: bool = False
    breaks: int = 0
    needs_recheck: bool = False
    after_break: bool = False
    checks: list[QuorumCheck] = field(default_factory=list)
    standing_checks: list[QuorumCheck] = field(default_factory=list)
    """Checks after the closing of the list, but those of questions: whether the meeting may decide."""
    questions: dict[str, Question] = field(default_factory=dict)
    open_item: str | None = None
    refused_for_quorum: set[str] = field(default_factory=set)
    closed: bool = False

    # the absentee part
    ballots: list[Ballot] = field(default_factory=list)
    counted: bool = False
    count_refused_for_proposal: bool = False
    absentee_part: dict[str, Ballot] = field(default_factory=dict)
    """After the count: the ballot of every member of the absentee part."""

    # the minutes
    against: list[tuple[str, str]] = field(default_factory=list)
    objections: list[tuple[str, str]] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    @property
    def can_be_called(self) -> bool:
        return all(failure.item is not None for failure in self.failures)

    @property
    def is_called(self) -> bool:
        return self.called_at is not None

    @property
    def is_lawful(self) -> bool:
        return self.is_called and not self.count_refused_for_proposal

    @property
    def open_question(self) -> Question | None:
        return self.questions[self.open_item] if self.open_item else None

    @property
    def quorum_share(self) -> Share:
        return self.case.charter.share(QUORUM_RULES[self.case.plan.form])

    @property
    def final_check(self) -> QuorumCheck | None:
        return next((check for check in self.checks if check.when == "final"), None)

    @property
    def lawful_items(self) -> list[Item]:
        return [item for item in self.agenda.values() if item.id not in self.bars]

    def may_act(self, member: str, at: datetime) -> bool:
        return roll.may_act(self.case, self.register, member, at)

    def present(self, at: datetime, item: str | None = None) -> set[str]:
        """Members of the list present at the moment (for a question: within their proxies)."""
        return {
            seat.member
            for seat in self.seats.values()
            if roll.is_present(self.case, self.register, seat, at, item)
        }

    def senders(self) -> set[str]:
        """Members with an accepted ballot: believed before the count, established by it."""
        if self.counted:
            return set(self.absentee_part)
        return {ballot.member for ballot in self.ballots if ballot.member and ballot.is_received}

    def in_register_order(self, members: Iterable[str]) -> list[str]:
        wanted = set(members)
        return [member for member in self.case.members if member in wanted]

    def measure(self, n: int, at: datetime, when: str, have: int) -> QuorumCheck:
        """Determine the quorum and keep the determination."""
        of, combined = len(self.register), self.case.plan.is_combined
        needed = self.quorum_share.needed(of)
        verdict = "yes" if have >= needed else "no"
        if combined and when != "final":
            verdict = "preliminary"  # it is known only after the end of the intake (004 п. 1.2 б)
        check = QuorumCheck(n, at, when, have, of, needed, verdict, QUORUM_RULES[self.case.plan.form])
        self.checks.append(check)
        if when != "question" and self.list_closed:
            self.standing_checks.append(check)
        return check


def begin(case: Case, calendar: WorkingCalendar | None = None) -> State:
    """The state before anything has happened: the plan is checked, the register is known."""
    failures = planning.check(case)
    return State(
        case=case,
        terms=Terms(case, calendar or WorkingCalendar.load()),
        register=roll.snapshot(case),
        failures=list(failures),
        bars={failure.item: failure.code for failure in failures if failure.item},
        agenda={item.id: item for item in case.agenda},
    )
