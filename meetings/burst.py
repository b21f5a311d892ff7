"""Group commit: whoever comes while a transaction is being written shares the next one.

A vote waits for the turn of the meetings; the first to get it records everything that has queued up
meanwhile in one transaction, and each caller is answered only after that transaction is on the disk.
Never call it while holding the turn of the meetings or a unit of work: who writes would wait for both.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from records import database
from records.errors import RecordsError

from .fold import Verdict
from .journal import Entry
from .service import Meetings

MOST: Final = 500
"""How many events one transaction takes: a longer one would make the first of them wait."""

Receipt = tuple[Entry, Verdict]


@dataclass
class _Ticket:
    meeting_id: int
    event: Mapping[str, Any]
    receipt: Receipt | None = None
    error: Exception | None = None
    leads: bool = False
    called: threading.Event = field(default_factory=threading.Event)
    """Set when the ticket is served, or when it is its turn to lead."""

    @property
    def is_served(self) -> bool:
        return self.receipt is not None or self.error is not None


class Burst:
    """The queue before the journals of one process: one of those who wait writes for all of them."""

    def __init__(self, halls: Meetings, clock: Callable[[], datetime] | None = None) -> None:
        self.halls, self._clock = halls, clock
        self._waiting: deque[_Ticket] = deque()
        self._queue, self._is_led = threading.Lock(), False

    def record(self, meeting_id: int, event: Mapping[str, Any]) -> Receipt:
        """Journal an event when its turn comes. Raises what the service raises for this event alone."""
        ticket = _Ticket(meeting_id, event)
        with self._queue:
            self._waiting.append(ticket)
            ticket.leads, self._is_led = not self._is_led, True
        if not ticket.leads:
            ticket.called.wait()
        if ticket.leads:
            self._lead(ticket)
        if ticket.error is not None:
            raise ticket.error
        assert ticket.receipt is not None  # served without an error
        return ticket.receipt

    def _lead(self, ticket: _Ticket) -> None:
        """Write until the own ticket is served, then let the next who waits lead."""
        try:
            while not ticket.is_served:
                self._serve(ticket)
        finally:
            with self._queue:
                self._is_led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].leads = True
                    self._waiting[0].called.set()

    def _serve(self, leader: _Ticket) -> None:
        """The next batch: events of one meeting, in the order they came."""
        with self.halls.turn():
            with self._queue:
                batch = [self._waiting.popleft()]
                same = batch[0].meeting_id
                while self._waiting and len(batch) < MOST and self._waiting[0].meeting_id == same:
                    batch.append(self._waiting.popleft())
            self._settle(batch)
        for ticket in batch:
            if ticket is not leader:
                ticket.called.set()

    def _settle(self, batch: list[_Ticket]) -> None:
        try:
            self._write(batch)
        except RecordsError as error:
            self._one_by_one(batch, error)
        except Exception as error:
            for ticket in batch:  # a failure of the database: nothing was written, everybody is told
                ticket.error = error

    def _one_by_one(self, batch: list[_Ticket], error: RecordsError) -> None:
        """One bad event must not spoil those that came with it."""
        if len(batch) == 1:
            batch[0].error = error
            return
        for ticket in batch:
            try:
                self._write([ticket])
            except Exception as own:
                ticket.error = own

    def _write(self, batch: list[_Ticket]) -> None:
        at = (self._clock or database.now)().isoformat(timespec="seconds")
        made = self.halls.receipts(batch[0].meeting_id, *({"at": at, **ticket.event} for ticket in batch))
        for ticket, receipt in zip(batch, made, strict=True):
            ticket.receipt = receipt


_bursts: dict[int, Burst] = {}
_making = threading.Lock()


def of(halls: Meetings) -> Burst:
    """The queue of these meetings."""
    with _making:
        found = _bursts.get(id(halls))
        if found is None or found.halls is not halls:
            found = _bursts[id(halls)] = Burst(halls)
        return found
