"""What participants have written into the protocol: objections, votes against, facts (ГК ст. 181.2 п. 4)."""

from __future__ import annotations

from .ballots import chosen, live_participants, mark_fault
from .facts import Event, Mark
from .state import State


def _is_participant(state: State, member: str) -> bool:
    return member in state.seats or member in state.senders()


def objection(state: State, event: Event, member: str) -> str | None:
    if not _is_participant(state, member):
        return "not_participant"
    state.objections.append((member, event.about))
    return None


def record_fact_request(state: State, event: Event, member: str) -> str | None:
    if not _is_participant(state, member):
        return "not_participant"
    state.facts.append(member)
    return None


def record_against_request(state: State, event: Event, member: str) -> str | None:
    """A demand to write down who voted against: only of him who did (ГК ст. 181.2 п. 4 пп. 5)."""
    item = event.item or ""
    if not _is_participant(state, member):
        return "not_participant"
    if not _may_have_been_against(state, item, member):
        return "not_against"
    if (item, member) not in state.against:
        state.against.append((item, member))
    return None


def _may_have_been_against(state: State, item: str, member: str) -> bool:
    if state.counted:
        return was_against(state, item, member)
    # Ballots are not opened before the count: their sender is believed until then.
    return member in state.senders() or _live_against(state, item, member)


def was_against(state: State, item: str, member: str) -> bool:
    """Whether the counted mark is «против» (in a secret vote: whether he voted at all)."""
    ballot = state.absentee_part.get(member)
    if ballot is not None:
        return item in state.agenda and item not in ballot.spoilt and is_against(ballot.marks.get(item))
    return (not state.counted or member in live_participants(state)) and _live_against(state, item, member)


def _live_against(state: State, item: str, member: str) -> bool:
    question = state.questions.get(item)
    if question is None:
        return False
    if question.item.is_secret:
        return member in question.voted
    mark = question.marks.get(member)
    return mark is not None and mark_fault(question.item, mark) is None and is_against(mark)


def is_against(mark: Mark | None) -> bool:
    return mark is not None and chosen(mark) == ("against",)
