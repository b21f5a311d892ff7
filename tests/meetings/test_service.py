"""The journal is the truth: what is stored, what is refused by the database, and what a replay gives."""

import copy

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from meetings import journal
from meetings.journal import GENESIS
from meetings.model import JournalEntry, Meeting, RollEntry, SecretMark, Vote, Voted
from meetings.result import as_bytes
from meetings.service import Meetings, here
from records.errors import Conflict, Invalid, NotFound
from records.schema import drop_triggers, install_triggers
from tests.meetings.scenes import (
    admitted,
    at,
    closed,
    election,
    event,
    item,
    listed,
    opened,
    outcome_of,
    scene,
    vote,
)

SECRET = [item("q1"), election("q2", secret=True)]


def filled(halls, *events, **changes):
    """A meeting with these events recorded."""
    scenario = scene("in_person", *events, **changes)
    rows = scenario.pop("events")
    meeting = halls.open(scenario)
    halls.record(meeting, *rows)
    return meeting


def voting(halls):
    return filled(halls, admitted(), listed(), opened(), vote("m1..m3"), agenda=SECRET)


def rows_of(engine, model):
    with engine.connect() as connection:
        return connection.execute(select(model.__table__)).mappings().all()


@pytest.mark.requirement("M-74", "M-93")
def test_every_event_is_journaled_with_its_verdict_in_a_chain(halls, engine):
    meeting = voting(halls)
    halls.record(meeting, vote("m1", when="10:11"))
    stored = rows_of(engine, JournalEntry)
    assert [row["kind"] for row in stored] == ["case", *["event"] * 6]
    assert '"already_voted"' in stored[-1]["verdict"]
    assert [row["previous"] for row in stored] == [GENESIS, *[row["digest"] for row in stored[:-1]]]
    assert rows_of(engine, Meeting)[0]["digest"] == stored[-1]["digest"]
    assert halls.faults(meeting) == []


@pytest.mark.requirement("M-93")
def test_another_process_gives_the_same_bytes_from_the_journal(halls, engine):
    meeting = voting(halls)
    halls.record(meeting, closed(), opened("q2", "10:30"), vote("m1..m4", ["c1"], "q2", "10:31"))
    stranger = Meetings(engine)
    assert as_bytes(stranger.result(meeting)) == as_bytes(halls.result(meeting))
    stranger.record(meeting, closed("q2", "10:40"))
    assert halls.result(meeting)["questions"][1]["candidates"][0] == {"id": "c1", "votes": 4}
    assert as_bytes(halls.replayed(meeting)) == as_bytes(halls.result(meeting))


@pytest.mark.requirement("M-74")
@pytest.mark.parametrize("model", [JournalEntry, RollEntry, Vote, Voted, SecretMark])
@pytest.mark.parametrize("verb", ["UPDATE {} SET meeting_id = meeting_id", "DELETE FROM {}"])
def test_no_hand_changes_what_was_written(halls, engine, model, verb):
    meeting = voting(halls)
    halls.record(meeting, closed(), opened("q2", "10:30"), vote("m1", ["c1"], "q2", "10:31"))
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(verb.format(model.__tablename__)))


def without_guards(engine, statement, **values):
    with engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(text(statement), values)
        install_triggers(connection)


@pytest.mark.requirement("M-74")
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE meeting_journal SET body = replace(body, '\"for\"', '\"against\"') WHERE seq = 6",
            "№ 6 изменена",
        ),
        ("UPDATE meeting_journal SET verdict = '{}' WHERE seq = 4", "№ 4 изменена"),
        ("DELETE FROM meeting_journal WHERE seq = 6", "отрезан"),
        ("DELETE FROM meeting_journal WHERE seq = 3", "№ 3"),
    ],
)
def test_a_journal_changed_past_the_guards_is_found_and_the_place_named(halls, engine, statement, fault):
    meeting = voting(halls)
    assert halls.faults(meeting) == []
    without_guards(engine, statement)
    assert any(fault in found.text for found in Meetings(engine).faults(meeting))


