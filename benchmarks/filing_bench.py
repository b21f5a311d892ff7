"""Filing over HTTP: a draft, a file of 20 kB, submitted: number, history, outbox; synchronous=FULL.

Eight clients file through the JSON API while the worker does its own work beside them. The reference is
Plone 6, with which users compare: 5.8 creates a second, without a file or a number.
VECHE_BENCH_SECONDS makes the run longer (default 15).
"""

from __future__ import annotations

import json
import os
import random
import time

from benchmarks.site import Client, Site, processor, slowest, together

SECONDS = float(os.environ.get("VECHE_BENCH_SECONDS", "15"))
CLIENTS = 8
FILE = 20_000
PLONE = 5.8
BOUNDARY = "----filing"
Row = dict[str, object]


def run() -> list[Row]:
    with Site(records=1000) as site:
        _file_one(site.program(), 0)
        seconds, spent, elapsed = _file_for(site, SECONDS)
        rate, late = len(seconds) / elapsed, slowest(seconds)
        each = spent / len(seconds)
    return [
        {
            "name": f"filings over HTTP, {CLIENTS} clients",
            "value": rate,
            "unit": "filings/s",
            "reference": PLONE,
            "ratio": rate / PLONE,
            "goal": "≥ 60/s",
            "holds": rate >= 60,
        },
        {
            "name": f"slow filings (three requests together), {CLIENTS} clients",
            "value": late,
            "unit": "ms, 95th percentile",
            "reference": 120.0,
            "ratio": late / 120,
            "goal": "≤ 120 ms",
            "holds": late <= 120,
        },
        {
            "name": "processor time of the web server for a filing",
            "value": each * 1000,
            "unit": "ms",
            "reference": 1000 / 60,
            "ratio": each * 60,
            "goal": "≤ 16.7 ms (60/s of one core)",
            "holds": each <= 1 / 60,
        },
    ]


def _file_for(site: Site, length: float) -> tuple[list[float], float, float]:
    """Seconds of each filing, processor time taken, and how long it lasted."""
    seconds: list[float] = []
    started, spent = time.perf_counter(), processor(site.processes[0])

    def client(number: int) -> None:
        program, made = site.program(), 0
        while time.perf_counter() - started < length:
            began = time.perf_counter()
            _file_one(program, number * 1_000_000 + made)
            seconds.append(time.perf_counter() - began)
            made += 1

    together(CLIENTS, client)
    return seconds, processor(site.processes[0]) - spent, time.perf_counter() - started


def _file_one(program: Client, number: int) -> None:
    """What a member's program does with one paper; every answer is checked."""
    fields = {"subject": f"Измерение {number}", "topic": "general", "text": "Просим сообщить сроки проверки."}
    body = json.dumps({"kind": "letter", "fields": fields}).encode()
    made = sent(program, "/api/v1/records", body, "application/json")
    files = f"/api/v1/records/{made['id']}/files"
    sent(program, files, _form(number), f"multipart/form-data; boundary={BOUNDARY}")
    filed = sent(program, f"/api/v1/records/{made['id']}/actions/submit", b"{}", "application/json")
    if not filed["numbers"]:
        raise ValueError(f"no number: {filed}")


def sent(program: Client, path: str, body: bytes, content_type: str) -> dict[str, object]:
    answer = program.post(path, body, content_type)
    if answer.status not in (200, 201):
        raise ValueError(f"{path}: {answer.status} {answer.body[:500]!r}")
    found: dict[str, object] = json.loads(answer.body)
    return found


def _form(number: int) -> bytes:
    """A text of 20 kB, no two alike: equal bytes would be stored once."""
    text = " ".join(random.Random(number).choices(("акт", "смета", "проверка", "взнос"), k=FILE)).encode()[
        :FILE
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="письмо-{number}.txt"\r\n'
        "Content-Type: text/plain\r\n\r\n"
    )
    return head.encode() + text.decode(errors="ignore").encode() + f"\r\n--{BOUNDARY}--\r\n".encode()
