"""What the desks do after a commit and by the clock; app.py connects it once."""

from __future__ import annotations

from records import kind_versions, outbox, timers

from . import alerts, bulk, index_switch


def connect() -> None:
    """Name the handler of long acts and the timer of saved views."""
    kind_versions.connect()
    outbox.on("bulk", bulk.run_jobs, batch=1)
    outbox.on("index-switch", index_switch.run_jobs, batch=1)
    timers.every("saved-views", 300, alerts.tell_all)
