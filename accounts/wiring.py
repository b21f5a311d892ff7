"""What accounts do after a commit and by the clock: letters and their fate, what may be forgotten."""

from __future__ import annotations

from datetime import time

from messaging import mail
from records import outbox, timers

from . import expiry, invitations, one_time, recovery


def connect() -> None:
    """Name the handlers of the outbox (app.py, at start)."""
    outbox.on(invitations.TOPIC, invitations.send_jobs, batch=50)
    outbox.on(recovery.TOPIC, recovery.reset_jobs, batch=20)
    if one_time.follow_mail not in mail.outcomes:
        mail.outcomes.append(one_time.follow_mail)
    timers.daily("accounts.sessions", expiry.forget_sessions, at=time(1, 40))
    timers.daily("accounts.attempts", expiry.forget_attempts, at=time(1, 45))
