"""The course of the live part: registration, admission, presence, quorum, questions and votes (Z.1–Z.14)."""

from __future__ import annotations

from . import roll
from .facts import Event, Item, Mark
from .roll import Seat
from .state import Question, QuorumCheck, Sheet, State

_RANK = {"none": 0, "simple": 1, "qualified": 2}
"""How strong a vote's signature is; one that does not verify, or is another's, or by hand, has no rank."""


# --- registration of a remote part (Z.4–Z.7) -------------------------------------------------------


def registration_sheet(state: State, event: Event, member: str) -> str | None:
    """A registration sheet; a later accepted one takes the place of the earlier."""
    person = event.person or state.case.members[member].head
    if not state.may_act(member, event.at):
        return "not_member"
    opens_at, until = state.case.plan.registration_opens_at, state.terms.registration_until()
    if opens_at is not None and event.at < opens_at:
        return "sheet_early"
    if until is not None and event.at > until:
        return "sheet_late"
    fault = roll.authority(state.case, state.case.members[member], person, event.at).fault
    if fault is None:
        state.sheets[member] = Sheet(person)
    return fault


def code_entered(state: State, event: Event, member: str) -> str | None:
    """The individual code of a member; too many wrong ones in a row lock it (Z.7)."""
    sheet = state.sheets.get(member)
    if sheet is None:
        return "sheet_missing"
    if sheet.person != (event.person or state.case.members[member].head):
        return "sheet_other_person"
    if sheet.wrong_in_row >= state.case.charter.number("code_attempts"):
        return "code_locked"
    if event.code is not None and event.code != state.case.members[member].code:
        sheet.wrong_in_row += 1
        return "wrong_code"
    sheet.wrong_in_row, sheet.code_entered = 0, True
    return None


# --- presence --------------------------------------------------------------------------------------


def admitted(state: State, event: Event, member: str) -> str | None:
    """Admission puts a member on the list and makes it present."""
    person = event.person or state.case.members[member].head
    if state.on_break:
        return "on_break"
    if state.list_closed and not state.case.charter.says("list_closing", "open"):
        return "list_closed"
    if not state.may_act(member, event.at):
        return "not_member"
    if member in state.seats:
        return "already_represented"
    if state.case.plan.is_remote and (fault := _mandate_fault(state, member, person)):
        return fault
    found = roll.authority(state.case, state.case.members[member], person, event.at)
    if found.fault:
        return found.fault
    state.seats[member] = Seat(member, person, found.proxy)
    _join_open_question(state, event, member)
    return None


def _mandate_fault(state: State, member: str, person: str) -> str | None:
    """Only with an accepted sheet and the right code (Z.7)."""
    sheet = state.sheets.get(member)
    if sheet is None:
        return "sheet_missing"
    if sheet.person != person:
        return "sheet_other_person"
    return None if sheet.code_entered else "code_missing"


def left(state: State, event: Event, member: str) -> str | None:
    seat = state.seats.get(member)
    if seat is None or not seat.connected:
        return "not_present"
    seat.connected = False
    return None


def reconnect(state: State, event: Event, member: str) -> str | None:
    """The representative is identified anew after a break or a lost link (Z.14)."""
    seat = state.seats.get(member)
    if seat is None:
        return "not_on_list"
    if seat.connected:
        return "already_present"
    if not state.may_act(member, event.at):
        return "not_member"
    fault = roll.authority(state.case, state.case.members[member], seat.person, event.at).fault
    if fault:
        return fault
    seat.connected = True
    _join_open_question(state, event, member)
    return None


def _join_open_question(state: State, event: Event, member: str) -> None:
    """Who comes while a question is open joins its base."""
    question = state.open_question
    if question is None:
        return
    if roll.is_present(state.case, state.register, state.seats[member], event.at, question.item.id):
        question.base.add(member)


def break_(state: State, event: Event) -> str | None:
    """A break ends everybody's presence; the quorum is established anew after it (Z.14)."""
    if state.on_break:
        return "on_break"
    state.on_break = True
    state.breaks += 1
    for seat in state.seats.values():
        seat.connected = False
    return None


def resume(state: State, event: Event) -> str | None:
    if not state.on_break:
        return "not_on_break"
    state.on_break = False
    state.needs_recheck = state.after_break = True
    return None


# --- quorum ----------------------------------------------------------------------------------------


def list_closed(state: State, event: Event) -> str | None:
    """The list of participants is closed before the first vote (Z.10); the opening quorum is established."""
    if state.list_closed:
        return "list_closed"
    _close_list(state, event)
    return None


def _close_list(state: State, event: Event) -> QuorumCheck:
    state.list_closed = True
    return _measure(state, event, "opening")


