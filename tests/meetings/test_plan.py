"""Checks of the plan and the terms (§4 of the format)."""

import pytest

from tests.meetings.scenes import BOARD, at, codes, election, event, item, opened, outcome_of, question, scene


def failures(scenario):
    return [(row["code"], row["item"]) for row in outcome_of(scenario)["plan"]]


NO_BASIS = {"kind": "none"}
LAW = {"kind": "law", "document": "ст. 181.2"}
UNANIMOUS = {"kind": "unanimous_decision", "document": "протокол № 1"}
WORDLESS = {"kind": "charter", "document": " "}
PAID = {"name": "З", "public": True, "free": False, "special_gear": False}
GEAR = {"name": "З", "public": True, "free": True, "special_gear": True}


@pytest.mark.requirement("M-02", "M-15")
@pytest.mark.parametrize(
    ("form", "plan", "charter", "expected"),
    [
        ("in_person", {"basis": NO_BASIS}, {}, []),
        ("remote", {"basis": NO_BASIS}, {}, ["basis_missing"]),
        ("remote", {"basis": None}, {}, ["basis_missing"]),
        ("remote", {"basis": LAW}, {}, ["basis_insufficient"]),
        ("remote", {"basis": UNANIMOUS}, {}, []),
        ("remote", {"basis": WORDLESS}, {}, ["basis_no_document"]),
        ("absentee", {"basis": UNANIMOUS}, {}, ["basis_insufficient"]),
        ("combined", {"basis": UNANIMOUS}, {}, ["basis_insufficient"]),
        ("combined", {"basis": LAW}, {}, ["basis_insufficient"]),
        ("in_person", {}, {"quorum_live": ">=1/2"}, ["quorum_below_law"]),
        ("in_person", {}, {"quorum_absentee": ">2/5"}, ["quorum_below_law"]),
        ("in_person", {}, {"quorum_combined": ">=1/2"}, []),
        ("in_person", {}, {"quorum_combined": ">1/3"}, ["quorum_below_law"]),
        ("in_person", {}, {"quorum_live": ">=2/3"}, []),
        ("absentee", {"counting_board": None}, {}, ["counting_board_missing"]),
        ("absentee", {"chair": "p1"}, {}, ["chair_not_from_board"]),
        ("absentee", {"secretary": "k3"}, {}, []),
        ("in_person", {"chair": "p1", "counting_board": None}, {}, []),
        ("absentee", {"counting_at": at("17:59:59")}, {}, ["count_before_close"]),
        ("absentee", {"counting_at": at("18:00")}, {}, []),
        ("remote", {"tool": PAID}, {}, ["tool_not_public"]),
        ("remote", {"tool": GEAR}, {}, ["tool_not_public"]),
        ("remote", {"tool": None}, {}, ["tool_not_public"]),
        ("combined", {"live_form": "remote"}, {}, ["tool_not_public"]),
        ("in_person", {"tool": PAID}, {}, []),
        (
            "combined",
            {"basis": LAW, "chair": "p1", "live_form": "remote", "counting_at": at("10:00")},
            {"quorum_live": ">1/3"},
            [
                "basis_insufficient",
                "quorum_below_law",
                "chair_not_from_board",
                "count_before_close",
                "tool_not_public",
            ],
        ),
    ],
)
def test_a_check_of_the_meeting(form, plan, charter, expected):
    assert failures(scene(form, meeting=plan, charter=charter)) == [(code, None) for code in expected]


COUNCIL = {"subject": "council"}


@pytest.mark.requirement("M-04", "M-05", "M-11", "M-110")
@pytest.mark.parametrize(
    ("form", "question", "charter", "expected"),
    [
        ("absentee", item("q1", "exclusive"), {}, "exclusive_in_absentee"),
        ("combined", item("q1", "exclusive"), {}, "exclusive_in_absentee"),
        ("absentee", item("q1", secret=True), {}, "secret_in_absentee"),
        ("combined", item("q1", secret=True, **COUNCIL), {}, "secret_in_absentee"),
        ("absentee", item("q1", **COUNCIL), {}, "must_be_secret"),
        ("in_person", item("q1", subject="council_head"), {}, "must_be_secret"),
        ("in_person", election("q1", **COUNCIL, secret=True), {}, None),
        ("in_person", item("q1", "exclusive", threshold=">1/2"), {}, "exclusive_threshold_too_low"),
        ("in_person", item("q1", "exclusive", threshold=">=1/2"), {}, "exclusive_threshold_too_low"),
        (
            "in_person",
            election("q1", class_="exclusive", threshold="plurality"),
            {},
            "exclusive_threshold_too_low",
        ),
        ("in_person", item("q1", "exclusive", threshold=">1/2"), {"exclusive_minimum": "none"}, None),
        ("in_person", item("q1", "exclusive", threshold="all"), {}, None),
        ("in_person", item("q1", "exclusive", threshold=">=3/5"), {}, None),
        (
            "in_person",
            item("q1", "exclusive"),
            {"exclusive_threshold": ">1/2"},
            "exclusive_threshold_too_low",
        ),
        ("in_person", item("q1", "ordinary", threshold=">1/3"), {}, None),
    ],
)
def test_a_check_of_an_item_bars_it(form, question, charter, expected):
    found = failures(scene(form, agenda=[question, item("q2")], charter=charter))
    assert found == ([(expected, "q1")] if expected else [])


