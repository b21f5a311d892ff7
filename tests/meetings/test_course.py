"""The live part: registration, admission, presence, questions, votes (§5)."""

import pytest

from tests.meetings.scenes import (
    admitted,
    at,
    closed,
    codes,
    event,
    item,
    listed,
    opened,
    outcome_of,
    question,
    scene,
    vote,
)

SHEET = {"members": ["m1"]}


def sheet(clock="12:00", day="04-20", **fields):
    return event("registration_sheet", at(clock, day), **{**SHEET, **fields})


def code(value=None, clock="09:00", **fields):
    row = event("code_entered", clock, **{**SHEET, **fields})
    return row if value is None else row | {"code": value}


LIVE = [
    admitted(),
    event("left", members=["m1"]),
    event("reconnect", members=["m1"]),
    listed(),
    event("quorum_check"),
    opened(),
    vote("m1"),
    closed(),
    event("break"),
    event("resume"),
    event("meeting_closed"),
]


@pytest.mark.parametrize("row", LIVE, ids=lambda row: row["type"])
def test_a_live_event_is_of_the_wrong_form_in_an_absentee_meeting(row):
    assert codes(scene("absentee", row)) == ["wrong_form"]


@pytest.mark.parametrize("form", ["in_person", "combined"])
def test_sheets_and_codes_belong_to_a_remote_live_part(form):
    assert codes(scene(form, sheet())) == ["wrong_form"]
    assert codes(scene(form, code())) == ["wrong_form"]


@pytest.mark.parametrize("kind", ["ballot_received", "board_counts"])
def test_ballots_belong_to_an_absentee_part(kind):
    fields = {"marks": {}, "members": ["m1"]} if kind == "ballot_received" else {}
    scenario = scene("remote", event(kind, **fields))
    assert codes(scenario) == ["wrong_form"]
    assert outcome_of(scenario)["ballots"] == []


@pytest.mark.parametrize(
    "row", [*LIVE, event("objection", members=["m1"], about="voting")], ids=lambda row: row["type"]
)
def test_after_the_closing_of_a_live_meeting_nothing_of_it_goes_on(row):
    end = event("meeting_closed", "11:00")
    assert codes(scene("in_person", admitted(), end, row | {"at": at("11:01")})) == ["meeting_is_closed"]


# --- registration ----------------------------------------------------------------------------------


@pytest.mark.requirement("M-24", "M-100")
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (sheet("09:00", "04-20"), []),
        (sheet("08:59:59", "04-20"), ["sheet_early"]),
        (sheet("23:59:59", "04-22"), []),
        (sheet("00:00:00", "04-23"), ["sheet_late"]),
        (sheet("00:00:00", "04-23", person="p1"), ["sheet_late"]),
        (sheet(person="p1"), ["proxy_missing"]),
    ],
)
def test_a_sheet_is_refused_with_the_first_reason(row, expected):
    assert codes(scene("remote", row)) == expected


@pytest.mark.requirement("M-102")
def test_a_code_needs_its_sheet_and_is_locked_by_wrong_attempts_in_a_row():
    assert codes(scene("remote", code())) == ["sheet_missing"]
    assert codes(scene("remote", sheet(), code(person="p1"))) == ["sheet_other_person"]
    wrong = code("0")
    assert codes(scene("remote", sheet(), wrong)) == ["wrong_code"]
    assert codes(scene("remote", sheet(), wrong, wrong, wrong)) == ["wrong_code"]
    assert codes(scene("remote", sheet(), wrong, wrong, wrong, code())) == ["code_locked"]
    assert codes(scene("remote", sheet(), wrong, wrong, code(), wrong, wrong, code())) == []
    once = scene("remote", sheet(), wrong, code(), charter={"code_attempts": 1})
    assert codes(once) == ["code_locked"]


def test_a_member_may_have_its_own_code():
    members = [{"ids": "m1", "code": "714"}, {"ids": "m2..m10"}]
    assert codes(scene("remote", sheet(), code("714"), members=members)) == []
    assert codes(scene("remote", sheet(), code("code-m1"), members=members)) == ["wrong_code"]


