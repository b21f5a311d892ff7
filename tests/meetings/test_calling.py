"""Notices, proposals and changes of the agenda (§4)."""

import pytest

from tests.meetings.scenes import (
    NOTICE,
    admitted,
    at,
    ballot,
    codes,
    counts,
    event,
    item,
    listed,
    opened,
    outcome_of,
    question,
    scene,
)


def called_by(*notices, form="in_person", **changes):
    return scene(form, **changes) | {"events": list(notices)}


def notice(clock="12:00", day="04-08", **fields):
    return event("notice_sent", at(clock, day), **fields)


@pytest.mark.requirement("M-111", "M-112")
@pytest.mark.parametrize(
    ("form", "notice_", "plan", "expected"),
    [
        ("in_person", notice("23:59:59", "04-09"), {}, []),
        ("in_person", notice("00:00:00", "04-10"), {}, ["notice_too_late"]),
        ("in_person", notice("00:00:00", "04-10", missing=["agenda"]), {}, ["notice_incomplete"]),
        ("absentee", notice(), {}, []),
        ("absentee", notice("23:59:59", "04-09"), {}, ["intake_too_early"]),
        ("absentee", notice("12:00", "04-10"), {}, ["notice_too_late"]),
    ],
)
def test_a_notice_is_refused_with_the_first_reason(form, notice_, plan, expected):
    assert codes(called_by(notice_, form=form, meeting=plan)) == expected


def test_a_meeting_is_called_when_notices_have_reached_every_member():
    half = notice(to=["m1..m5"])
    rest = notice("13:00", to=["m6..m10"])
    assert codes(called_by(half, admitted())) == ["meeting_not_called"]
    assert codes(called_by(half, rest, admitted())) == []


def test_who_is_no_longer_a_member_need_not_be_reached():
    members = [{"ids": "m1..m9"}, {"ids": "m10", "status": [[at("00:00", "04-01"), "excluded"]]}]
    assert codes(called_by(notice(to=["m1..m9"]), admitted("m1..m9"), members=members)) == []


def test_a_meeting_never_called_is_not_lawful_by_the_reasons_of_its_notices():
    late = called_by(notice(missing=["place"]), notice("12:00", "04-20"))
    assert [row["code"] for row in outcome_of(late)["outcome"]["reasons"]] == [
        "notice_incomplete",
        "notice_too_late",
    ]
    partial = called_by(notice(to=["m1"]))
    assert [row["code"] for row in outcome_of(partial)["outcome"]["reasons"]] == ["meeting_not_called"]


def test_terms_run_from_the_notice_that_would_have_completed_the_mailing():
    late = outcome_of(called_by(notice("12:00", "04-10"), form="absentee"))
    assert late["deadlines"]["proposals_until"] == at("23:59:59", "04-14")
    lacking = outcome_of(called_by(notice(missing=["agenda"]), form="absentee"))
    assert lacking["deadlines"]["proposals_until"] is None


# --- proposals and the agenda ----------------------------------------------------------------------


def proposal(clock="12:00", day="04-09", member="m2", name="q2", **fields):
    question_ = fields.pop("item", item(name))
    return event("proposal", at(clock, day), members=[member], item=question_, **fields)


def change(clock="12:00", day="04-13", add=("q2",)):
    return event("agenda_changed", at(clock, day), add=list(add))


@pytest.mark.requirement("M-113")
@pytest.mark.parametrize(
    ("form", "row", "expected"),
    [
        ("in_person", proposal(), ["proposals_not_provided"]),
        ("absentee", proposal("23:59:59", "04-10"), []),
        ("absentee", proposal("00:00:00", "04-11"), ["proposal_late"]),
        ("absentee", proposal("00:00:00", "04-11", motives=False), ["proposal_late"]),
        ("absentee", proposal(motives=False, wording=False), ["proposal_no_motives"]),
        ("absentee", proposal(wording=False), ["proposal_no_wording"]),
        ("absentee", proposal(item=item("q2", "exclusive")), ["exclusive_in_absentee"]),
        ("combined", proposal(item=item("q2", secret=True)), ["secret_in_absentee"]),
    ],
)
def test_a_proposal_is_refused_with_the_first_reason(form, row, expected):
    assert codes(scene(form, row)) == expected


def test_a_proposal_of_a_stranger_is_refused():
    members = [{"ids": "m1"}, {"ids": "m2", "since": "2026-04-10"}]
    assert codes(scene("absentee", proposal(), members=members)) == ["not_member"]


@pytest.mark.requirement("M-113", "M-114")
def test_an_accepted_proposal_left_out_of_the_agenda_makes_the_count_unlawful():
    scenario = scene("absentee", proposal(), ballot("m1..m6"), counts())
    result = outcome_of(scenario)
    assert codes(scenario) == ["proposal_not_included"]
    assert result["outcome"]["state"] == "not_lawful"
    assert [row["code"] for row in result["outcome"]["reasons"]] == ["proposal_not_included"]
    assert (result["protocol"], result["participants"]) == (None, [])


@pytest.mark.requirement("M-114")
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (change("08:59:59", "04-16"), []),
        (change("09:00:00", "04-16"), ["agenda_change_too_late"]),
    ],
)
def test_the_agenda_is_changed_before_the_intake_opens(row, expected):
    assert codes(scene("absentee", proposal(), row)) == expected


@pytest.mark.requirement("M-114")
def test_a_ballot_on_the_earlier_agenda_is_not_received():
    marks = {"q1": "for", "q2": "for"}
    old, new = ballot("m1", marks=marks, version=1), ballot("m2", marks=marks, version=2)
    scenario = scene("absentee", proposal(), change(), old, new)
    assert [row["disposition"] for row in outcome_of(scenario)["ballots"]] == ["not_received", "received"]


def test_an_item_added_later_is_checked_like_the_planned_ones():
    scenario = scene("absentee", change(add=[item("q2", "exclusive")]))
    assert (question(scenario, "q2")["outcome"], question(scenario, "q2")["rule"]) == (
        "barred",
        "exclusive_in_absentee",
    )


@pytest.mark.requirement("M-03")
def test_a_live_agenda_changes_only_while_all_members_are_present():
    nine = scene(
        "in_person", admitted("m1..m9"), change("09:50", "04-23", [item("q2")]), listed(), opened("q2")
    )
    assert codes(nine, 2) == ["not_on_agenda"]
    assert codes(nine) == ["not_on_agenda"]
    everybody = scene("in_person", admitted(), change("09:50", "04-23", [item("q2")]), listed(), opened("q2"))
    assert codes(everybody, 2) == codes(everybody) == []


def test_the_notice_of_the_scenes_is_in_time():
    assert codes(called_by(NOTICE)) == []