@pytest.mark.requirement("M-04")
def test_when_all_items_are_barred_the_meeting_cannot_be_called():
    result = outcome_of(scene("absentee", agenda=[item("q1", "exclusive"), item("q2", secret=True)]))
    assert [row["code"] for row in result["plan"]] == [
        "exclusive_in_absentee",
        "secret_in_absentee",
        "no_lawful_items",
    ]
    assert result["events"][0]["refused"][0]["code"] == "meeting_not_called"
    assert result["outcome"]["state"] == "not_lawful"
    assert (result["protocol"], result["participants"]) == (None, [])


@pytest.mark.requirement("M-02")
def test_a_failed_check_of_the_meeting_refuses_everything_and_gives_no_terms_from_the_notice():
    result = outcome_of(
        scene("absentee", event("board_counts", at("11:00", "04-24")), meeting={"basis": LAW})
    )
    assert [row["refused"][0]["code"] for row in result["events"]] == ["meeting_not_called"] * 2
    assert result["outcome"]["reasons"][0]["code"] == "basis_insufficient"
    assert result["deadlines"]["notice_until"] == at("23:59:59", "04-09")
    assert result["deadlines"]["proposals_until"] is None


def test_a_barred_item_is_not_opened_and_its_outcome_names_the_bar():
    scenario = scene("in_person", opened("q2"), agenda=[item(), item("q2", **COUNCIL)])
    assert codes(scenario) == ["item_barred"]
    assert (question(scenario, "q2")["outcome"], question(scenario, "q2")["rule"]) == (
        "barred",
        "must_be_secret",
    )


# --- terms -----------------------------------------------------------------------------------------


def terms(scenario):
    return outcome_of(scenario)["deadlines"]


@pytest.mark.requirement("M-24", "M-112")
@pytest.mark.parametrize(
    ("form", "plan", "charter", "key", "expected"),
    [
        ("in_person", {}, {}, "notice_until", at("23:59:59", "04-09")),
        ("in_person", {}, {"notice_working_days": 5}, "notice_until", at("23:59:59", "04-16")),
        ("in_person", {}, {"notice_working_days": 0}, "notice_until", at("23:59:59", "04-23")),
        # Over the holidays of May: 8 working days before 12 May 2026 skip 1, 9 and 11 May.
        (
            "in_person",
            {"starts_at": at("10:00", "05-12")},
            {"notice_working_days": 8},
            "notice_until",
            at("23:59:59", "04-28"),
        ),
        ("combined", {"starts_at": at("11:00", "04-22")}, {}, "notice_until", at("23:59:59", "04-08")),
        ("absentee", {}, {}, "proposals_until", at("23:59:59", "04-10")),
        ("absentee", {}, {"proposal_working_days": 1}, "proposals_until", at("23:59:59", "04-09")),
        ("absentee", {}, {"proposal_working_days": 0}, "proposals_until", at("23:59:59", "04-08")),
        ("absentee", {}, {}, "intake_from", at("00:00:00", "04-16")),
        ("absentee", {}, {"intake_after_working_days": 1}, "intake_from", at("00:00:00", "04-11")),
        ("in_person", {}, {}, "intake_from", None),
        ("in_person", {}, {}, "registration_until", None),
        ("remote", {}, {}, "registration_until", at("23:59:59", "04-22")),
        ("remote", {}, {"registration_working_days": 1}, "registration_until", at("23:59:59", "04-21")),
        (
            "remote",
            {"registration": {"opens_at": at("09:00", "04-20"), "closes_at": "2026-04-22T09:00:00Z"}},
            {},
            "registration_until",
            at("12:00:00", "04-22"),
        ),
    ],
)
def test_a_term_is_counted_by_the_production_calendar(form, plan, charter, key, expected):
    assert terms(scene(form, meeting=plan, charter=charter))[key] == expected


def test_terms_are_told_in_the_zone_of_the_sro():
    found = terms(scene("in_person", sro={"zone": "Asia/Vladivostok"}))
    assert found["notice_until"] == "2026-04-09T23:59:59+10:00"


def test_the_board_of_the_scenes_is_a_lawful_one():
    assert BOARD["chair"] == outcome_of(scene("absentee"))["officers"]["chair"]["person"]
