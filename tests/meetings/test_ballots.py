"""Ballots: what counts as received, what is invalid, who belongs to which part (§6)."""

import pytest

from tests.meetings.scenes import (
    admitted,
    at,
    ballot,
    closed,
    codes,
    counts,
    dispositions,
    election,
    event,
    item,
    opened,
    outcome_of,
    question,
    scene,
    vote,
)

TWO = [item(), item("q2")]
BOTH = {"q1": "for", "q2": "for"}


@pytest.mark.requirement("M-116", "M-141")
@pytest.mark.parametrize(
    ("row", "charter", "expected"),
    [
        (ballot("m1"), {}, []),
        (ballot("m1", at("09:00", "04-16")), {}, []),
        (ballot("m1", at("08:59:59", "04-16")), {}, ["ballot_early"]),
        (ballot("m1", at("18:00")), {}, []),
        (ballot("m1", at("18:00:01")), {}, ["ballot_late"]),
        (ballot("m1", at("19:00"), sent_at=at("17:00")), {}, ["ballot_late"]),
        (ballot("m1", at("19:00"), sent_at=at("17:00")), {"ballot_deadline_by": "sent"}, []),
        (ballot("m1", at("10:00", "04-16"), sent_at=at("08:00", "04-16")), {}, []),
        (
            ballot("m1", at("10:00", "04-16"), sent_at=at("08:00", "04-16")),
            {"ballot_deadline_by": "sent"},
            ["ballot_early"],
        ),
        (
            ballot("m1", at("11:00:01", "04-24"), sent_at=at("17:00")),
            {"ballot_deadline_by": "sent"},
            ["ballot_late"],
        ),
        (ballot(None), {}, ["ballot_no_member"]),
        (ballot("m1", channel="email"), {}, []),
        (ballot("m1", channel="email", signature="simple"), {}, ["no_signature"]),
        (ballot("m1", channel="email", signature="handwritten"), {}, ["no_signature"]),
        (ballot("m1", signature="none"), {}, ["no_signature"]),
        (ballot("m1", signature="simple"), {}, []),
        (ballot("m1", signature="simple"), {"cabinet_signature": "qualified"}, ["no_signature"]),
        (ballot("m1"), {"cabinet_signature": "qualified"}, []),
        (ballot("m1", signature="broken"), {}, ["signature_invalid"]),
        (ballot("m1", channel="email", signature="alien"), {}, ["signature_not_members"]),
        (ballot("m1", channel="paper"), {}, []),
        (ballot("m1", channel="paper", signature="none"), {}, ["ballot_not_signed"]),
        (ballot("m1", channel="paper", signature="qualified"), {}, ["ballot_not_signed"]),
        (ballot("m1", channel="paper", signature="broken"), {}, ["ballot_not_signed", "signature_invalid"]),
        (ballot("m1", person="p1"), {}, ["signer_not_authorised"]),
        (
            ballot("m1", at("18:00:01"), channel="email", signature="none", person="p1"),
            {},
            ["ballot_late", "no_signature", "signer_not_authorised"],
        ),
    ],
)
def test_at_receipt_every_fault_is_listed_and_the_event_shows_the_first(row, charter, expected):
    scenario = scene("absentee", row, charter=charter)
    disposition = "not_received" if expected else "received"
    assert dispositions(scenario) == [(disposition, expected)]
    assert codes(scenario) == expected[:1]


def test_a_channel_the_notice_does_not_name_is_not_allowed():
    intake = {"opens_at": at("09:00", "04-16"), "closes_at": at("18:00"), "channels": ["cabinet"]}
    scenario = scene("absentee", ballot("m1", channel="paper"), meeting={"intake": intake})
    assert dispositions(scenario) == [("not_received", ["channel_not_allowed"])]


def test_the_sender_must_be_a_member_when_he_sends():
    members = [{"ids": "m1", "status": [[at("12:00", "04-20"), "excluded"]]}, {"ids": "m2..m10"}]
    assert dispositions(scene("absentee", ballot("m1"), members=members)) == [
        ("not_received", ["not_member"])
    ]
    earlier = ballot("m1", sent_at=at("11:59:59", "04-20"))
    assert dispositions(scene("absentee", earlier, members=members)) == [("received", [])]


