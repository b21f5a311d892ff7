"""What signatures do after a commit and by the clock; app.py connects it once."""

from __future__ import annotations

from datetime import time

from printing import handler
from records import outbox, timers

from . import longterm, ours, simple_seal, trust, verification


def connect() -> None:
    """Name the handlers of the outbox and the nightly work."""
    outbox.on("signature", verification.verify_jobs, batch=20)
    outbox.on("recheck", verification.recheck_jobs, batch=5)
    outbox.on("sign", ours.sign_jobs, batch=1)
    outbox.on("tst", longterm.stamp_jobs, batch=5)
    handler.before_sending(ours.sign_printed)
    timers.every("signatures.lists", 600, trust.take_folder)
    timers.daily("signatures.night", verification.ask_nightly, at=time(2, 0))
    timers.daily("signatures.stamp", longterm.stamp_archive, at=time(2, 30))
    timers.daily("signatures.key", ours.warn_of_end, at=time(8, 30))
    timers.daily("signatures.simple", simple_seal.seal_yesterday, at=time(0, 30))