@pytest.mark.requirement("M-74")
def test_a_verdict_forged_with_its_whole_chain_is_found_by_the_law(halls, engine):
    meeting = voting(halls)
    last = [
        journal.Entry(**{k: v for k, v in row.items() if k != "meeting_id"})
        for row in rows_of(engine, JournalEntry)
    ][-1]
    forged = last.verdict.replace('"accepted"', '"refused"')
    digest = journal._digest(last.seq, last.kind, last.body, forged, last.previous)
    without_guards(
        engine,
        "UPDATE meeting_journal SET verdict = :v, digest = :d WHERE seq = :s",
        v=forged,
        d=digest,
        s=last.seq,
    )
    without_guards(engine, "UPDATE meeting SET digest = :d", d=digest)
    assert "не следует из правил" in Meetings(engine).faults(meeting)[0].text


# --- votes -----------------------------------------------------------------------------------------


def test_open_votes_are_rows_that_name_their_evidence(halls, engine):
    voting(halls)
    assert [(row["member"], row["mark"], row["seq"]) for row in rows_of(engine, Vote)] == [
        (member, '"for"', 6) for member in ("m1", "m2", "m3")
    ]


@pytest.mark.requirement("M-74", "M-12")
def test_the_key_forbids_a_second_vote_whatever_the_program_thinks(halls, engine):
    meeting = voting(halls)
    with pytest.raises(Conflict), engine.begin() as connection:
        journal.cast_open(connection, meeting, "q1", ["m1"], "against", 7)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(
            insert(Vote).values(meeting_id=meeting, item="q1", member="m1", mark='"for"', seq=7)
        )
    assert len(rows_of(engine, Vote)) == 3


@pytest.mark.requirement("M-74")
@pytest.mark.parametrize(("name", "member"), [("q1", "m11"), ("q2", "m4")])
def test_no_vote_is_cast_off_the_roll_or_on_a_closed_question(halls, engine, name, member):
    meeting = voting(halls)
    with pytest.raises(Conflict), engine.begin() as connection:
        journal.cast_open(connection, meeting, name, [member], "for", 7)
    assert len(rows_of(engine, Vote)) == 3


@pytest.mark.requirement("M-75")
def test_nothing_links_who_voted_in_secret_and_how(halls, engine):
    meeting = voting(halls)
    halls.record(meeting, closed(), opened("q2", "10:30"))
    for number, mark in enumerate((["c1"], ["c2"], ["c1"], []), 1):
        halls.record(meeting, vote(f"m{number}", mark, "q2", "10:31"))
    assert sorted(row["member"] for row in rows_of(engine, Voted)) == ["m1", "m2", "m3", "m4"]
    assert {column.name for column in SecretMark.__table__.columns} == {"key", "meeting_id", "item", "mark"}
    assert sorted(row["mark"] for row in rows_of(engine, SecretMark)) == ['["c1"]', '["c1"]', '["c2"]', "[]"]
    secret = [
        row["body"]
        for row in rows_of(engine, JournalEntry)
        if '"q2"' in row["body"] and '"vote"' in row["body"]
    ]
    assert len(secret) == 4
    assert not any("mark" in body or '"c1"' in body for body in secret)


@pytest.mark.requirement("M-62")
def test_a_second_secret_vote_by_the_same_right_is_refused_and_the_count_stays(halls, engine):
    meeting = voting(halls)
    halls.record(meeting, closed(), opened("q2", "10:30"), vote("m1", ["c1"], "q2", "10:31"))
    again = halls.record(meeting, vote("m1", ["c2"], "q2", "10:31"))[0]
    assert [row.code for row in again.refused] == ["already_voted"]
    with pytest.raises(Conflict), engine.begin() as connection:
        journal.cast_secret(connection, meeting, "q2", ["m1"], ("c2",))
    halls.record(meeting, closed("q2", "10:40"))
    assert [row["votes"] for row in halls.result(meeting)["questions"][1]["candidates"]] == [1, 0, 0]


