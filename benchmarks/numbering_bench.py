"""Sixteen people register at once on each database: no gap, no error, nobody waits long.

VECHE_BENCH_NUMBERING makes the run shorter (default 60 s for each database); VECHE_BENCH_RATE is how many
registrations a second they make together (default 20: a busy office; as fast as they can is not an office).
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Sequence

import psycopg

from benchmarks.filing_bench import sent
from benchmarks.site import Client, Site, together

SECONDS = float(os.environ.get("VECHE_BENCH_NUMBERING", "60"))
RATE = float(os.environ.get("VECHE_BENCH_RATE", "20"))
PEOPLE = 16
GOAL = 200.0
DRAFT = json.dumps(
    {"kind": "letter", "fields": {"subject": "Измерение", "text": "Просим сообщить."}}
).encode()
NUMBERS = "SELECT seq FROM number WHERE series = 'in' ORDER BY seq"
Row = dict[str, object]


def run() -> list[Row]:
    rows = _measured("SQLite", None, _numbers_in_file)
    from tests import postgres

    url = postgres.create_database("bench_numbering")
    try:
        dsn = postgres.server().dsn("bench_numbering")
        return rows + _measured("PostgreSQL", url, lambda site: _numbers_on_server(dsn))
    finally:
        postgres.drop_database("bench_numbering")


def _measured(name: str, url: str | None, numbers: object) -> list[Row]:
    with Site(database_url=url) as site:
        _register(site.program())
        waits = _register_together(site)
        given: Sequence[int] = numbers(site)  # type: ignore[operator]
    gaps = len(set(range(1, len(waits) + 2)) ^ set(given)) + len(given) - len(set(given))
    worst = max(waits) * 1000
    median = sorted(waits)[len(waits) // 2] * 1000
    title = f"{PEOPLE} people registering for {SECONDS:.0f} s, {name}"
    return [
        {
            "name": f"{title}: worst wait of {len(waits)}",
            "value": worst,
            "unit": "ms",
            "reference": median,
            "ratio": worst / median,
            "goal": f"≤ {GOAL:.0f} ms",
            "holds": worst <= GOAL,
        },
        {
            "name": f"{title}: gaps and repeats among {len(given)} numbers",
            "value": gaps,
            "unit": "numbers",
            "reference": 0,
            "ratio": 0.0,
            "goal": "none",
            "holds": gaps == 0,
        },
    ]


def _register_together(site: Site) -> list[float]:
    """How long each registration lasted; an answer that is an error ends the measurement."""
    waits: list[float] = []
    started, pause = time.perf_counter(), PEOPLE / RATE

    def person(number: int) -> None:
        program, turn = site.program(), started + pause * number / PEOPLE
        while turn - started < SECONDS:
            time.sleep(max(0.0, turn - time.perf_counter()))
            waits.append(_register(program))
            turn += pause

    together(PEOPLE, person)
    return waits


def _register(program: Client) -> float:
    """Seconds of the request that gives the number."""
    made = sent(program, "/api/v1/records", DRAFT, "application/json")
    began = time.perf_counter()
    sent(program, f"/api/v1/records/{made['id']}/actions/submit", b"{}", "application/json")
    return time.perf_counter() - began


def _numbers_in_file(site: Site) -> list[int]:
    with sqlite3.connect(site.folder / "veche.db") as connection:
        return [row[0] for row in connection.execute(NUMBERS)]


def _numbers_on_server(dsn: str) -> list[int]:
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute(NUMBERS)]