@pytest.mark.requirement("M-102", "M-105")
@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([admitted("m1")], ["sheet_missing"]),
        ([sheet(), admitted("m1", person="p1")], ["sheet_other_person"]),
        ([sheet(), admitted("m1")], ["code_missing"]),
        ([sheet(), code(), admitted("m1")], []),
        ([sheet(), code(), admitted("m1"), admitted("m1")], ["already_represented"]),
        ([sheet(), code(), listed("09:30"), admitted("m1")], ["list_closed"]),
        ([event("break", "09:00"), admitted("m1")], ["on_break"]),
    ],
)
def test_admission_to_a_remote_meeting(events, expected):
    assert codes(scene("remote", *events)) == expected


@pytest.mark.requirement("M-105")
@pytest.mark.parametrize(("closing", "expected"), [("first_question", ["list_closed"]), ("open", [])])
def test_a_latecomer_is_admitted_only_if_the_charter_keeps_the_list_open(closing, expected):
    scenario = scene(
        "in_person",
        admitted("m1..m6"),
        opened(),
        admitted("m7", "10:06"),
        charter={"list_closing": closing},
    )
    assert codes(scenario) == expected
    assert [row["when"] for row in outcome_of(scenario)["quorum"]] == ["opening", "question"]


# --- presence --------------------------------------------------------------------------------------


@pytest.mark.requirement("M-47", "M-109")
@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event("left", members=["m1"])], ["not_present"]),
        ([admitted("m1"), event("left", members=["m1"])], []),
        ([admitted("m1"), event("break"), event("left", members=["m1"])], ["not_present"]),
        ([event("reconnect", members=["m1"])], ["not_on_list"]),
        ([admitted("m1"), event("reconnect", members=["m1"])], ["already_present"]),
        ([admitted("m1"), event("break"), event("reconnect", members=["m1"])], []),
        ([event("break"), event("break")], ["on_break"]),
        ([event("resume")], ["not_on_break"]),
        ([event("break"), event("quorum_check")], ["on_break"]),
        ([event("break"), listed("10:06")], []),
        ([listed(), listed()], ["list_closed"]),
        ([event("break"), event("meeting_closed")], []),
    ],
)
def test_presence_and_breaks(events, expected):
    assert codes(scene("in_person", *events)) == expected


# --- questions -------------------------------------------------------------------------------------

TWO = [item(), item("q2")]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([admitted(), opened(when="09:59:59")], ["before_start"]),
        ([admitted(), event("break", "10:00"), opened()], ["on_break"]),
        ([admitted(), opened(), opened("q2")], ["another_question_open"]),
        ([admitted(), opened(), closed(), opened(when="10:30")], ["question_already_closed"]),
        ([admitted(), event("break", "10:00"), event("resume", "10:01"), opened()], ["quorum_not_rechecked"]),
        ([admitted("m1..m5"), opened()], ["no_quorum"]),
        ([admitted(), closed()], ["question_not_open"]),
        ([admitted(), opened(), closed("q2")], ["question_not_open"]),
        ([admitted(), opened(), event("break", "10:06"), closed()], ["on_break"]),
    ],
)
def test_a_question_is_opened_and_closed_in_its_turn(events, expected):
    assert codes(scene("in_person", *events, agenda=TWO)) == expected


D1 = {"id": "d1", "from": ["m2"], "to": "p1", "issued_on": "2026-04-01"}


@pytest.mark.requirement("M-74")
@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([vote("m1")], ["question_not_open"]),
        ([opened(), vote("m1", name="q2")], ["question_not_open"]),
        ([opened(), vote("m1"), vote("m1", "against")], ["already_voted"]),
        ([opened(), vote("m10")], ["not_on_list"]),
        ([opened(), event("left", "10:06", members=["m1"]), vote("m1")], ["not_present"]),
        ([opened(), vote("m1", person="p1")], ["not_representative"]),
        ([opened(), vote("m2", person="m2.head")], ["not_representative"]),
        ([opened(), vote("m2", person="p1")], []),
        ([opened(), vote("m1", signature="none")], ["signature_missing"]),
        ([opened(), vote("m1", signature="broken")], ["signature_missing"]),
        ([opened(), vote("m1", signature="alien")], ["signature_missing"]),
        ([opened(), vote("m1", signature="qualified")], []),
        ([opened(), event("break", "10:06"), vote("m1")], ["on_break"]),
        (
            [opened(), event("break", "10:06"), event("resume", "10:07"), vote("m1")],
            ["quorum_not_rechecked"],
        ),
        (
            [
                opened(),
                event("break", "10:06"),
                event("resume", "10:07"),
                event("quorum_check", "10:08"),
                vote("m1"),
            ],
            ["no_quorum"],
        ),
    ],
)
def test_a_vote_is_refused_with_the_first_reason(events, expected):
    before = [admitted(["m1", "m3..m9"]), admitted("m2", person="p1"), listed()]
    assert codes(scene("in_person", *before, *events, agenda=TWO, proxies=[D1])) == expected


