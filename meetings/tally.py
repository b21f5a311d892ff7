"""Counting votes: pure arithmetic over marks and a base. The figures of a question always add up to those who
took part in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .ballots import chosen, mark_fault
from .facts import Item, Mark

_COLUMN = {"for": "votes_for", "against": "against", "abstain": "abstained"}


@dataclass(frozen=True)
class Figures:
    """The figures of one part, or of the whole."""

    votes_for: int = 0
    against: int = 0
    abstained: int = 0
    invalid: int = 0
    not_voted: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.votes_for + other.votes_for,
            self.against + other.against,
            self.abstained + other.abstained,
            self.invalid + other.invalid,
            self.not_voted + other.not_voted,
        )

    @property
    def total(self) -> int:
        return self.votes_for + self.against + self.abstained + self.invalid + self.not_voted


def column_of(item: Item, mark: Mark | None) -> str:
    """The column of the figures a mark goes to."""
    if mark is None or mark_fault(item, mark):
        return "invalid"
    variants = chosen(mark)
    if len(variants) == 1 and variants[0] in _COLUMN:
        return _COLUMN[variants[0]]
    return "votes_for"  # a valid ballot of an election with candidates


def count(item: Item, marks: Iterable[tuple[Mark | None, int]], not_voted: int = 0) -> Figures:
    """The figures of marks, each with how many gave it."""
    columns: Counter[str] = Counter()
    for mark, times in marks:
        columns[column_of(item, mark)] += times
    return Figures(not_voted=not_voted, **columns)


def candidate_votes(item: Item, marks: Iterable[tuple[Mark | None, int]]) -> dict[str, int]:
    """The votes of each candidate, in the order of the agenda; spoilt ballots give none."""
    votes = dict.fromkeys(item.candidates, 0)
    for mark, times in marks:
        if mark is None or column_of(item, mark) != "votes_for":
            continue
        for candidate in chosen(mark):
            votes[candidate] += times
    return votes


@dataclass(frozen=True)
class Election:
    """Who is elected, and between whom a tie prevented it."""

    outcome: str
    elected: tuple[str, ...]
    tied: tuple[str, ...]


def elect(item: Item, votes: dict[str, int], needed: int) -> Election:
    """The candidates with the needed votes, ranked; a tie across the last seat elects none of the tied."""
    ranked = sorted((c for c in votes if votes[c] >= needed), key=lambda c: -votes[c])
    winners, tied = ranked[: item.seats], []
    if len(ranked) > item.seats and votes[ranked[item.seats - 1]] == votes[ranked[item.seats]]:
        level = votes[ranked[item.seats]]
        tied = [candidate for candidate in ranked if votes[candidate] == level]
        winners = [candidate for candidate in winners if votes[candidate] > level]
    return Election(_how_filled(len(winners), item.seats), tuple(winners), tuple(tied))


def _how_filled(filled: int, seats: int) -> str:
    if filled == seats:
        return "elected"
    return "partly_elected" if filled else "not_elected"
