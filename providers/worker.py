"""The worker: does the work of the outbox and the timers as its own process.

One thread looks for ready work five times a second (one small indexed question); the work itself runs in
lanes, so that a slow mail server or a heavy PDF never keeps a notice or the index waiting.
A killed worker loses nothing: the outbox gives its rows to the next one when their lease ends.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Mapping
from types import FrameType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from records import outbox, timers
from records.database import db

log = logging.getLogger("worker")

POLL = 0.2
TIMERS_EVERY = 5.0
AFTER_FAULT = 2.0
SLOW: Mapping[str, str] = {
    "mail": "mail",
    "webhook": "webhook",
    "timer": "timer",
    "intake": "intake",
    "extract": "files",
    "print": "files",
    "reindex": "files",
    "signature": "signing",
    "recheck": "signing",
    "sign": "signing",
    "tst": "signing",
}
"""Topic → lane; the rest share the quick lane."""

every = timers.every
daily = timers.daily


class Lane:
    """A thread that does the topics of its lane when told that there is work."""

    def __init__(self, app: Flask, name: str) -> None:
        self.app, self.name = app, name
        self.wake = threading.Event()
        self.ready: set[str] = set()
        self.stopping = False
        self.thread = threading.Thread(target=self._run, name=f"lane-{name}", daemon=True)
        self.thread.start()

    def tell(self, topics: set[str]) -> None:
        self.ready = topics
        self.wake.set()

    def stop(self) -> None:
        self.stopping = True
        self.wake.set()

    def _run(self) -> None:
        while True:
            self.wake.wait()
            self.wake.clear()
            if self.stopping:
                return
            with self.app.app_context():
                try:
                    # A bounded portion, so that a stop is obeyed in the middle of a long queue.
                    while not self.stopping and outbox.drain(sorted(self.ready), limit=1):
                        continue
                except SQLAlchemyError as error:
                    log.error("lane %s: %s", self.name, error)
                    time.sleep(AFTER_FAULT)
                finally:
                    db.session.remove()


class Worker:
    """Looks for work until told to stop."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopped = threading.Event()
        self.lanes: dict[str, Lane] = {}

    def stop(self, number: int = 0, _frame: FrameType | None = None) -> None:
        """Finish what is in hand, take nothing new (SIGTERM, SIGINT)."""
        self.stopped.set()

    def run(self, *, parent: int | None = None) -> None:
        """The loop. With a parent given, ends when the parent is gone, so that nothing is left behind."""
        next_timers = 0.0
        while not self.stopped.is_set():
            if parent is not None and os.getppid() != parent:
                break
            with self.app.app_context():
                try:
                    if time.monotonic() >= next_timers:
                        timers.start_due()
                        next_timers = time.monotonic() + TIMERS_EVERY
                    self._tell(outbox.ready())
                    pause = POLL
                except SQLAlchemyError as error:
                    log.error("outbox: %s", error)
                    pause = AFTER_FAULT
                finally:
                    db.session.remove()
            self.stopped.wait(pause)
        self._end()

    def _tell(self, topics: list[str]) -> None:
        work: dict[str, set[str]] = {}
        for topic in topics:
            work.setdefault(SLOW.get(topic, "quick"), set()).add(topic)
        for name, ready in work.items():
            if name not in self.lanes:
                self.lanes[name] = Lane(self.app, name)
            self.lanes[name].tell(ready)

    def _end(self) -> None:
        for lane in self.lanes.values():
            lane.stop()
        for lane in self.lanes.values():
            lane.thread.join(timeout=8)


def serve(app: Flask) -> None:
    """Run as the main thread of a process until SIGTERM or Ctrl+C."""
    worker = Worker(app)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run(parent=os.getppid())