@pytest.mark.parametrize(
    ("required", "signature", "expected"),
    [
        ("none", "none", []),
        ("none", "simple", []),
        ("qualified", "simple", ["signature_missing"]),
        ("qualified", "qualified", []),
        ("qualified", None, []),
    ],
)
def test_the_signature_of_a_vote_is_the_meetings_rule(required, signature, expected):
    fields = {} if signature is None else {"signature": signature}
    scenario = scene(
        "in_person",
        admitted(),
        listed(),
        opened(),
        vote("m1", **fields),
        meeting={"vote_signature": required},
    )
    assert codes(scenario) == expected


@pytest.mark.requirement("M-55")
def test_each_principal_of_one_holder_votes_apart():
    proxies = [{"id": "d1", "from": ["m2..m4"], "to": "p1", "issued_on": "2026-04-01"}]
    scenario = scene(
        "in_person",
        admitted(["m1", "m5..m8"]),
        admitted("m2..m4", person="p1"),
        listed(),
        opened(),
        vote(["m2", "m3"], person="p1"),
        vote("m4", "against", person="p1"),
        closed(),
        proxies=proxies,
    )
    assert question(scenario)["total"] == {
        "for": 2,
        "against": 1,
        "abstained": 0,
        "invalid": 0,
        "not_voted": 5,
    }


@pytest.mark.requirement("M-08")
@pytest.mark.parametrize(("base", "expected"), [("present", 9), ("registered", 10)])
def test_the_live_base_is_who_was_present_or_who_was_listed(base, expected):
    scenario = scene(
        "in_person",
        admitted(),
        listed(),
        event("left", "10:01", members=["m9", "m10"]),
        opened(),
        event("reconnect", "10:06", members=["m9"]),
        event("left", "10:07", members=["m1"]),
        vote("m2..m6"),
        closed(),
        charter={"live_base": base},
    )
    row = question(scenario)
    assert (row["base"], row["total"]["not_voted"]) == (expected, expected - 5)


def test_a_question_left_open_is_not_put():
    scenario = scene(
        "in_person", admitted(), listed(), opened(), vote("m1"), event("meeting_closed", "11:00")
    )
    assert (question(scenario)["outcome"], question(scenario)["total"]) == ("not_put", None)


@pytest.mark.requirement("M-109")
@pytest.mark.parametrize(
    "lost",
    [
        [event("left", "10:11", members=["m1..m8"]), event("quorum_check", "10:12")],
        [event("break", "10:11"), event("resume", "10:12")],
    ],
    ids=["a check says no", "no new check after a break"],
)
def test_a_question_open_when_quorum_is_lost_has_no_figures(lost):
    scenario = scene("in_person", admitted(), listed(), opened(), vote("m1..m8"), *lost, closed())
    row = question(scenario)
    assert (row["outcome"], row["total"], row["base"]) == ("no_quorum", None, None)
    assert outcome_of(scenario)["participants"][0]["marks"] == {}


@pytest.mark.requirement("M-47")
def test_a_question_goes_on_when_the_quorum_is_found_again():
    again = [
        event("break", "10:11"),
        event("resume", "10:12"),
        event("reconnect", "10:13", members=["m1..m6"]),
        event("quorum_check", "10:14"),
    ]
    scenario = scene("in_person", admitted(), listed(), opened(), vote("m1..m6"), *again, closed())
    assert (question(scenario)["outcome"], question(scenario)["base"]) == ("adopted", 10)