def test_secret_rows_lie_in_the_order_of_random_keys(halls, engine):
    meeting = voting(halls)
    halls.record(meeting, closed(), opened("q2", "10:30"), vote("m1..m9", ["c1"], "q2", "10:31"))
    with engine.connect() as connection:
        keys = connection.execute(text("SELECT key FROM meeting_secret_mark")).scalars().all()
        with pytest.raises(DatabaseError):
            connection.execute(text("SELECT rowid FROM meeting_secret_mark"))
    assert (len(set(keys)), keys) == (9, sorted(keys))


# --- acts ------------------------------------------------------------------------------------------


def test_a_batch_is_recorded_whole_or_not_at_all(halls, engine):
    meeting = voting(halls)
    before = as_bytes(halls.result(meeting))
    with pytest.raises(Conflict, match="раньше"):
        halls.record(meeting, vote("m4", when="10:12"), vote("m5", when="09:00"))
    assert len(rows_of(engine, Vote)) == 3
    assert as_bytes(halls.result(meeting)) == before == as_bytes(halls.replayed(meeting))


@pytest.mark.parametrize(
    "row", [event("party"), vote("m11"), {"type": "left"}, vote("m1") | {"mark": "maybe"}]
)
def test_what_cannot_be_read_is_refused_and_leaves_no_trace(halls, engine, row):
    meeting = voting(halls)
    with pytest.raises(Invalid):
        halls.record(meeting, row)
    assert len(rows_of(engine, JournalEntry)) == 6


def test_a_meeting_that_is_not_there_is_not_found(halls):
    with pytest.raises(NotFound):
        halls.result(417)


@pytest.mark.requirement("M-143")
def test_a_proxy_revoked_in_mid_question_ends_the_holders_authority(halls):
    proxy = {"id": "d1", "from": ["m2", "m3"], "to": "p1", "issued_on": "2026-04-01"}
    meeting = filled(
        halls, admitted("m4..m10"), admitted(["m2", "m3"], person="p1"), listed(), opened(), proxies=[proxy]
    )
    halls.record(meeting, vote("m2", when="10:06"))
    halls.learn(meeting, {"proxies": [proxy | {"revoked_at": at("10:07")}]})
    halls.record(meeting, vote("m3", when="10:08"))
    assert halls.result(meeting)["events"][-1]["refused"][0]["code"] == "proxy_revoked"
    assert as_bytes(halls.replayed(meeting)) == as_bytes(halls.result(meeting))
    assert halls.faults(meeting) == []


def test_a_proxy_given_after_the_call_is_good_from_then_on(halls):
    meeting = filled(halls)
    row = admitted("m2", person="p1")
    assert halls.record(meeting, row)[0].word == "refused"
    halls.learn(meeting, {"proxies": [{"id": "d1", "from": ["m2"], "to": "p1", "issued_on": "2026-04-01"}]})
    assert halls.record(meeting, row)[0].word == "accepted"


def test_the_service_says_what_the_bare_fold_says(halls):
    rows = [
        admitted("m1..m7"),
        listed(),
        opened(),
        vote("m1..m4"),
        vote("m5", "against"),
        vote("m1"),
        closed(),
    ]
    meeting = filled(halls, *rows)
    assert as_bytes(halls.result(meeting)) == as_bytes(outcome_of(scene("in_person", *rows)))


@pytest.mark.requirement("M-74")
def test_the_running_application_keeps_meetings_in_its_own_database(ctx):
    rows = [admitted("m1..m7"), listed(), opened(), vote("m1..m4"), closed(), opened("q2", "10:30")]
    scenario = scene("in_person", *rows, vote("m1..m4", ["c2"], "q2", "10:31"), agenda=SECRET)
    expected = outcome_of(copy.deepcopy(scenario))
    events = scenario.pop("events")
    meeting = here().open(scenario)
    here().record(meeting, *events)
    assert as_bytes(here().result(meeting)) == as_bytes(here().replayed(meeting)) == as_bytes(expected)
