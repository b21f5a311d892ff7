"""Many votes at once share transactions: none lost, none doubled, one bad one spoils nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sqlalchemy import text

from meetings.burst import Burst
from meetings.service import Meetings
from records.errors import Invalid
from tests.meetings.conftest import engine, halls  # noqa: F401 - fixtures of the law's tests
from tests.meetings.scenes import admitted, at, listed, opened, scene


def voting(halls: Meetings) -> tuple[Burst, int]:  # noqa: F811
    scenario = scene("in_person", admitted("m1..m60"), listed(), opened(), members=[{"ids": "m1..m60"}])
    events = scenario.pop("events")
    meeting = halls.open(scenario)
    halls.record(meeting, *events)
    return Burst(halls, clock=lambda: datetime.fromisoformat(at("10:10"))), meeting


def cast(burst, meeting, member, mark="for"):
    return burst.record(meeting, {"type": "vote", "members": [member], "item": "q1", "mark": mark})


def test_every_acknowledged_vote_is_counted_once(halls, engine):  # noqa: F811
    burst, meeting = voting(halls)
    twice = [f"m{n}" for n in range(1, 61)] * 2
    with ThreadPoolExecutor(12) as pool:
        words = [made[1].word for made in pool.map(lambda member: cast(burst, meeting, member), twice)]
    assert (words.count("accepted"), words.count("refused")) == (60, 60)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM meeting_vote")).scalar_one() == 60
    assert halls.faults(meeting) == []
    assert Meetings(engine).room(meeting).state.questions["q1"].voted == {f"m{n}" for n in range(1, 61)}


def test_a_vote_that_cannot_be_read_is_refused_alone(halls):  # noqa: F811
    burst, meeting = voting(halls)
    with ThreadPoolExecutor(8) as pool:
        marks = ["for", "никак"] * 10
        made = [pool.submit(cast, burst, meeting, f"m{n}", mark) for n, mark in enumerate(marks, 1)]
        errors = [one.exception() for one in made]
    assert [isinstance(error, Invalid) for error in errors] == [False, True] * 10
    assert len(halls.room(meeting).state.questions["q1"].voted) == 10


def test_a_receipt_names_the_entry_that_holds_the_vote(halls, engine):  # noqa: F811
    burst, meeting = voting(halls)
    entry, _ = cast(burst, meeting, "m7")
    with engine.connect() as connection:
        query = text("SELECT digest FROM meeting_journal WHERE seq = :seq")
        assert connection.execute(query, {"seq": entry.seq}).scalar_one() == entry.digest