@pytest.mark.requirement("M-143")
def test_a_proxy_is_judged_at_the_moment_of_sending():
    proxies = [
        {
            "id": "d1",
            "from": ["m1"],
            "to": "p1",
            "issued_on": "2026-04-01",
            "revoked_at": at("12:00", "04-20"),
        }
    ]
    sent = ballot("m1", person="p1", sent_at=at("11:59:59", "04-20"))
    late = ballot("m1", person="p1")
    assert dispositions(scene("absentee", sent, late, proxies=proxies)) == [
        ("received", []),
        ("not_received", ["signer_not_authorised"]),
    ]


# --- the count -------------------------------------------------------------------------------------


def counted(*rows, agenda=None, **changes):
    return scene("absentee", *rows, counts(), agenda=agenda or TWO, **changes)


@pytest.mark.requirement("M-117", "M-140")
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ballot("m1", marks=BOTH), ("counted", [])),
        (ballot("m1", marks={}), ("not_received", ["ballot_no_marks"])),
        (ballot("m1", marks={"q1": [], "q2": []}), ("not_received", ["ballot_no_marks"])),
        (ballot("m1", marks={"q1": "for"}), ("invalid_on_items", ["no_mark"])),
        (ballot("m1", marks={"q1": ["for", "against"], "q2": []}), ("invalid", ["several_marks", "no_mark"])),
        (ballot("m1", marks=BOTH, channel="paper", seal=False), ("invalid", ["seal_missing"])),
        (ballot("m1", marks=BOTH, channel="email", seal=False), ("counted", [])),
        (ballot("m10", marks=BOTH, channel="paper", seal=False), ("counted", [])),
    ],
)
def test_what_the_board_makes_of_a_ballot(row, expected):
    members = [{"ids": "m1..m9"}, {"ids": "m10", "kind": "sole"}]
    assert dispositions(counted(row, members=members)) == [expected]


def test_the_charter_may_do_without_seals():
    row = ballot("m1", marks=BOTH, channel="paper", seal=False)
    assert dispositions(counted(row, charter={"ballot_seal": "not_required"})) == [("counted", [])]


def test_reasons_of_items_are_grouped_in_the_order_of_the_codes():
    proxies = [{"id": "d1", "from": ["m1"], "to": "p1", "issued_on": "2026-04-01", "items": ["q1", "q3"]}]
    marks = {"q1": [], "q2": "for", "q3": ["for", "against"]}
    scenario = counted(ballot("m1", marks=marks, person="p1"), agenda=[*TWO, item("q3")], proxies=proxies)
    reasons = outcome_of(scenario)["ballots"][0]["reasons"]
    assert [(row["code"], row["items"]) for row in reasons] == [
        ("proxy_scope", ["q2"]),
        ("several_marks", ["q3"]),
        ("no_mark", ["q1"]),
    ]


@pytest.mark.requirement("M-04")
def test_marks_on_a_barred_item_are_disregarded():
    agenda = [item("q1", "exclusive"), item("q2")]
    only_barred = ballot("m1", marks={"q1": "for"})
    both = ballot("m2", marks={"q1": ["for", "against"], "q2": "for"})
    assert dispositions(counted(only_barred, both, agenda=agenda)) == [
        ("not_received", ["ballot_no_marks"]),
        ("counted", []),
    ]


@pytest.mark.requirement("M-12")
@pytest.mark.parametrize(
    ("which", "expected", "votes"),
    [("first", ["counted", "set_aside"], 1), ("last", ["set_aside", "counted"], 0)],
)
def test_of_two_ballots_the_charters_one_counts(which, expected, votes):
    rows = [ballot("m1"), ballot("m1", marks={"q1": "against"}), ballot("m2..m5")]
    scenario = counted(*rows, agenda=[item()], charter={"duplicate_ballot": which})
    assert [row for row, _ in dispositions(scenario)][:2] == expected
    assert question(scenario)["total"]["for"] == 4 + votes


def test_a_ballot_without_marks_does_not_displace_another():
    scenario = counted(ballot("m1", marks={}), ballot("m1"), agenda=[item()])
    assert dispositions(scenario) == [("not_received", ["ballot_no_marks"]), ("counted", [])]


