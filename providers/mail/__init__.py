"""Mail providers: SMTP and the local mailbox for sending, IMAP and POP3 for taking letters."""

from __future__ import annotations

from records.ports import LetterSource


def open_source(url: str) -> LetterSource:
    """Connect to the letter box of the setting; the library loads when it is first needed."""
    if url.startswith("imap"):
        from .imap import ImapSource

        return ImapSource(url)
    from .pop3 import Pop3Source

    return Pop3Source(url)
