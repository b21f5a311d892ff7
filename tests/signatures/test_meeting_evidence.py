"""A meeting's evidence leaves in one zip, and a stranger checks it without the program."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from meetings import preparing, taking
from meetings.service import here
from records.database import db
from records.errors import Refused
from records.model import Record
from records.service import work
from signatures import meeting_evidence
from tests.meetings_papers.conftest import at
from tests.meetings_papers.conftest import board as board
from tests.meetings_papers.conftest import plan as plan

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def called(ctx, secretary, plan) -> Record:
    with here().turn(), work(secretary, at=at("11-23")):
        record = preparing.begin(secretary, plan)
        preparing.call(secretary, record.id)
    found = db.session.get(Record, record.id)
    assert found is not None
    return found


def checked(package: Path) -> subprocess.CompletedProcess[str]:
    """As on another machine: no settings, no database."""
    command = [sys.executable, "-m", "signing.verifier", str(package)]
    return subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True)


@pytest.mark.requirement("M-94")
def test_the_package_holds_the_journal_and_the_papers(called, head, tmp_path):
    with here().turn(), work(head, at=at("12-03")):
        taking.send_ballot(head, called.id, {"q1": "for", "q2": "against"})
    target = tmp_path / "собрание.zip"
    digest = meeting_evidence.export(called, target)
    told = checked(target).stdout
    assert digest in told
    assert "цепочка цела" in told
    with zipfile.ZipFile(target) as archive:
        lines = [json.loads(line) for line in archive.read("journal.jsonl").decode().splitlines()]
        assert {"papers/notice.docx", "papers/notice.pdf", "result.json"} <= set(archive.namelist())
    assert [line["content"].get("type") for line in lines][-1] == "ballot_received"
    assert lines[-1]["verdict"]["verdict"] == "accepted"


@pytest.mark.requirement("M-94")
def test_a_changed_journal_is_named_by_the_verifier(called, tmp_path):
    target, forged = tmp_path / "a.zip", tmp_path / "b.zip"
    meeting_evidence.export(called, target)
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(forged, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, data.replace(b"accepted", b"refused_") if name == "journal.jsonl" else data)
    done = checked(forged)
    assert done.returncode == 1
    assert "journal.jsonl" in done.stdout


def test_a_meeting_that_is_not_called_has_no_evidence(ctx, secretary, plan, tmp_path):
    with here().turn(), work(secretary, at=at("11-23")):
        record = preparing.begin(secretary, plan)
    with pytest.raises(Refused, match="ещё не созвано"):
        meeting_evidence.export(record, tmp_path / "a.zip")
