"""The call of a meeting and its agenda: notices, proposals, changes (W.2–W.5; ГК ст. 181.5 п. 1)."""

from __future__ import annotations

from .facts import Event, Item
from .plan import Failure, bar_of
from .state import State


def notice(state: State, event: Event) -> str | None:
    """A notice to members. Accepted ones together must reach every member of that moment."""
    case = state.case
    zone = case.zone
    now_members = {m.id for m in case.members.values() if m.belongs(event.at, zone)}
    to = set(event.members) if event.members is not None else now_members
    completes = now_members <= state.reached | to
    if completes and not event.missing:
        state.last_complete_notice = event.at
    fault = _notice_fault(state, event)
    if fault:
        state.refused_notices.append(fault)
        return fault
    state.reached |= to
    if completes and state.called_at is None:
        state.called_at = event.at
    return None


def _notice_fault(state: State, event: Event) -> str | None:
    if event.missing:
        return "notice_incomplete"
    until = state.terms.notice_until()
    if until is not None and event.at > until:
        return "notice_too_late"
    intake_from, opens_at = state.terms.intake_from(event.at), state.case.plan.intake_opens_at
    if intake_from is not None and opens_at is not None and opens_at < intake_from:
        return "intake_too_early"
    return None


def proposal(state: State, event: Event, member: str) -> str | None:
    """A member's proposal to the agenda, with motives and the wording of the question (W.4)."""
    item = event.proposal
    if item is None:
        raise ValueError("a proposal without its question")
    fault = _proposal_fault(state, event, member, item)
    if fault is None:
        state.proposals[item.id] = item
        state.accepted_proposals.append(item.id)
    return fault


def _proposal_fault(state: State, event: Event, member: str, item: Item) -> str | None:
    if not state.case.plan.has_absentee_part:
        return "proposals_not_provided"
    if not state.may_act(member, event.at):
        return "not_member"
    until = state.terms.proposals_until(state.called_at) if state.called_at else None
    if until is not None and event.at > until:
        return "proposal_late"
    if not event.motives:
        return "proposal_no_motives"
    if not event.wording:
        return "proposal_no_wording"
    return bar_of(item, state.case)


def agenda_changed(state: State, event: Event) -> str | None:
    """A change of the agenda: before the intake opens (W.5), or with all present (ГК ст. 181.5 п. 1)."""
    plan = state.case.plan
    if plan.has_absentee_part:
        if plan.intake_opens_at is not None and event.at >= plan.intake_opens_at:
            return "agenda_change_too_late"
    elif not state.register <= state.present(event.at):
        return "not_on_agenda"
    for entry in event.add:
        item = state.proposals.get(entry) if isinstance(entry, str) else entry
        if item is not None and item.id not in state.agenda:
            _add(state, item)
    state.version += 1
    return None


def _add(state: State, item: Item) -> None:
    """An item added later is checked like the planned ones; a failed one is barred."""
    state.agenda[item.id] = item
    code = bar_of(item, state.case)
    if code:
        state.bars[item.id] = code
        state.failures.append(Failure(code, item.id))


def pending_proposals(state: State) -> list[str]:
    """Accepted proposals that are not on the agenda: with them no lawful count is possible (W.5)."""
    return [item for item in state.accepted_proposals if item not in state.agenda]