def quorum_check(state: State, event: Event) -> str | None:
    if state.on_break:
        return "on_break"
    check = _measure(state, event, "after_break" if state.after_break else "requested")
    state.needs_recheck = False
    if check.is_reached:
        state.after_break = False
    return None


def _measure(state: State, event: Event, when: str, item: str | None = None) -> QuorumCheck:
    """A live check: members present, in combined form with the senders of accepted ballots (004 п. 1.2 б)."""
    have = state.present(event.at, item)
    if state.case.plan.is_combined:
        have = (have | state.senders()) & state.register
    return state.measure(state.n, event.at, when, len(have))


def _voting_stopped(state: State) -> str | None:
    """Why no vote is possible for want of quorum; in combined form nothing is known before the count."""
    if state.case.plan.is_combined:
        return None
    if state.needs_recheck:
        return "quorum_not_rechecked"
    return "no_quorum" if _is_lost(state) else None


def _is_lost(state: State) -> bool:
    return bool(state.standing_checks) and not state.standing_checks[-1].is_reached


# --- questions -------------------------------------------------------------------------------------


def question_opened(state: State, event: Event) -> str | None:
    """A question is put to the vote; the first that is not procedural closes the list (Z.10)."""
    item = state.agenda.get(event.item or "")
    fault = _opening_fault(state, event, item)
    if fault or item is None:
        return fault or "not_on_agenda"
    if not item.is_procedural and not state.list_closed:
        _close_list(state, event)
    if not _has_quorum_for(state, event, item):
        state.refused_for_quorum.add(item.id)
        return "no_quorum"
    state.refused_for_quorum.discard(item.id)
    state.questions[item.id] = Question(item, base=state.present(event.at, item.id))
    state.open_item = item.id
    return None


def _opening_fault(state: State, event: Event, item: Item | None) -> str | None:
    """Everything that stops a question before the quorum is looked at."""
    starts_at = state.case.plan.starts_at
    if starts_at is not None and event.at < starts_at:
        return "before_start"
    if state.on_break:
        return "on_break"
    if item is None:
        return "not_on_agenda"
    if item.id in state.bars:
        return "item_barred"
    if state.open_item is not None:
        return "another_question_open"
    if item.id in state.questions:
        return "question_already_closed"
    if state.needs_recheck and not state.case.plan.is_combined:
        return "quorum_not_rechecked"
    return None


def _has_quorum_for(state: State, event: Event, item: Item) -> bool:
    """The standing quorum, and the quorum of this very question."""
    if state.case.plan.is_combined:
        return True
    if _is_lost(state):
        return False
    if state.list_closed and state.case.charter.says("quorum_recheck", "breaks_only"):
        return True
    return _measure(state, event, "question", item.id).is_reached


def question_closed(state: State, event: Event) -> str | None:
    """The vote ends; without quorum it ends without figures (ГК ст. 181.5 п. 2)."""
    question = state.open_question
    if question is None or state.open_item != event.item:
        return "question_not_open"
    if state.on_break:
        return "on_break"
    question.is_open = False
    question.lost_quorum = _voting_stopped(state) is not None
    if state.case.charter.says("live_base", "registered"):
        question.base = set(state.seats)
    state.open_item = None
    return None


def vote(state: State, event: Event, member: str) -> str | None:
    """One member's vote on the open question. Of a secret vote only the fact is taken here."""
    question = state.open_question
    if question is None or state.open_item != event.item:
        return "question_not_open"
    fault = _vote_fault(state, event, member, question)
    if fault:
        return fault
    question.voted.add(member)
    question.base.add(member)  # an accepted vote proves presence: the figures never exceed their base
    if event.mark is not None:
        cast(question, member, event.mark)
    return None


def _vote_fault(state: State, event: Event, member: str, question: Question) -> str | None:
    if state.on_break:
        return "on_break"
    if stopped := _voting_stopped(state):
        return stopped
    seat = state.seats.get(member)
    if seat is None:
        return "not_on_list"
    if not seat.connected:
        return "not_present"
    if event.person is not None and event.person != seat.person:
        return "not_representative"
    if not state.may_act(member, event.at):
        return "not_member"
    found = roll.authority(state.case, state.case.members[member], seat.person, event.at, question.item.id)
    if found.fault:
        return found.fault
    if not _is_signed(state, event.signature):
        return "signature_missing"
    return "already_voted" if member in question.voted else None


def _is_signed(state: State, signature: str | None) -> bool:
    required = state.case.plan.vote_signature
    if signature is None or required == "none":
        return True
    return _RANK.get(signature, -1) >= _RANK[required]


def cast(question: Question, member: str, mark: Mark) -> None:
    """Put the content of a vote where it belongs: by name, or into the urn."""
    if question.item.is_secret:
        question.urn[mark] += 1
    else:
        question.marks[member] = mark
