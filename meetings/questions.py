"""The outcome of every question: its base, what was needed, the figures, and the rule behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import tally
from .ballots import chosen
from .facts import Item, Mark
from .rules import MAJORITY_RULES
from .state import Ballot, Question, State
from .tally import Election, Figures


@dataclass(frozen=True)
class Outcome:
    """What a question came to. Without figures only the outcome and its rule are known."""

    item: Item
    outcome: str
    rule: str
    base: int | None = None
    needed: int | None = None
    live: Figures | None = None
    absentee: Figures | None = None
    candidates: dict[str, int] | None = None
    election: Election | None = None

    @property
    def has_figures(self) -> bool:
        return self.base is not None

    @property
    def total(self) -> Figures | None:
        if not self.has_figures:
            return None
        return (self.live or Figures()) + (self.absentee or Figures())


def outcomes(state: State) -> list[Outcome]:
    """All questions of the agenda in order, those added later last."""
    return [_outcome(state, item) for item in state.agenda.values()]


def _outcome(state: State, item: Item) -> Outcome:
    if item.id in state.bars:
        return Outcome(item, "barred", state.bars[item.id])
    plan = state.case.plan
    if not state.is_lawful:
        return Outcome(item, "not_put", "not_put")
    if not plan.has_absentee_part:
        return _live_outcome(state, item)
    final = state.final_check
    if final is None:
        return Outcome(item, "not_put", "not_put")
    if not final.is_reached:
        rule = "quorum_combined" if plan.is_combined else "absentee_below_half"
        return Outcome(item, "not_counted", rule)
    if plan.is_combined and not _was_put(state, item):
        return Outcome(item, "not_put", "not_put")
    return _decide(state, item)


def _live_outcome(state: State, item: Item) -> Outcome:
    question = state.questions.get(item.id)
    if question is None:
        code = "no_quorum" if item.id in state.refused_for_quorum else "not_put"
        return Outcome(item, code, code)
    if question.is_open:
        return Outcome(item, "not_put", "not_put")
    if question.lost_quorum:
        return Outcome(item, "no_quorum", "no_quorum")
    return _decide(state, item)


def _was_put(state: State, item: Item) -> bool:
    """In combined form: opened and closed on the meeting, or answered by a ballot."""
    question = state.questions.get(item.id)
    if question is not None:
        return not question.is_open
    return any(ballot.marks.get(item.id) for ballot in state.absentee_part.values())


# --- bases -----------------------------------------------------------------------------------------


def live_base(state: State, item: Item) -> set[str]:
    """The live base of a closed question; a member of the absentee part is not in it."""
    question = state.questions.get(item.id)
    return question.base - set(state.absentee_part) if question else set()


def absentee_base(state: State, item: Item) -> dict[str, Ballot]:
    """Senders of ballots; by the charter only those with a valid mark on the item."""
    if state.case.charter.says("absentee_base", "senders"):
        return state.absentee_part
    return {m: ballot for m, ballot in state.absentee_part.items() if item.id not in ballot.spoilt}


def live_marks(state: State, item: Item) -> Iterator[tuple[Mark | None, int]]:
    """Marks of the live part: by name, or out of the urn."""
    question = state.questions.get(item.id)
    if question is None:
        return
    yield from question.urn.items()
    for member in live_base(state, item):
        if member in question.marks:
            yield question.marks[member], 1


def absentee_marks(state: State, item: Item) -> Iterator[tuple[Mark | None, int]]:
    """Marks of all received ballots; None where the ballot is spoilt on the item."""
    for ballot in state.absentee_part.values():
        yield (None if item.id in ballot.spoilt else ballot.marks[item.id]), 1


# --- the decision ----------------------------------------------------------------------------------


def _decide(state: State, item: Item) -> Outcome:
    question = state.questions.get(item.id)
    live, senders = live_base(state, item), absentee_base(state, item)
    base = len(live | set(senders))
    if item.threshold.is_all and state.case.charter.says("unanimous_base", "all_members"):
        base = len(state.register)
    needed = item.threshold.needed(base)
    silent = len(live - question.voted) if question else 0
    live_figures = tally.count(item, live_marks(state, item), silent)
    absentee_figures = tally.count(item, absentee_marks(state, item))
    votes = election = None
    if item.is_election:
        votes = tally.candidate_votes(item, [*live_marks(state, item), *absentee_marks(state, item)])
        election = tally.elect(item, votes, needed)
        outcome = election.outcome
    else:
        outcome = "adopted" if (live_figures + absentee_figures).votes_for >= needed else "not_adopted"
    return Outcome(
        item=item,
        outcome=outcome,
        rule=_rule(state, item),
        base=base,
        needed=needed,
        live=live_figures,
        absentee=absentee_figures,
        candidates=votes,
        election=election,
    )


def _rule(state: State, item: Item) -> str:
    if item.is_election:
        return "election"
    if item.threshold.is_all:
        whole = state.case.charter.says("unanimous_base", "all_members")
        return "unanimity_of_all" if whole else "unanimity_of_base"
    return "qualified_majority" if item.threshold.above_half else MAJORITY_RULES[state.case.plan.form]


def mark_of(state: State, outcome: Outcome, member: str) -> Mark | None:
    """How a participant's mark is shown: his choice, «invalid», «not_voted»; None outside the base."""
    item = outcome.item
    ballot = state.absentee_part.get(member)
    if ballot is not None:
        if member not in absentee_base(state, item):
            return None
        return "invalid" if item.id in ballot.spoilt else shown(item, ballot.marks[item.id])
    question = state.questions.get(item.id)
    if question is None or member not in question.base:
        return None
    if member not in question.voted:
        return "not_voted"
    return "voted" if item.is_secret else _live_mark(question, item, member)


def _live_mark(question: Question, item: Item, member: str) -> Mark:
    mark = question.marks[member]
    return "invalid" if tally.column_of(item, mark) == "invalid" else shown(item, mark)


def shown(item: Item, mark: Mark) -> Mark:
    """A valid mark: one of the three words, or the candidates."""
    variants = chosen(mark)
    is_word = len(variants) == 1 and variants[0] in ("for", "against", "abstain")
    return variants[0] if is_word else tuple(mark)
