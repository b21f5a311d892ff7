"""What messaging does for the outbox and by the clock; app.py connects it once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from records import outbox, timers

from . import digest, intake, keeping, mail, notify, reminders, webhooks


def connect(*, takes_letters: bool = False) -> None:
    """Name the handlers of the topics and the timers."""
    outbox.on("event", event_jobs)
    outbox.on("notice", notify.notice_jobs)
    outbox.on("lost", notify.lost_jobs)
    outbox.on("mail", mail.send_jobs, batch=1)
    outbox.on("webhook", webhooks.pump_jobs, batch=20)
    outbox.on("intake", intake.letter_jobs, batch=1)
    outbox.on("timer", timers.timer_jobs, batch=1)
    timers.every("due", 300, reminders.pass_due)
    timers.daily("reminders", reminders.remind, at=time(7, 30))
    timers.daily("notices", keeping.forget_notices, at=time(1, 50))
    timers.daily("digest", digest.send_all, at=time(8))
    if takes_letters:
        timers.every("mail-intake", 60, intake.fetch)


def event_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "event": people first, then programs."""
    notify.event_jobs(jobs)
    webhooks.event_jobs(jobs)
