"""Ballots of the absentee part: what is taken at receipt, what the board makes of them (W.6–W.8, W.10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from . import roll
from .calling import pending_proposals
from .facts import Event, Item, Mark
from .rules import RULES
from .state import Ballot, State

_SIGNED_BY_HAND = "handwritten"
_RANK = {"none": 0, "simple": 1, "qualified": 2}
_WORTHLESS = {"broken": "signature_invalid", "alien": "signature_not_members"}
_ANSWERS = ("for", "against", "abstain")


# --- receipt ---------------------------------------------------------------------------------------


def ballot_received(state: State, event: Event, member: str | None) -> str | None:
    """Take a ballot, or list everything for which it counts as not received; its marks are not looked at."""
    sent_at = event.sent_at or event.at
    person = event.person or (state.case.members[member].head if member else None)
    faults = list(_receipt_faults(state, event, member, sent_at))
    proxy = None
    if member and person:
        proxy = roll.authority(state.case, state.case.members[member], person, sent_at).proxy
    ballot = Ballot(
        n=state.n,
        member=member,
        person=person,
        proxy=proxy,
        sent_at=sent_at,
        channel=event.channel,
        has_seal=event.seal,
        marks=dict(event.marks),
    )
    if faults:
        ballot.disposition = "not_received"
        ballot.reasons = [(code, ()) for code in faults]
    state.ballots.append(ballot)
    return faults[0] if faults else None


def _receipt_faults(state: State, event: Event, member: str | None, sent_at: datetime) -> Iterator[str]:
    case, plan = state.case, state.case.plan
    if member and not case.members[member].belongs(sent_at, case.zone):
        yield "not_member"
    if event.channel not in plan.channels:
        yield "channel_not_allowed"
    yield from _time_faults(state, event.at, sent_at)
    if member is None:
        yield "ballot_no_member"
    yield from _signature_faults(state, event)
    if member:
        person = event.person or case.members[member].head
        if not roll.authority(case, case.members[member], person, sent_at).is_good:
            yield "signer_not_authorised"
    if event.version is not None and event.version < state.version:
        yield "old_agenda_version"


def _time_faults(state: State, at: datetime, sent_at: datetime) -> Iterator[str]:
    """Both ends of the window are in time; by the charter the day of receipt or of sending decides."""
    plan = state.case.plan
    if plan.intake_opens_at is None or plan.intake_closes_at is None:
        return
    by_sending = state.case.charter.says("ballot_deadline_by", "sent")
    decides = sent_at if by_sending else at
    if decides < plan.intake_opens_at:
        yield "ballot_early"
    too_late_to_count = by_sending and plan.counting_at is not None and at > plan.counting_at
    if decides > plan.intake_closes_at or too_late_to_count or state.counted:
        yield "ballot_late"


def _signature_faults(state: State, event: Event) -> Iterator[str]:
    """Paper is signed by hand, e-mail by a qualified signature, the cabinet by charter (004 п. 3.3).

    A signature that does not verify, or is another's, is there but worthless: its own reason.
    """
    required = _required_signature(state, event.channel)
    signature = event.signature or required
    if event.channel == "paper":
        if signature != _SIGNED_BY_HAND:
            yield "ballot_not_signed"
    elif _RANK.get(signature, 0) < _RANK[required] and signature not in _WORTHLESS:
        yield "no_signature"
    if signature in _WORTHLESS:
        yield _WORTHLESS[signature]


def _required_signature(state: State, channel: str) -> str:
    if channel == "paper":
        return _SIGNED_BY_HAND
    return "qualified" if channel == "email" else state.case.charter.word("cabinet_signature")


# --- the count -------------------------------------------------------------------------------------


def board_counts(state: State, event: Event) -> str | None:
    """The board opens the ballots: at the time named, on the day of the meeting, once (W.9, W.10)."""
    counting_at = state.case.plan.counting_at
    if state.counted:
        return "already_counted"
    if counting_at is not None and event.at < counting_at:
        return "count_too_early"
    if counting_at is not None and state.terms.day_of(event.at) != state.terms.day_of(counting_at):
        return "count_wrong_day"
    if pending_proposals(state):
        state.count_refused_for_proposal = True
        return "proposal_not_included"
    _dispose(state)
    state.counted = True
    state.count_refused_for_proposal = False
    have = set(state.absentee_part)
    if state.case.plan.is_combined:
        have |= live_participants(state)
    state.measure(state.n, event.at, "final", len(have & state.register))
    return None


def live_participants(state: State) -> set[str]:
    """Everybody on the list of the live part, but those whom a ballot puts into the absentee part."""
    return set(state.seats) - set(state.absentee_part)


def _dispose(state: State) -> None:
    """What becomes of every ballot, in the order of the checks."""
    taken = [ballot for ballot in state.ballots if ballot.disposition == "received"]
    for ballot in taken:
        if ballot.member not in state.register:
            _set(ballot, "not_received", "not_member")
        elif not any(_marked(ballot.marks.get(item.id)) for item in state.lawful_items):
            _set(ballot, "not_received", "ballot_no_marks")
    taken = [ballot for ballot in taken if ballot.disposition == "received"]
    _set_aside_duplicates(state, taken)
    _set_aside_live_voters(state, taken)
    for ballot in taken:
        if ballot.disposition == "received":
            _judge_marks(state, ballot)
            state.absentee_part[ballot.member or ""] = ballot


def _set(ballot: Ballot, disposition: str, code: str) -> None:
    ballot.disposition = disposition
    ballot.reasons.append((code, ()))


def _set_aside_duplicates(state: State, ballots: list[Ballot]) -> None:
    """Of several ballots of one member one counts, by the charter the first or the last."""
    ordered = ballots if state.case.charter.says("duplicate_ballot", "first") else ballots[::-1]
    seen: set[str] = set()
    for ballot in ordered:
        if ballot.member in seen:
            _set(ballot, "set_aside", "duplicate_ballot")
        seen.add(ballot.member or "")


def _set_aside_live_voters(state: State, ballots: list[Ballot]) -> None:
    """One member, one vote (ГК ст. 181.2 п. 1.2): who voted on the meeting stays in its part, unless the
    charter prefers the ballot."""
    if not state.case.plan.is_combined or state.case.charter.says("both_parts", "absentee"):
        return
    voted = {member for question in state.questions.values() for member in question.voted}
    for ballot in ballots:
        if ballot.disposition == "received" and ballot.member in voted:
            _set(ballot, "set_aside", "member_voted_live")


def _judge_marks(state: State, ballot: Ballot) -> None:
    """A missing seal spoils the whole ballot, a wrong mark its item only (W.8; 004 прил. 9)."""
    items = state.lawful_items
    if _lacks_seal(state, ballot):
        _set(ballot, "invalid", "seal_missing")
        ballot.spoilt = frozenset(item.id for item in items)
        return
    found: dict[str, list[str]] = {}
    for item in items:
        if code := _item_fault(state, ballot, item):
            found.setdefault(code, []).append(item.id)
    spoilt = frozenset(item for group in found.values() for item in group)
    ballot.spoilt = spoilt
    ballot.reasons += [(code, tuple(found[code])) for code in sorted(found, key=lambda c: RULES[c].place)]
    if not spoilt:
        ballot.disposition = "counted"
    else:
        ballot.disposition = "invalid" if len(spoilt) == len(items) else "invalid_on_items"


def _lacks_seal(state: State, ballot: Ballot) -> bool:
    return (
        ballot.channel == "paper"
        and not ballot.has_seal
        and state.case.charter.says("ballot_seal", "required")
        and state.case.members[ballot.member or ""].uses_seal
    )


def _item_fault(state: State, ballot: Ballot, item: Item) -> str | None:
    member = state.case.members[ballot.member or ""]
    person = ballot.person or member.head
    if roll.authority(state.case, member, person, ballot.sent_at, item.id).fault == "proxy_scope":
        return "proxy_scope"
    return mark_fault(item, ballot.marks.get(item.id))


# --- marks -----------------------------------------------------------------------------------------


def _marked(mark: Mark | None) -> bool:
    return bool(mark)


def chosen(mark: Mark) -> tuple[str, ...]:
    """What is marked, each variant once."""
    return tuple(dict.fromkeys(mark)) if isinstance(mark, tuple) else (mark,)


def mark_fault(item: Item, mark: Mark | None) -> str | None:
    """Why a mark on an item is spoilt, or None. A live vote and a ballot are read by the same rule."""
    if not mark:
        return "no_mark"
    variants = chosen(mark)
    if not item.is_election:
        return "several_marks" if len(variants) > 1 else None
    if set(variants) & set(_ANSWERS):
        if len(variants) > 1:
            return "several_marks"
        return "no_mark" if variants == ("for",) else None  # «for» names nobody
    return "too_many_marks" if len(variants) > item.max_marks else None
