"""The fold: state + event → verdict + state. The one judge of everything that happens at a meeting.

No clock, no database, no chance: the same events always give the same verdicts and the same state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import ballots, calling, course, minutes
from .facts import Event
from .state import State


@dataclass(frozen=True)
class Refusal:
    """Why an event was not accepted, for one member or as a whole."""

    member: str | None
    code: str


@dataclass(frozen=True)
class Verdict:
    """What the law makes of one event."""

    n: int
    accepted: tuple[str | None, ...]
    """Members for whom the event is accepted; (None,) for an event that names none."""
    refused: tuple[Refusal, ...]

    @property
    def word(self) -> str:
        if not self.refused:
            return "accepted"
        return "partly" if self.accepted else "refused"


_WHOLE: dict[str, Callable[[State, Event], str | None]] = {
    "notice_sent": calling.notice,
    "agenda_changed": calling.agenda_changed,
    "list_closed": course.list_closed,
    "quorum_check": course.quorum_check,
    "question_opened": course.question_opened,
    "question_closed": course.question_closed,
    "break": course.break_,
    "resume": course.resume,
    "board_counts": ballots.board_counts,
}
"""Events judged as a whole."""

_BY_MEMBER: dict[str, Callable[[State, Event, str], str | None]] = {
    "proposal": calling.proposal,
    "registration_sheet": course.registration_sheet,
    "code_entered": course.code_entered,
    "admitted": course.admitted,
    "left": course.left,
    "reconnect": course.reconnect,
    "vote": course.vote,
    "objection": minutes.objection,
    "record_against_request": minutes.record_against_request,
    "record_fact_request": minutes.record_fact_request,
}
"""Events judged member by member."""

_LIVE = frozenset(
    {
        "admitted",
        "left",
        "reconnect",
        "list_closed",
        "quorum_check",
        "question_opened",
        "vote",
        "question_closed",
        "break",
        "resume",
        "meeting_closed",
    }
)
_REMOTE = frozenset({"registration_sheet", "code_entered"})
_ABSENTEE = frozenset({"ballot_received", "board_counts"})
_MINUTES = frozenset({"objection", "record_against_request", "record_fact_request"})


def judge(state: State, event: Event) -> Verdict:
    """Judge the next event and bring the state forward."""
    state.n += 1
    if event.proposal is not None:
        state.proposals.setdefault(event.proposal.id, event.proposal)  # known by its id, also when refused
    general = _general_fault(state, event)
    subjects: tuple[str | None, ...] = (None,)
    if event.members is not None and event.type != "notice_sent":
        subjects = event.members
    accepted: list[str | None] = []
    refused: list[Refusal] = []
    for member in subjects:
        code = general or _judge_one(state, event, member)
        if code is None:
            accepted.append(member)
        else:
            refused.append(Refusal(member, code))
    return Verdict(state.n, tuple(accepted), tuple(refused))


def _general_fault(state: State, event: Event) -> str | None:
    """What stops an event of its kind before it is looked at: the form, the call, the end of the meeting."""
    plan, kind = state.case.plan, event.type
    if kind in _LIVE and not plan.has_live_part:
        return "wrong_form"
    if kind in _REMOTE and not plan.is_remote:
        return "wrong_form"
    if kind in _ABSENTEE and not plan.has_absentee_part:
        return "wrong_form"
    if not state.can_be_called or (not state.is_called and kind != "notice_sent"):
        return "meeting_not_called"
    if state.closed and (kind in _LIVE | _REMOTE or (kind in _ends_with_live(state))):
        return "meeting_is_closed"
    return None


def _ends_with_live(state: State) -> frozenset[str]:
    """What ends together with the live part when there is no absentee one."""
    return frozenset() if state.case.plan.has_absentee_part else _MINUTES | {"agenda_changed"}


def _judge_one(state: State, event: Event, member: str | None) -> str | None:
    if event.type == "meeting_closed":
        state.closed = True
        return None
    if event.type == "ballot_received":
        return ballots.ballot_received(state, event, member)
    if event.type in _WHOLE:
        return _WHOLE[event.type](state, event)
    if member is None:
        raise ValueError(f"{event.type}: an event of members without members")
    return _BY_MEMBER[event.type](state, event, member)
