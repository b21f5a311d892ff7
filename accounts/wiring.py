"""What accounts do after a commit: letters of invitations and resets, the fate of those letters."""

from __future__ import annotations

from messaging import mail
from records import outbox

from . import invitations, one_time, recovery


def connect() -> None:
    """Name the handlers of the outbox (app.py, at start)."""
    outbox.on(invitations.TOPIC, invitations.send_jobs, batch=50)
    outbox.on(recovery.TOPIC, recovery.reset_jobs, batch=20)
    if one_time.follow_mail not in mail.outcomes:
        mail.outcomes.append(one_time.follow_mail)
