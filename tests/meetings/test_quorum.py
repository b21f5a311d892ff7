"""When the quorum is determined, of whom, and what it stops (§5)."""

import pytest

from tests.meetings.scenes import (
    admitted,
    at,
    ballot,
    closed,
    codes,
    counts,
    event,
    item,
    listed,
    opened,
    outcome_of,
    scene,
)


def checks(scenario):
    return [(row["when"], row["have"], row["verdict"]) for row in outcome_of(scenario)["quorum"]]


def ending(scenario):
    found = outcome_of(scenario)["outcome"]
    return found["state"], [row["code"] for row in found["reasons"]]


@pytest.mark.requirement("M-06")
@pytest.mark.parametrize(("members", "verdict"), [("m1..m5", "no"), ("m1..m6", "yes")])
def test_live_quorum_is_more_than_half(members, verdict):
    scenario = scene("in_person", admitted(members), listed())
    assert checks(scenario) == [("opening", int(members[-1]), verdict)]


def test_the_charter_may_ask_for_more():
    scenario = scene("in_person", admitted("m1..m6"), listed(), charter={"quorum_live": ">=2/3"})
    assert outcome_of(scenario)["quorum"][0]["needed"] == 7
    assert ending(scenario) == ("failed", ["no_quorum"])


@pytest.mark.parametrize(
    ("recheck", "expected"),
    [("each_question", ["opening", "question", "question"]), ("breaks_only", ["opening"])],
)
def test_the_charter_says_when_it_is_determined_anew(recheck, expected):
    scenario = scene(
        "in_person",
        admitted(),
        opened(),
        closed(),
        opened("q2", "10:30"),
        agenda=[item(), item("q2")],
        charter={"quorum_recheck": recheck},
    )
    assert [when for when, _, _ in checks(scenario)] == expected


@pytest.mark.parametrize("recheck", ["each_question", "breaks_only"])
def test_a_procedural_question_has_its_own_check_while_the_list_is_open(recheck):
    scenario = scene(
        "in_person",
        admitted("m1..m6"),
        opened(),
        admitted("m7", "10:06"),
        agenda=[item("q1", "procedural")],
        charter={"quorum_recheck": recheck},
    )
    assert checks(scenario) == [("question", 6, "yes")]
    assert codes(scenario) == []


def test_a_check_before_the_closing_of_the_list_informs_only():
    scenario = scene(
        "in_person", admitted("m1"), event("quorum_check", "09:40"), admitted("m2..m6", "09:50"), opened()
    )
    assert checks(scenario) == [("requested", 1, "no"), ("opening", 6, "yes"), ("question", 6, "yes")]
    assert ending(scenario) == ("held", [])


@pytest.mark.requirement("M-47", "M-109")
def test_after_a_break_checks_are_named_so_until_one_says_yes():
    scenario = scene(
        "in_person",
        admitted("m1..m6"),
        listed(),
        event("break", "10:10"),
        event("resume", "10:11"),
        event("quorum_check", "10:12"),
        event("reconnect", "10:13", members=["m1..m6"]),
        event("quorum_check", "10:14"),
        event("quorum_check", "10:15"),
    )
    assert checks(scenario)[1:] == [
        ("after_break", 0, "no"),
        ("after_break", 6, "yes"),
        ("requested", 6, "yes"),
    ]


@pytest.mark.requirement("M-03")
def test_a_question_needs_its_own_quorum_too():
    left = event("left", "10:01", members=["m6"])
    scenario = scene("in_person", admitted("m1..m6"), listed(), left, opened())
    assert codes(scenario) == ["no_quorum"]
    assert checks(scenario)[-1] == ("question", 5, "no")
    assert ending(scenario) == ("held", ["quorum_lost"])


def test_without_any_check_a_live_meeting_is_unfinished():
    scenario = scene("in_person", admitted(), event("meeting_closed", "11:00"))
    assert ending(scenario) == ("unfinished", [])


@pytest.mark.requirement("M-10")
def test_combined_checks_are_preliminary_and_stop_nothing():
    scenario = scene(
        "combined",
        ballot("m5"),
        admitted("m1..m2"),
        event("break", "10:01"),
        event("resume", "10:02"),
        event("reconnect", "10:03", members=["m1", "m2"]),
        opened(),
    )
    assert codes(scenario) == []
    assert checks(scenario) == [("opening", 3, "preliminary")]
    assert ending(scenario) == ("unfinished", [])


@pytest.mark.requirement("M-07", "M-121")
@pytest.mark.parametrize(
    ("senders", "verdict", "end"),
    [("m1..m5", "yes", ("held", [])), ("m1..m4", "no", ("failed", ["absentee_below_half"]))],
)
def test_absentee_quorum_is_half(senders, verdict, end):
    scenario = scene("absentee", ballot(senders), counts())
    assert checks(scenario)[0][2] == verdict
    assert ending(scenario) == end


@pytest.mark.requirement("M-10")
@pytest.mark.parametrize(("quorum", "end"), [(">1/2", ("failed", ["no_quorum"])), (">=1/2", ("held", []))])
def test_combined_quorum_is_the_charters(quorum, end):
    scenario = scene(
        "combined", ballot("m4..m5"), admitted("m1..m3"), counts(), charter={"quorum_combined": quorum}
    )
    assert ending(scenario) == end
    rule = "quorum_combined" if end[0] == "failed" else "not_put"
    shown = outcome_of(scenario)["questions"][0]
    assert shown["rule"] == (rule if end[0] == "failed" else "majority_of_participants")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (at("10:59:59", "04-24"), ["count_too_early"]),
        (at("11:00", "04-24"), []),
        (at("23:59:59", "04-24"), []),
        (at("00:00:00", "04-25"), ["count_wrong_day"]),
    ],
)
def test_the_board_counts_at_its_time_and_on_its_day(when, expected):
    assert codes(scene("absentee", ballot("m1..m6"), counts(when))) == expected


def test_a_count_is_made_once():
    assert codes(scene("absentee", ballot("m1..m6"), counts(), counts())) == ["already_counted"]


def test_without_a_count_an_absentee_meeting_is_unfinished():
    scenario = scene("absentee", ballot("m1..m6"))
    assert ending(scenario) == ("unfinished", [])
    result = outcome_of(scenario)
    assert (result["participants"], result["questions"][0]["outcome"]) == ([], "not_put")
    assert {row["disposition"] for row in result["ballots"]} == {"received"}
