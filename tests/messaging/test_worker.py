"""The worker as its own process: quick to notice, gentle to stop, safe to kill. Timers run once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path

import pytest

from messaging import mail, notify
from messaging.model import MailMessage, Notification
from messaging.unit import alone
from records import outbox, timers
from records.database import db, gate, now, writing
from records.model import Outbox, TimerRun
from tests.world import submitted

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def worker(ctx, instance, database_url):
    """Starts workers on the database of this test; none is left behind."""
    started = []

    def start():
        environment = {
            **os.environ,
            "VECHE_INSTANCE": str(instance),
            "VECHE_DATABASE_URL": database_url,
            "VECHE_SECRET_KEY": "test-key",
        }
        command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for(question, seconds=30.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        db.session.rollback()
        if question():
            return True
        time.sleep(0.02)
    return False


def idle():
    return db.session.query(Outbox).filter(Outbox.run_at <= now(), Outbox.topic == "event").count() == 0


def told(actor):
    return db.session.query(Notification).filter(Notification.user_id == actor.user_id).count()


@pytest.mark.requirement("C-15")
def test_the_worker_tells_of_an_event_soon_after_the_commit_and_stops_when_asked(world, head, worker):
    process = worker()
    submitted(head)
    assert wait_for(lambda: told(head) == 1)
    waits = []
    for number in range(2, 5):
        began = time.monotonic()
        submitted(head)
        assert wait_for(lambda n=number: told(head) == n)
        waits.append(time.monotonic() - began)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=15) == 0
    assert min(waits) < 1.0


def test_lanes_and_writers_do_not_get_in_each_other_s_way(world, head, worker):
    worker()
    for number in range(25):
        submitted(head)
        with alone():
            mail.send("head@member.example", f"Письмо {number}", "plain", {"lines": ["Добрый день"]})
    letters = db.session.query(MailMessage).filter(MailMessage.template == "plain")
    assert wait_for(lambda: letters.filter(MailMessage.state == "sent").count() == 25 and idle(), 60)
    assert [row.error for row in db.session.query(Outbox) if row.tries] == []


def test_work_of_a_killed_worker_is_done_by_the_next(world, head, worker):
    first = worker()
    submitted(head)
    assert wait_for(lambda: told(head) == 1)
    first.kill()
    first.wait()
    submitted(head)
    with writing(gate()):  # as if the killed one had taken the rows two minutes ago
        db.session.query(Outbox).update({"leased_until": now() - timedelta(seconds=1)})
        db.session.commit()
    worker()
    assert wait_for(lambda: told(head) == 2 and idle())


def test_nothing_to_do_leaves_no_transaction_open(world):
    outbox.drain(["event"])
    assert outbox.ready() == []
    assert not db.session().in_transaction()


@pytest.fixture
def bare(monkeypatch):
    """Only the timers of the test."""
    monkeypatch.setattr(timers, "_timers", {})


def test_a_timer_runs_once_however_many_workers_look(world, bare, drain):
    done = []
    timers.every("test", 3600, lambda: done.append(1))
    assert [timers.start_due(), timers.start_due()] == [1, 0]
    drain(["timer"])
    drain(["timer"])
    assert done == [1]


def test_a_daily_timer_missed_is_made_up_and_not_repeated(world, bare, monkeypatch, drain):
    done = []
    timers.daily("test", lambda: done.append(1), at=clock(8))

    def at(day, hour):  # Moscow is three hours ahead
        monkeypatch.setattr(timers, "now", lambda: datetime(2026, 11, day, hour - 3, tzinfo=UTC))
        timers.start_due()
        drain(["timer"])
        return len(done)

    assert [at(20, 9), at(20, 15), at(21, 7), at(21, 8), at(23, 6), at(23, 9)] == [1, 1, 1, 2, 3, 4]


def test_a_timer_that_failed_comes_round_by_the_outbox(world, bare, drain):
    def fails():
        raise RuntimeError("no")

    timers.every("test", 3600, fails)
    timers.start_due()
    drain(["timer"])
    row = db.session.query(Outbox).filter(Outbox.topic == "timer").one()
    assert (row.tries, "no" in row.error) == (1, True)
    assert db.session.get(TimerRun, "test") is not None


def test_the_program_names_its_timers(ctx):
    assert {"due", "reminders", "digest"} <= set(timers._timers)
    assert notify.NOTICE_DELAY.total_seconds() < 60
