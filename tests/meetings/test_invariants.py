"""What holds for every meeting, whatever people do: random scenarios through the fold and the service."""

import copy
import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.result import as_bytes
from meetings.service import Meetings
from tests.meetings.scenes import CASES, at, ballot, counts, election, event, item, outcome_of, scene

SCHEMA = jsonschema_rs.validator_for(json.loads((CASES / "result.schema.json").read_text("utf-8")))
MEMBERS = [f"m{number}" for number in range(1, 7)]
REGISTER = [{"ids": "m1..m5"}, {"ids": "m6", "kind": "sole", "status": [[at("10:30"), "excluded"]]}]
PROXIES = [
    {"id": "d1", "from": ["m2", "m3"], "to": "p1", "issued_on": "2026-04-01", "revoked_at": at("10:20")},
    {"id": "d2", "from": ["m4"], "to": "p1", "issued_on": "2026-04-01", "items": ["q1"]},
]
MARKS = st.one_of(
    st.sampled_from(["for", "against", "abstain"]),
    st.lists(st.sampled_from(["for", "against", "abstain"]), max_size=2, unique=True),
)
CANDIDATES = st.lists(st.sampled_from(["c1", "c2", "c3"]), max_size=3, unique=True)
SOME = st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=6, unique=True)
ITEMS = st.sampled_from(["q1", "q2", "q3"])
PERSON = st.one_of(st.none(), st.sampled_from(["p1", "m1.head", "m2.head"]))
CHARTER = st.fixed_dictionaries(
    {},
    optional={
        "live_base": st.sampled_from(["present", "registered"]),
        "absentee_base": st.sampled_from(["senders", "valid"]),
        "both_parts": st.sampled_from(["live", "absentee"]),
        "quorum_recheck": st.sampled_from(["each_question", "breaks_only"]),
        "list_closing": st.sampled_from(["first_question", "open"]),
        "limited_proxy": st.sampled_from(["absent_outside_scope", "present"]),
        "duplicate_ballot": st.sampled_from(["first", "last"]),
        "unanimous_base": st.sampled_from(["base", "all_members"]),
        "combined_register": st.sampled_from(["session", "count"]),
    },
)


@st.composite
def acts(draw, form):
    """One thing somebody does, lawful or not."""
    kinds = [
        "admitted",
        "left",
        "reconnect",
        "open",
        "close",
        "vote",
        "vote",
        "against",
        "objection",
        "break",
    ]
    kinds += (
        ["resume", "check", "ballot", "ballot"] if form == "combined" else ["resume", "check", "list_closed"]
    )
    kind = draw(st.sampled_from(kinds))
    if kind in {"open", "close"}:
        return {"type": f"question_{'opened' if kind == 'open' else 'closed'}", "item": draw(ITEMS)}
    if kind in {"break", "resume", "list_closed"}:
        return {"type": kind}
    if kind == "check":
        return {"type": "quorum_check"}
    row = {"type": kind, "members": draw(SOME)}
    person = draw(PERSON)
    if kind == "vote":
        name = draw(ITEMS)
        row |= {"item": name, "mark": draw(CANDIDATES if name == "q3" else MARKS)}
    if kind == "against":
        return {"type": "record_against_request", "members": row["members"], "item": draw(ITEMS)}
    if kind == "objection":
        return row | {"about": "voting"}
    if kind == "ballot":
        marks = draw(st.fixed_dictionaries({}, optional={"q1": MARKS, "q2": MARKS, "q3": CANDIDATES}))
        row |= {"type": "ballot_received", "marks": marks, "seal": draw(st.booleans())}
        row["channel"] = draw(st.sampled_from(["cabinet", "email", "paper"]))
    if person and kind in {"admitted", "vote", "ballot"}:
        row["person"] = person
    return row


