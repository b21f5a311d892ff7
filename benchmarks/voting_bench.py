"""A burst of votes through the service on SQLite, from 64 threads, beside bare inserts of the same rows.

VECHE_BENCH_VOTERS changes how many vote (default 5,000).
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, insert, text

from meetings.burst import Burst
from meetings.model import JournalEntry, Meeting, Vote
from meetings.service import Meetings
from records.database import Model, WriteGate, prepare_engine
from records.schema import install_triggers

VOTERS = int(os.environ.get("VECHE_BENCH_VOTERS", "5000"))
THREADS = 64
Row = dict[str, object]


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="voting-") as folder:
        engine = _database(Path(folder) / "votes.db")
        bare = _bare(engine)
        waits, lasted, counted = _burst(engine, Path(folder))
        engine.dispose()
    waits.sort()
    slow = waits[int(len(waits) * 0.95)] * 1000
    share = (VOTERS / lasted) / (VOTERS / bare)
    title = f"{VOTERS:,} votes from {THREADS} threads through the service, SQLite"
    return [
        _row(f"{title}: all on the disk", lasted, "s", 5.0, "≤ 5 s", lasted <= 5),
        _row(f"{title}: p95 of a vote", slow, "ms", 500.0, "≤ 500 ms", slow <= 500),
        _row(f"{title}: of bare inserts in one transaction", share, "share", 0.2, "≥ 0.2", share >= 0.2),
        _row(f"{title}: lost or doubled", abs(VOTERS - counted), "votes", 0.0, "none", counted == VOTERS),
    ]


def _row(name: str, value: float, unit: str, reference: float, goal: str, holds: bool) -> Row:
    ratio = value / reference if reference else 0.0
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "reference": reference,
        "ratio": ratio,
        "goal": goal,
        "holds": holds,
    }


def _database(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", pool_size=THREADS)
    prepare_engine(engine)
    with engine.begin() as connection:
        Model.metadata.create_all(connection)
        install_triggers(connection)
    return engine


def _bare(engine: Engine) -> float:
    """A row of the journal and a row of the vote for every voter, in one transaction and nothing else."""
    with engine.begin() as connection:
        meeting = connection.execute(insert(Meeting).values(name="bare", digest="0" * 64, entry_count=0))
        key = meeting.inserted_primary_key
        assert key is not None  # the driver always tells the key of one inserted row
    digest = "0" * 64
    started = time.perf_counter()
    with engine.begin() as connection:
        for n in range(1, VOTERS + 1):
            connection.execute(
                insert(JournalEntry),
                {
                    "meeting_id": key[0],
                    "seq": n,
                    "kind": "event",
                    "body": "{}",
                    "verdict": "{}",
                    "previous": digest,
                    "digest": digest,
                },
            )
            connection.execute(
                insert(Vote),
                {"meeting_id": key[0], "item": "q1", "member": f"m{n}", "mark": '"for"', "seq": n},
            )
    return time.perf_counter() - started


def _burst(engine: Engine, folder: Path) -> tuple[list[float], float, int]:
    halls = Meetings(engine, WriteGate(folder / "writer"))
    meeting = halls.open(_case())
    everybody = [f"m1..m{VOTERS}"]
    halls.record(
        meeting,
        {"at": "2026-04-08T12:00:00+03:00", "type": "notice_sent"},
        {"at": "2026-04-23T09:30:00+03:00", "type": "admitted", "members": everybody},
        {"at": "2026-04-23T10:00:00+03:00", "type": "list_closed"},
        {"at": "2026-04-23T10:05:00+03:00", "type": "question_opened", "item": "q1"},
    )
    burst = Burst(halls, clock=lambda: datetime(2026, 4, 23, 7, 10, tzinfo=UTC))
    ready = threading.Barrier(THREADS + 1)

    def voter(thread: int) -> list[float]:
        waits = []
        ready.wait()
        for n in range(thread + 1, VOTERS + 1, THREADS):
            began = time.perf_counter()
            burst.record(meeting, {"type": "vote", "members": [f"m{n}"], "item": "q1", "mark": "for"})
            waits.append(time.perf_counter() - began)
        return waits

    with ThreadPoolExecutor(THREADS) as pool:
        made = [pool.submit(voter, number) for number in range(THREADS)]
        ready.wait()
        started = time.perf_counter()
        waits = [wait for one in made for wait in one.result()]
        lasted = time.perf_counter() - started
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM meeting_vote WHERE meeting_id = :meeting")
        counted = int(connection.execute(query, {"meeting": meeting}).scalar_one())
    return waits, lasted, counted


def _case() -> dict[str, object]:
    board = {"chair": "k1", "secretary": "k2", "members": ["k3"]}
    return {
        "format": "meeting-scenario/1",
        "id": "burst",
        "sro": {"zone": "Europe/Moscow"},
        "people": {"k1": "k1", "k2": "k2", "k3": "k3"},
        "members": [{"ids": f"m1..m{VOTERS}"}],
        "meeting": {
            "form": "in_person",
            "kind": "regular",
            "place": "г. Условск",
            "basis": {"kind": "charter", "document": "Устав, п. 8.4"},
            "counting_board": board,
            "starts_at": "2026-04-23T10:00:00+03:00",
        },
        "agenda": [{"id": "q1", "class": "ordinary"}],
    }
