"""The result of a meeting: a deterministic function of its state, all that screens and documents read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from .fold import Verdict
from .minutes import was_against
from .plan import stamp
from .questions import Outcome, mark_of, outcomes
from .rules import norm_of
from .state import Ballot, QuorumCheck, State
from .tally import Figures

FORMAT = "meeting-result/1"


def result(state: State, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """What the law and the charter make of the meeting, in the fixed shape of `meeting-result/1`."""
    decided = outcomes(state)
    ending = outcome(state)
    chosen = officers(state, decided)
    is_null = ending["state"] == "not_lawful"
    return {
        "format": FORMAT,
        "id": state.case.id,
        "plan": [{**_reason(failure.code), "item": failure.item} for failure in state.failures],
        "deadlines": deadlines(state),
        "events": [_verdict(verdict) for verdict in verdicts],
        "quorum": [_check(state, check) for check in state.checks],
        "ballots": [] if state.case.is_brief else [_ballot(ballot) for ballot in state.ballots],
        "participants": [] if state.case.is_brief or is_null else participants(state, decided),
        "questions": [_question(state, row) for row in decided],
        "officers": chosen,
        "protocol": None if is_null else protocol(state, chosen, ending["state"], decided),
        "outcome": ending,
    }


def as_bytes(value: dict[str, Any]) -> bytes:
    """One spelling of the result: what is compared and sealed by digest."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _reason(code: str) -> dict[str, str]:
    return {"code": code, "norm": norm_of(code)}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "n": verdict.n,
        "verdict": verdict.word,
        "refused": [{"member": row.member, **_reason(row.code)} for row in verdict.refused],
    }


def _check(state: State, check: QuorumCheck) -> dict[str, Any]:
    return {
        "n": check.n,
        "at": stamp(check.at, state.case.zone),
        "when": check.when,
        "have": check.have,
        "of": check.of,
        "needed": check.needed,
        "verdict": check.verdict,
        "rule": check.rule,
        "norm": norm_of(check.rule),
    }


def _ballot(ballot: Ballot) -> dict[str, Any]:
    return {
        "id": f"{ballot.n}/{ballot.member or '?'}",
        "member": ballot.member,
        "disposition": ballot.disposition,
        "reasons": [{**_reason(code), "items": list(items)} for code, items in ballot.reasons],
    }


def deadlines(state: State) -> dict[str, str | None]:
    """The terms of the meeting; those that run from the notice, once there is one."""
    terms, zone = state.terms, state.case.zone
    noticed_at = state.called_at or state.last_complete_notice
    runs = noticed_at is not None and state.can_be_called
    return {
        "notice_until": stamp(terms.notice_until(), zone),
        "proposals_until": stamp(terms.proposals_until(noticed_at), zone) if noticed_at and runs else None,
        "intake_from": stamp(terms.intake_from(noticed_at), zone) if noticed_at and runs else None,
        "registration_until": stamp(terms.registration_until(), zone),
    }


# --- participants and questions --------------------------------------------------------------------