@pytest.mark.requirement("M-09", "M-117")
@pytest.mark.parametrize(("base", "expected"), [("senders", (6, 4)), ("valid", (5, 3))])
def test_spoilt_ballots_stay_in_the_base_unless_the_charter_counts_valid_ones(base, expected):
    rows = [
        ballot("m1..m3"),
        ballot("m4..m5", marks={"q1": "against"}),
        ballot("m6", marks={"q1": ["for", "abstain"]}),
    ]
    scenario = counted(*rows, agenda=[item()], charter={"absentee_base": base})
    row = question(scenario)
    assert (row["base"], row["needed"], row["total"]["invalid"]) == (*expected, 1)
    marks = outcome_of(scenario)["participants"][5]["marks"]
    assert marks == ({"q1": "invalid"} if base == "senders" else {})


@pytest.mark.requirement("M-121")
def test_below_quorum_there_is_not_one_figure():
    scenario = counted(ballot("m1..m4"), agenda=[election()])
    result = outcome_of(scenario)
    row = result["questions"][0]
    numbers = ("base", "needed", "total", "live", "absentee", "candidates", "elected", "tied")
    assert (row["outcome"], row["rule"]) == ("not_counted", "absentee_below_half")
    assert [row[key] for key in numbers] == [None] * len(numbers)
    assert result["protocol"]["against"] == []


@pytest.mark.requirement("M-115", "M-120")
def test_participants_are_exactly_the_senders_of_received_ballots():
    spoilt = ballot("m3", marks={"q1": ["for", "against"]})
    rows = [
        ballot("m5"),
        ballot("m1", signature="none"),
        spoilt,
        ballot("m2", marks={}),
        ballot("m4", person="p1"),
    ]
    found = outcome_of(counted(*rows, ballot("m6..m8"), agenda=[item()]))["participants"]
    assert [(row["member"], row["ballot"]) for row in found] == [
        ("m3", "invalid"),
        ("m5", "counted"),
        ("m6", "counted"),
        ("m7", "counted"),
        ("m8", "counted"),
    ]


# --- both parts ------------------------------------------------------------------------------------


def both_parts(choice, *rows, **changes):
    live = [
        admitted("m1..m4"),
        opened(),
        vote("m1..m3", "against"),
        closed(),
        event("meeting_closed", "11:00"),
    ]
    return scene("combined", *rows, *live, counts(), charter={"both_parts": choice}, **changes)


@pytest.mark.requirement("M-12", "M-132")
@pytest.mark.parametrize(
    ("choice", "ballots", "live", "absentee"),
    [
        # m3 voted on the meeting, m4 was only admitted; both have sent ballots «за».
        ("live", ["set_aside", "counted", "counted", "counted"], (0, 3, 0), (3, 0, 0)),
        ("absentee", ["counted", "counted", "counted", "counted"], (0, 2, 0), (4, 0, 0)),
    ],
)
def test_a_member_of_both_parts_counts_once(choice, ballots, live, absentee):
    scenario = both_parts(choice, ballot(["m3", "m4", "m5", "m6"]))
    assert [row for row, _ in dispositions(scenario)] == ballots
    row = question(scenario)
    keys = ("for", "against", "not_voted")
    assert tuple(row["live"][key] for key in keys) == live
    assert tuple(row["absentee"][key] for key in keys) == absentee
    assert (row["base"], outcome_of(scenario)["quorum"][-1]["have"]) == (6, 6)


@pytest.mark.requirement("M-132")
def test_the_parts_of_a_combined_question_add_up_to_its_total():
    row = question(both_parts("live", ballot("m5..m8")))
    assert row["total"] == {key: row["live"][key] + row["absentee"][key] for key in row["total"]}
    assert sum(row["total"].values()) == row["base"]


def test_an_item_never_opened_on_the_meeting_has_an_empty_live_base():
    marks = {"q1": "for", "q2": "for"}
    scenario = both_parts("live", ballot("m5..m8", marks=marks), agenda=TWO)
    row = question(scenario, "q2")
    assert (row["base"], sum(row["live"].values()), row["outcome"]) == (4, 0, "adopted")


def test_an_item_neither_opened_nor_answered_is_not_put():
    scenario = both_parts("live", ballot("m5..m8"), agenda=TWO)
    assert question(scenario, "q2")["outcome"] == "not_put"
