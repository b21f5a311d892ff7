"""Thresholds, unanimity, elections, secrecy (§6)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.facts import Item
from meetings.shares import Share
from meetings.tally import candidate_votes, count, elect
from tests.meetings.scenes import (
    admitted,
    closed,
    election,
    item,
    listed,
    opened,
    outcome_of,
    question,
    scene,
    vote,
)


def decided(*votes, agenda=None, members="m1..m10", **changes):
    return scene(
        "in_person",
        admitted(members),
        listed(),
        opened(),
        *votes,
        closed(),
        agenda=agenda or [item()],
        **changes,
    )


@pytest.mark.requirement("M-05", "M-08")
@pytest.mark.parametrize(
    ("fields", "votes", "expected"),
    [
        ({}, [vote("m1..m5"), vote("m6", "against")], ("not_adopted", "majority_of_present", 6)),
        ({}, [vote("m1..m6")], ("adopted", "majority_of_present", 6)),
        ({"class_": "exclusive"}, [vote("m1..m6")], ("not_adopted", "qualified_majority", 7)),
        ({"class_": "exclusive"}, [vote("m1..m7")], ("adopted", "qualified_majority", 7)),
        ({"threshold": ">=3/4"}, [vote("m1..m7")], ("not_adopted", "qualified_majority", 8)),
        ({"threshold": ">=1/3"}, [vote("m1..m4")], ("adopted", "majority_of_present", 4)),
        (
            {"threshold": "all"},
            [vote("m1..m9"), vote("m10", "against")],
            ("not_adopted", "unanimity_of_base", 10),
        ),
        ({"threshold": "all"}, [vote("m1..m10")], ("adopted", "unanimity_of_base", 10)),
    ],
)
def test_a_decision_by_its_threshold(fields, votes, expected):
    row = question(decided(*votes, agenda=[item(**fields)]))
    assert (row["outcome"], row["rule"], row["needed"]) == expected


@pytest.mark.requirement("M-05")
def test_unanimity_of_all_members_counts_those_who_did_not_come():
    scenario = decided(
        vote("m1..m9"),
        members="m1..m9",
        agenda=[item(threshold="all")],
        charter={"unanimous_base": "all_members"},
    )
    row = question(scenario)
    assert (row["outcome"], row["rule"], row["base"], row["needed"]) == (
        "not_adopted",
        "unanimity_of_all",
        10,
        10,
    )
    assert sum(row["total"].values()) == 9


# --- elections -------------------------------------------------------------------------------------


def marks(*groups):
    """`marks((3, ["c1"]), …)`: so many members vote so."""
    rows, first = [], 1
    for times, mark in groups:
        rows.append(vote(f"m{first}..m{first + times - 1}" if times > 1 else f"m{first}", mark))
        first += times
    return rows


@pytest.mark.requirement("M-75")
@pytest.mark.parametrize(
    ("groups", "fields", "expected"),
    [
        ([(6, ["c1"]), (4, ["c2"])], {}, ("elected", ["c1"], [])),
        ([(5, ["c1"]), (5, ["c2"])], {}, ("not_elected", [], [])),
        ([(5, ["c1"]), (5, ["c2"])], {"threshold": ">=1/2"}, ("not_elected", [], ["c1", "c2"])),
        ([(4, ["c1"]), (3, ["c2"]), (3, ["c3"])], {"threshold": "plurality"}, ("elected", ["c1"], [])),
        (
            [(4, ["c2"]), (4, ["c3"]), (2, ["c1"])],
            {"threshold": "plurality"},
            ("not_elected", [], ["c2", "c3"]),
        ),
        (
            [(4, ["c3", "c1"]), (3, ["c3", "c2"]), (1, ["c2"])],
            {"threshold": "plurality", "seats": 2},
            ("partly_elected", ["c3"], ["c1", "c2"]),
        ),
        ([(7, ["c2", "c1"]), (3, ["c3"])], {"seats": 2}, ("elected", ["c1", "c2"], [])),
        ([(7, ["c2"]), (3, ["c3"])], {"seats": 2}, ("partly_elected", ["c2"], [])),
        ([(10, ["c1"])], {"threshold": "plurality", "seats": 2}, ("partly_elected", ["c1"], [])),
    ],
)
def test_who_is_elected(groups, fields, expected):
    row = question(decided(*marks(*groups), agenda=[election(**fields)]))
    assert (row["outcome"], row["elected"], row["tied"]) == expected
    assert row["rule"] == "election"


@pytest.mark.requirement("M-75")
def test_an_overfilled_or_empty_ballot_of_an_election_is_spoilt():
    groups = [(4, ["c1"]), (2, ["c1", "c2"]), (1, []), (1, "against"), (1, "abstain")]
    scenario = decided(*marks(*groups), agenda=[election()])
    row = question(scenario)
    assert row["total"] == {"for": 4, "against": 1, "abstained": 1, "invalid": 3, "not_voted": 1}
    assert row["candidates"] == [{"id": "c1", "votes": 4}, {"id": "c2", "votes": 0}, {"id": "c3", "votes": 0}]
    shown = [part["marks"]["q1"] for part in outcome_of(scenario)["participants"]]
    assert shown == [*[["c1"]] * 4, "invalid", "invalid", "invalid", "against", "abstain", "not_voted"]


def test_more_marks_than_seats_are_allowed_if_the_item_says_so():
    row = question(decided(*marks((10, ["c1", "c2"])), agenda=[election(max_marks=2)]))
    assert (row["total"]["for"], row["tied"]) == (10, ["c1", "c2"])


@pytest.mark.requirement("M-75")
def test_a_secret_vote_shows_only_who_voted():
    scenario = decided(vote("m1..m6"), vote("m7", "against"), agenda=[item(secret=True)])
    shown = [part["marks"]["q1"] for part in outcome_of(scenario)["participants"]]
    assert shown == ["voted"] * 7 + ["not_voted"] * 3
    assert question(scenario)["total"]["against"] == 1


ITEM = Item(
    "q1", "ordinary", Share.parse("plurality"), candidates=("c1", "c2", "c3", "c4"), seats=2, max_marks=2
)
MARK = st.one_of(
    st.sampled_from(["for", "against", "abstain"]),
    st.lists(st.sampled_from(ITEM.candidates), max_size=4, unique=True).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MARK, max_size=12), st.integers(1, 5))
def test_an_election_never_fills_more_seats_and_never_prefers_fewer_votes(cast, needed):
    rows = [(mark, 1) for mark in cast]
    figures, votes = count(ITEM, rows), candidate_votes(ITEM, rows)
    won = elect(ITEM, votes, needed)
    assert figures.total == len(cast)
    assert sum(votes.values()) <= figures.votes_for * ITEM.max_marks
    assert len(won.elected) <= ITEM.seats
    assert not set(won.elected) & set(won.tied)
    lost = set(votes) - set(won.elected)
    assert all(
        votes[winner] > votes[loser] or votes[loser] < needed for winner in won.elected for loser in lost
    )
