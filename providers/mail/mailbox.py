"""The local mailbox: nothing leaves the machine, a demonstration page shows what would have gone."""

from __future__ import annotations


class LocalMailbox:
    """Takes every letter; the page reads them from the journal of outgoing mail."""

    name = "mailbox"

    def __init__(self) -> None:
        self.taken = 0

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        self.taken += 1
