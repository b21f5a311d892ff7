"""Officers, requests, entries of the protocol and the outcome (§8)."""

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
    vote,
)


def held(*events, **changes):
    return scene("in_person", admitted(), listed(), *events, event("meeting_closed", "11:00"), **changes)


def office(scenario, name="chair"):
    found = outcome_of(scenario)["officers"][name]
    return found["person"], found["source"]


ELECTS = [item(elects={"office": "chair", "person": "p1"})]


@pytest.mark.requirement("M-106", "M-118")
@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        (held(), ("dir", "default")),
        (held(meeting={"chair": "p2"}), ("p2", "appointed")),
        (held(charter={"default_chair": "elected"}), (None, "missing")),
        (held(sro={"zone": "Europe/Moscow"}), (None, "missing")),
        (held(opened(), vote("m1..m6"), closed(), agenda=ELECTS, meeting={"chair": "p2"}), ("p1", "elected")),
        (
            held(opened(), vote("m1..m5"), closed(), agenda=ELECTS, meeting={"chair": "p2"}),
            ("p2", "appointed"),
        ),
        (scene("absentee", meeting={"chair": "k3"}), ("k1", "counting_board")),
        (scene("absentee", meeting={"counting_board": None}), (None, "missing")),
    ],
)
def test_who_chairs(scenario, expected):
    assert office(scenario) == expected


def test_the_default_secretary_is_the_clerk_unless_the_charter_elects():
    assert office(held(), "secretary") == ("clk", "default")
    assert office(held(charter={"default_secretary": "elected"}), "secretary") == (None, "missing")


# --- requests --------------------------------------------------------------------------------------


def against(members, name="q1", when="10:30"):
    return event("record_against_request", when, members=members, item=name)


@pytest.mark.parametrize("secret", [False, True])
def test_a_vote_against_is_written_down_on_demand(secret):
    votes = [opened(), vote("m1..m6"), vote("m7", "against"), closed()]
    scenario = held(*votes, against(["m6", "m7", "m8"]), agenda=[item(secret=secret)])
    recorded = [row["member"] for row in outcome_of(scenario)["protocol"]["against"]]
    # In a secret vote it is enough that he voted: how is nobody's to know.
    assert recorded == (["m6", "m7"] if secret else ["m7"])


def test_a_demand_made_twice_is_written_once():
    votes = [opened(), vote("m7", "against"), against(["m7"], when="10:15"), closed()]
    assert outcome_of(held(*votes, against(["m7"])))["protocol"]["against"] == [
        {"item": "q1", "member": "m7"}
    ]


def test_before_the_count_a_sender_is_believed_and_after_it_his_mark_decides():
    early = against(["m1", "m2", "m9"], when=at("12:00", "04-21"))
    late = against(["m1", "m2"], when=at("12:00", "04-24"))
    rows = [ballot("m1", marks={"q1": "against"}), ballot("m2..m6"), early, counts(), late]
    result = outcome_of(scene("absentee", *rows))
    refused = [[(row["member"], row["code"]) for row in event_["refused"]] for event_ in result["events"]]
    assert refused[3] == [("m9", "not_participant")]
    assert refused[5] == [("m2", "not_against")]
    assert result["protocol"]["against"] == [{"item": "q1", "member": "m1"}]


@pytest.mark.parametrize("kind", ["objection", "record_fact_request"])
def test_only_participants_are_heard(kind):
    fields = {"about": "voting"} if kind == "objection" else {"text": "Прошу записать"}
    scenario = scene("in_person", admitted("m1"), event(kind, members=["m1", "m2"], **fields))
    assert codes(scenario) == ["not_participant"]
    protocol = outcome_of(scenario)["protocol"]
    written = protocol["objections"] or protocol["facts"]
    assert written == ([{"member": "m1", "about": "voting"}] if kind == "objection" else ["m1"])


def test_in_combined_form_objections_go_on_after_the_live_part():
    rows = [ballot("m5"), admitted("m1"), event("meeting_closed", "11:00")]
    late = event("objection", at("12:00"), members=["m1", "m5", "m9"], about="counting")
    result = outcome_of(scene("combined", *rows, late))
    assert [row["member"] for row in result["protocol"]["objections"]] == ["m1", "m5"]


# --- entries ---------------------------------------------------------------------------------------


def entries(scenario):
    return {row["code"]: row["status"] for row in outcome_of(scenario)["protocol"]["entries"]}


LIVE = ["date_time", "place", "participants", "results", "counters", "against", "course_facts", "signers"]
REMOTE = ["technology", "software", "voting_way", "evidence"]
ABSENTEE = [*LIVE[:2], "intake_deadline", "sending_way", *LIVE[2:]]


@pytest.mark.requirement("M-122")
def test_each_form_has_its_entries():
    assert list(entries(scene("in_person"))) == LIVE
    assert list(entries(scene("remote"))) == LIVE + REMOTE
    assert list(entries(scene("absentee"))) == ABSENTEE
    assert list(entries(scene("combined"))) == ABSENTEE
    assert list(entries(scene("in_person", event("break")))) == [*LIVE, "breaks"]


@pytest.mark.requirement("M-121")
def test_a_failed_meeting_has_its_record_in_place_of_results():
    assert list(entries(scene("absentee", counts())))[5] == "failed_record"


VIDEO = {"kind": "video", "from": at("10:00")}


@pytest.mark.requirement("M-122")
@pytest.mark.parametrize(
    ("scenario", "missing"),
    [
        (held(), []),
        (scene("in_person", admitted(), listed()), ["date_time"]),
        (scene("in_person", event("meeting_closed")), ["results"]),
        (held(meeting={"place": ""}), ["place"]),
        (held(meeting={"counting_board": None}), []),
        (held(meeting={"counting_board": None}, sro={"zone": "Europe/Moscow"}), ["counters", "signers"]),
        (held(sro={"zone": "Europe/Moscow", "director": "dir"}), ["signers"]),
        (scene("absentee", ballot("m1..m6"), counts()), []),
        (scene("absentee", ballot("m1..m6")), ["date_time", "results"]),
        (scene("combined", ballot("m1..m6"), counts()), ["date_time"]),
        (
            scene("remote", listed(), event("meeting_closed"), meeting={"voting_way": "", "evidence": VIDEO}),
            ["voting_way", "evidence"],
        ),
    ],
)
def test_what_the_protocol_lacks(scenario, missing):
    assert [code for code, status in entries(scenario).items() if status == "missing"] == missing


def test_who_counts_and_who_signs():
    live = outcome_of(held())["protocol"]
    assert (live["counters"], live["signers"]) == (["k1", "k2", "k3"], ["dir", "clk"])
    alone = outcome_of(held(meeting={"counting_board": None}))["protocol"]
    assert (alone["counters"], alone["signers"]) == (["clk"], ["dir", "clk"])
    absentee = outcome_of(scene("absentee", ballot("m1..m6"), counts()))["protocol"]
    assert absentee["signers"] == ["k1", "k2", "k3"]


def test_totals_leave_out_lists_of_people():
    result = outcome_of(held(opened(), vote("m1..m6"), closed(), detail="totals"))
    assert (result["participants"], result["ballots"], result["questions"][0]["total"]["for"]) == ([], [], 6)