def participants(state: State, decided: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Everybody on the live list and, from the count on, every sender of a received ballot."""
    with_figures = [row for row in decided if row.has_figures]
    return [
        _participant(state, member, with_figures)
        for member in state.in_register_order({*state.seats, *state.absentee_part})
    ]


def _participant(state: State, member: str, with_figures: Iterable[Outcome]) -> dict[str, Any]:
    marks = {row.item.id: mark_of(state, row, member) for row in with_figures}
    ballot = state.absentee_part.get(member)
    seat = state.seats.get(member)
    if ballot is not None:
        person, proxy = ballot.person, ballot.proxy
    else:
        person, proxy = (seat.person, seat.proxy) if seat else (None, None)
    return {
        "member": member,
        "part": "absentee" if ballot else "live",
        "person": person,
        "proxy": proxy,
        "ballot": ballot.disposition if ballot else None,
        "marks": {
            item: list(mark) if isinstance(mark, tuple) else mark
            for item, mark in marks.items()
            if mark is not None
        },
    }


def _question(state: State, row: Outcome) -> dict[str, Any]:
    split = state.case.plan.is_combined
    return {
        "item": row.item.id,
        "outcome": row.outcome,
        "rule": row.rule,
        "norm": norm_of(row.rule),
        "threshold": row.item.threshold.text,
        "base": row.base,
        "needed": row.needed,
        "total": _figures(row.total),
        "live": _figures(row.live) if split else None,
        "absentee": _figures(row.absentee) if split else None,
        "candidates": None
        if row.candidates is None
        else [{"id": name, "votes": votes} for name, votes in row.candidates.items()],
        "elected": list(row.election.elected) if row.election else None,
        "tied": list(row.election.tied) if row.election else None,
    }


def _figures(figures: Figures | None) -> dict[str, int] | None:
    if figures is None:
        return None
    return {
        "for": figures.votes_for,
        "against": figures.against,
        "abstained": figures.abstained,
        "invalid": figures.invalid,
        "not_voted": figures.not_voted,
    }


# --- officers, protocol, outcome -------------------------------------------------------------------


def officers(state: State, decided: Sequence[Outcome]) -> dict[str, dict[str, str | None]]:
    """Who chairs and who keeps the minutes (W.9, Z.11)."""
    case = state.case
    return {
        "chair": _officer(state, decided, "chair", case.plan.chair, "default_chair", case.director),
        "secretary": _officer(
            state, decided, "secretary", case.plan.secretary, "default_secretary", case.clerk
        ),
    }


def _officer(
    state: State,
    decided: Sequence[Outcome],
    office: str,
    appointed: str | None,
    provision: str,
    usual: str | None,
) -> dict[str, str | None]:
    if state.case.plan.has_absentee_part:
        board = state.case.plan.counting_board
        if board is None:
            return {"person": None, "source": "missing"}
        return {"person": board.chair if office == "chair" else board.secretary, "source": "counting_board"}
    for row in decided:
        if row.item.office == office and row.outcome == "adopted":
            return {"person": row.item.nominee, "source": "elected"}
    if appointed is not None:
        return {"person": appointed, "source": "appointed"}
    if usual is not None and not state.case.charter.says(provision, "elected"):
        return {"person": usual, "source": "default"}
    return {"person": None, "source": "missing"}


def protocol(
    state: State, chosen: dict[str, dict[str, str | None]], ending: str, decided: Sequence[Outcome]
) -> dict[str, Any]:
    """Whether the protocol can say all it must (ГК ст. 181.2 п. 4; 004 п. 2.8, 3.5; W.13); who signs it."""
    chair, secretary = chosen["chair"]["person"], chosen["secretary"]["person"]
    board = state.case.plan.counting_board
    counters = list(board.people) if board else [secretary] if secretary else []
    first = [person for person in (chair, secretary) if person]
    signers = list(dict.fromkeys([*first, *(counters if state.case.plan.has_absentee_part else [])]))
    missing = set(_missing(state, ending, counters, is_headed=len([p for p in (chair, secretary) if p]) == 2))
    return {
        "entries": [
            {"code": code, "status": "missing" if code in missing else "present"}
            for code in _entries(state, ending)
        ],
        "counters": counters,
        "signers": signers,
        "against": _against(state, decided),
        "objections": [{"member": member, "about": about} for member, about in state.objections],
        "facts": list(state.facts),
    }


def _entries(state: State, ending: str) -> list[str]:
    plan = state.case.plan
    entries = ["date_time", "place"]
    if plan.has_absentee_part:
        entries += ["intake_deadline", "sending_way"]
    entries += ["participants", "failed_record" if ending == "failed" else "results"]
    entries += ["counters", "against", "course_facts", "signers"]
    if plan.is_remote:
        entries += ["technology", "software", "voting_way", "evidence"]
    return [*entries, "breaks"] if state.breaks else entries


def _missing(state: State, ending: str, counters: Sequence[str], *, is_headed: bool) -> Iterable[str]:
    plan = state.case.plan
    is_over = (state.closed or not plan.has_live_part) and (state.counted or not plan.has_absentee_part)
    facts = {
        "date_time": is_over,
        "place": bool(plan.place.strip()),
        "results": ending != "unfinished",
        "counters": bool(counters),
        "signers": is_headed,
        "software": bool(plan.tool and plan.tool.name.strip()),
        "voting_way": bool(plan.voting_way.strip()),
        "evidence": plan.has_evidence,
    }
    return [code for code, is_there in facts.items() if not is_there]


def _against(state: State, decided: Sequence[Outcome]) -> list[dict[str, str]]:
    """Who voted against and demanded it be written down; nothing where nothing was counted."""
    waiting = state.case.plan.has_absentee_part and not state.counted
    with_figures = {row.item.id for row in decided if row.has_figures}
    return [
        {"item": item, "member": member}
        for item, member in state.against
        if waiting or (item in with_figures and was_against(state, item, member))
    ]


def outcome(state: State) -> dict[str, Any]:
    """Whether the meeting was lawful, held, failed, or is not finished."""
    name, codes = _ending(state)
    return {"state": name, "reasons": [_reason(code) for code in codes]}


def _ending(state: State) -> tuple[str, list[str]]:
    if not state.can_be_called:
        return "not_lawful", [failure.code for failure in state.failures if failure.item is None]
    if not state.is_called:
        return "not_lawful", list(dict.fromkeys(state.refused_notices)) or ["meeting_not_called"]
    if state.count_refused_for_proposal:
        return "not_lawful", ["proposal_not_included"]
    if state.case.plan.has_absentee_part:
        return _counted_ending(state)
    if not state.standing_checks:
        return "unfinished", []
    if not any(check.is_reached for check in state.standing_checks):
        return "failed", ["no_quorum"]
    return "held", [] if state.checks[-1].is_reached else ["quorum_lost"]


def _counted_ending(state: State) -> tuple[str, list[str]]:
    final = state.final_check
    if final is None:
        return "unfinished", []
    if not final.is_reached:
        return "failed", ["no_quorum" if state.case.plan.is_combined else "absentee_below_half"]
    return "held", []
