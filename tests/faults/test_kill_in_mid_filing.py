"""The server is killed at any moment: what was acknowledged is there whole, numbers have no holes."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 10


def environment(instance: Path) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("VECHE_")}
    return env | {"VECHE_INSTANCE": str(instance), "VECHE_SECRET_KEY": "kill", "PYTHONPATH": str(ROOT)}


def prepare(instance: Path) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"]
    done = subprocess.run(command, cwd=ROOT, env=environment(instance), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


@contextmanager
def filer(instance: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that forks filers; what it complains of stands in a file beside the database."""
    with (instance / "complaints").open("w") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.filer"],
            cwd=ROOT,
            env=environment(instance),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
        with process:
            yield process


def file_until_killed(
    process: subprocess.Popen[str], moment: float, *, first: bool, complaints: Path
) -> list[tuple[int, str]]:
    """Let one file and kill it (SIGKILL) so many seconds after its first breath; what it acknowledged."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("first\n" if first else "again\n")
    process.stdin.flush()
    line = process.stdout.readline()
    assert line.startswith("ready "), line + complaints.read_text()
    time.sleep(moment)
    os.kill(int(line.split()[1]), signal.SIGKILL)
    said = ""
    # The dead may have left half a line: its end is where «gone» stands, not a line of its own.
    while not said.endswith("gone\n"):
        heard = process.stdout.readline()
        assert heard, complaints.read_text()
        said += heard
    whole = said.removesuffix("gone\n")
    return [(int(record), number) for record, number in re.findall(r"^(\d+) (\S+)\n", whole, re.M)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.requirement("R-26")
def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    prepare(tmp_path)
    acknowledged: list[tuple[int, str]] = []
    with filer(tmp_path) as process:
        for turn in range(KILLS):
            acknowledged += file_until_killed(
                process, rng.uniform(0.0, 0.3), first=turn == 0, complaints=tmp_path / "complaints"
            )
    database = sqlite3.connect(tmp_path / "veche.db")
    stored = dict(database.execute("SELECT id, number_text FROM record WHERE number_text IS NOT NULL"))
    for record_id, number in acknowledged:
        assert stored[record_id] == number
    seqs = [row[0] for row in database.execute("SELECT seq FROM number WHERE series = 'in' ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    missing = [
        sha
        for (sha,) in database.execute("SELECT DISTINCT sha256 FROM file")
        if not (tmp_path / "files" / sha[:2] / sha).exists()
    ]
    assert missing == []
    database.close()
    check_inside(tmp_path)


def check_inside(instance: Path) -> None:
    """After a restart the archive agrees with itself, orphans are swept, the index is brought up."""
    from app import create_app
    from archive import integrity
    from records import history, outbox
    from records.database import db
    from settings import load

    app = create_app(load({"VECHE_INSTANCE": str(instance), "VECHE_SECRET_KEY": "kill"}))
    with app.app_context():
        assert list(history.verify()) == []
        assert list(integrity.faults()) == []
        integrity.sweep(older_than=timedelta(0))
        assert list((instance / "files" / "incoming").iterdir()) == []
        outbox.drain(["index"])
        assert "index" not in outbox.waiting()
        db.session.remove()
        db.engine.dispose()
