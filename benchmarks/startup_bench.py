"""From starting the programs to the first list of a logged-in person, on an archive that is there already."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

from benchmarks.site import ROOT, Site, stop

RUNS = 3
GOAL = 2.0
Row = dict[str, object]


def run() -> list[Row]:
    bare = statistics.median(_bare() for _ in range(RUNS))
    site = Site(records=1000)
    taken = [_start(site) for _ in range(RUNS)]
    with site:
        site.browser("curator").get("/records")
    seconds = statistics.median(taken)
    return [
        {
            "name": "start to the first list of a logged-in person",
            "value": seconds,
            "unit": "s",
            "reference": bare,
            "ratio": seconds / bare,
            "goal": f"≤ {GOAL:.0f} s",
            "holds": seconds <= GOAL,
        }
    ]


def _start(site: Site) -> float:
    site.processes.clear()
    started = time.perf_counter()
    site.start()
    try:
        answer = site.browser("curator").get("/records")
        if answer.status != 200:
            raise ValueError(answer.status)
        return time.perf_counter() - started
    finally:
        stop(site.processes)


def _bare() -> float:
    """The reference: an interpreter that only imports what any such site imports."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "import flask, flask_sqlalchemy, flask_wtf, granian"],
        cwd=ROOT,
        env=os.environ,
        check=True,
    )
    return time.perf_counter() - started
