"""What breaks the format of a scenario, and that the reader agrees with its schema."""

import copy
import json

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.reading import BadScenario
from meetings.scenario import read_scenario
from tests.meetings.scenes import (
    CASES,
    admitted,
    at,
    ballot,
    counts,
    election,
    event,
    item,
    listed,
    scene,
    vote,
)

SCHEMA = jsonschema_rs.validator_for(json.loads((CASES / "scenario.schema.json").read_text("utf-8")))


def changed(path, value, form="combined"):
    """A good scenario with one value replaced (None as the last step removes it)."""
    scenario = scene(form, ballot("m1"), admitted("m2"), vote("m2"), counts())
    scenario["proxies"] = [{"id": "d1", "from": ["m2"], "to": "p1", "issued_on": "2026-04-01"}]
    place = scenario
    *steps, last = path
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return scenario


BAD = {
    "unknown field of the scenario": (["colour"], "red"),
    "unknown field of the meeting": (["meeting", "colour"], "red"),
    "unknown field of an item": (["agenda", 0, "colour"], "red"),
    "unknown field of an event": (["events", 0, "colour"], "red"),
    "unknown type of event": (["events", 0, "type"], "party"),
    "unknown charter parameter": (["charter"], {"colour": "red"}),
    "unknown charter value": (["charter"], {"live_base": "everybody"}),
    "moment without offset": (["events", 0, "at"], "2026-04-08T12:00:00"),
    "moment without seconds": (["events", 0, "at"], "2026-04-08T12:00+03:00"),
    "no such day": (["meeting", "starts_at"], "2026-02-30T12:00:00Z"),
    "events out of order": (["events", 1, "at"], at("12:00", "04-07")),
    "unknown member": (["events", 1, "members"], ["m11"]),
    "unknown member in a range": (["events", 1, "members"], ["m9..m11"]),
    "a range backwards": (["events", 1, "members"], ["m3..m1"]),
    "a range of two registers": (["events", 1, "members"], ["m1..n3"]),
    "a range without end": (["events", 1, "members"], ["m1..m999999999"]),
    "a year no term reaches": (["meeting", "starts_at"], "9999-12-31T23:00:00Z"),
    "a day before any calendar": (["proxies", 0, "issued_on"], "0001-01-01"),
    "unknown person": (["events", 1, "person"], "nobody"),
    "unknown director": (["sro", "director"], "nobody"),
    "unknown person of a board": (["meeting", "counting_board", "chair"], "nobody"),
    "unknown holder": (["proxies", 0, "to"], "nobody"),
    "unknown principal": (["proxies", 0, "from"], ["m11"]),
    "unknown item of a proxy": (["proxies", 0, "items"], ["q9"]),
    "unknown base of a proxy": (["proxies", 0, "delegated_from"], "d9"),
    "a proxy that rests on itself": (["proxies", 0, "delegated_from"], "d1"),
    "a proxy without its date of issue": (["proxies", 0, "issued_on"], None),
    "unknown item of a vote": (["events", 3, "item"], "q9"),
    "unknown item of a ballot": (["events", 1, "marks"], {"q9": "for"}),
    "unknown mark": (["events", 3, "mark"], "maybe"),
    "unknown variant on paper": (["events", 3, "mark"], ["c1"]),
    "unknown proposal": (["events", 0], event("agenda_changed", at("12:00", "04-08"), add=["q7"])),
    "an item named twice": (["agenda"], [item(), item()]),
    "a member described twice": (["members"], [{"ids": "m1..m10"}, {"ids": "m3"}]),
    "no register": (["members"], []),
    "no agenda": (["agenda"], []),
    "no intake for this form": (["meeting", "intake"], None),
    "no start for this form": (["meeting", "starts_at"], None),
    "no count for this form": (["meeting", "counting_at"], None),
    "no such zone": (["sro", "zone"], "Mars/Base"),
    "another format": (["format"], "meeting-scenario/2"),
    "candidates without an election": (["agenda", 0, "candidates"], ["c1"]),
    "an election without seats": (
        ["agenda", 0],
        {"id": "q1", "class": "ordinary", "kind": "election", "candidates": ["c1"]},
    ),
    "a share of nothing": (["agenda", 0, "threshold"], ">1/0"),
    "a word for a number": (["charter"], {"code_attempts": "3"}),
    "a number for a flag": (["events", 1, "seal"], 1),
}


@pytest.mark.requirement("M-03")
@pytest.mark.parametrize("path,value", BAD.values(), ids=BAD)
def test_a_broken_scenario_is_refused(path, value):
    with pytest.raises(BadScenario):
        read_scenario(changed(path, value))


def test_the_scenario_of_these_tests_is_a_good_one():
    scenario = changed(["title"], "Собрание")
    assert read_scenario(scenario)[0].id == "scene"
    assert SCHEMA.is_valid(scenario)


@pytest.mark.parametrize("value", [None, [], "x", {"format": "meeting-scenario/1"}])
def test_what_is_no_scenario_at_all_is_refused(value):
    with pytest.raises(BadScenario):
        read_scenario(value)


def test_a_question_may_be_spoken_of_before_it_is_proposed():
    early = event("question_opened", at("12:00", "04-09"), item="q2")
    later = event("proposal", at("12:00", "04-10"), members=["m1"], item=item("q2"))
    again = event("proposal", at("13:00", "04-10"), members=["m1"], item=item("q2"))
    assert len(read_scenario(scene("combined", early, later, again))[1]) == 4


RICH = scene(
    "combined",
    ballot("m1", signature="simple", sent_at=at("11:00", "04-20")),
    event("proposal", at("12:00", "04-20"), members=["m3"], item=item("q7"), motives=False),
    event("agenda_changed", at("12:00", "04-20"), add=[election("q8", seats=2, max_marks=3)]),
    admitted(["m2..m4", "m6"]),
    listed(),
    vote(["m2"], ["for"]),
    event("objection", members=["m1"], about="counting", text="нет"),
    proxies=[{"id": "d1", "from": ["m2"], "to": "p1", "issued_on": None, "items": ["q1"]}],
    charter={"quorum_live": ">=2/3", "code_attempts": 2},
)
JUNK = st.sampled_from(
    ["", "x", "2026-04-23T10:00:00+03:00", 0, 1, -1, True, None, [], {}, ["for"], [[]], 1.5]
)


def places(value, path=()):
    """Every place of a document."""
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in rows:
        yield from places(entry, (*path, key))


PLACES = [path for path in places(RICH) if path]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), JUNK)
def test_nothing_that_breaks_the_schema_is_read(path, junk):
    scenario = copy.deepcopy(RICH)
    place = scenario
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = junk
    if not SCHEMA.is_valid(scenario):
        with pytest.raises(BadScenario):
            read_scenario(scenario)