@st.composite
def meetings_(draw):
    form = draw(st.sampled_from(["in_person", "combined"]))
    rows = [{"type": "admitted", "members": draw(SOME)}, *draw(st.lists(acts(form), max_size=25))]
    secret = form == "in_person" and draw(st.booleans())
    agenda = [
        item("q1", threshold=draw(st.sampled_from([">1/2", ">=2/3", "all"]))),
        item("q2", "procedural"),
        election("q3", seats=draw(st.integers(1, 2)), secret=secret),
    ]
    events = [row | {"at": at(f"10:{place:02}")} for place, row in enumerate(rows, 1)]
    if form == "combined" and draw(st.booleans()):
        events.append(counts())
    return scene(form, *events, agenda=agenda, charter=draw(CHARTER), members=REGISTER, proxies=PROXIES)


def accepted_votes(scenario, result):
    """Members whose vote on an item was accepted, with repetitions."""
    for row, verdict in zip(scenario["events"], result["events"], strict=True):
        if row["type"] == "vote":
            refused = {entry["member"] for entry in verdict["refused"]}
            yield from ((row["item"], member) for member in row["members"] if member not in refused)


@pytest.mark.requirement("M-12", "M-74", "M-132")
@settings(max_examples=120, deadline=None)
@given(meetings_())
def test_votes_are_single_and_figures_add_up_to_their_base(scenario):
    result = outcome_of(scenario)
    assert [error.message for error in SCHEMA.iter_errors(json.loads(as_bytes(result)))] == []
    votes = list(accepted_votes(scenario, result))
    assert len(votes) == len(set(votes))
    for row in result["questions"]:
        if row["total"] is None:
            continue
        total = sum(row["total"].values())
        outside = row["total"]["invalid"] if scenario["charter"].get("absentee_base") == "valid" else 0
        if row["rule"] != "unanimity_of_all":
            assert total - outside <= row["base"] <= total
        listed = [part for part in result["participants"] if row["item"] in part["marks"]]
        assert total - outside <= len(listed) <= total
        if row["candidates"]:
            assert all(one["votes"] <= row["total"]["for"] for one in row["candidates"])
    assert all(check["have"] <= check["of"] for check in result["quorum"])
    names = [part["member"] for part in result["participants"]]
    assert len(names) == len(set(names))


@pytest.mark.requirement("M-93")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scenario=meetings_())
def test_the_journal_gives_the_same_bytes_as_the_fold_and_as_itself(engine, scenario):
    expected = as_bytes(outcome_of(scenario))
    halls = Meetings(engine)
    rows = copy.deepcopy(scenario)
    events = rows.pop("events")
    meeting = halls.open(rows)
    halls.record(meeting, *events)
    assert as_bytes(halls.result(meeting)) == as_bytes(halls.replayed(meeting)) == expected
    assert halls.faults(meeting) == []


@pytest.mark.requirement("M-07")
@settings(max_examples=40, deadline=None)
@given(st.lists(SOME, max_size=4), SOME)
def test_one_more_ballot_never_lowers_the_quorum(groups, more):
    def have(*rows):
        scenario = scene("absentee", *rows, counts(), members=[{"ids": "m1..m6"}])
        return outcome_of(scenario)["quorum"][0]["have"]

    rows = [ballot(group) for group in groups]
    assert have(*rows) <= have(*rows, ballot(more)) <= 6


@settings(max_examples=40, deadline=None)
@given(st.permutations(MEMBERS), st.integers(0, 6))
def test_the_order_of_voters_changes_no_figure(order, votes_for):
    def figures(names):
        rows = [
            event(
                "vote",
                "10:10",
                members=[name],
                item="q1",
                mark="for" if name in MEMBERS[:votes_for] else "against",
            )
            for name in names
        ]
        before = [event("admitted", "09:30", members=MEMBERS), event("question_opened", "10:05", item="q1")]
        end = event("question_closed", "10:20", item="q1")
        return outcome_of(scene("in_person", *before, *rows, end, members=[{"ids": "m1..m6"}]))["questions"]

    assert figures(order) == figures(MEMBERS)
