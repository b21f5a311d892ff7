"""Taking letters by IMAP (standard library): unseen ones, marked as seen only when they are safely kept."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from typing import Any

from records.ports import MailDelayed

from .address import parse

PORTS = {"imap": 143, "imaps": 993}
TIMEOUT = 30
MOST = 200
"""Letters a round; the rest wait for the next, so that a full box does not hold one connection for hours."""


class ImapSource:
    """One folder of one server."""

    def __init__(self, url: str, *, context: ssl.SSLContext | None = None) -> None:
        server = parse(url, PORTS)
        self.name = server.name
        try:
            self._client = self._connect(server.scheme, server.host, server.port, context)
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailDelayed(f"{self.name}: {error}") from error
        try:
            self._client.login(server.user, server.password)
            status, _ = self._client.select(_quoted(server.path or "INBOX"))
        except (imaplib.IMAP4.error, OSError) as error:
            self._client.shutdown()
            raise MailDelayed(f"{self.name}: {error}") from error
        if status != "OK":
            self._client.shutdown()
            raise MailDelayed(f"{self.name}: нет такой папки")

    @staticmethod
    def _connect(scheme: str, host: str, port: int, context: ssl.SSLContext | None) -> imaplib.IMAP4:
        secure = context or ssl.create_default_context()
        if scheme == "imaps":
            return imaplib.IMAP4_SSL(host, port, ssl_context=secure, timeout=TIMEOUT)
        client = imaplib.IMAP4(host, port, timeout=TIMEOUT)
        if "STARTTLS" in client.capabilities:
            client.starttls(secure)
        return client

    def letters(self) -> Iterator[tuple[str, bytes]]:
        """Unseen letters by their permanent numbers; looking does not mark them."""
        found = self._ask(lambda: self._client.uid("SEARCH", "UNSEEN"))
        uids = (found[0] or b"").split() if found else []
        for uid in uids[:MOST]:
            key = uid.decode("ascii")
            raw = self._fetch(key)
            if raw is not None:
                yield key, raw

    def _fetch(self, key: str) -> bytes | None:
        parts = self._ask(lambda: self._client.uid("FETCH", key, "(BODY.PEEK[])"))
        return next((part[1] for part in parts if isinstance(part, tuple)), None)

    def done(self, key: str) -> None:
        self._ask(lambda: self._client.uid("STORE", key, "+FLAGS.SILENT", r"(\Seen)"))

    def _ask(self, question: Callable[[], tuple[str, list[Any]]]) -> list[Any]:
        try:
            status, answer = question()
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailDelayed(f"{self.name}: {error}") from error
        if status != "OK":
            raise MailDelayed(f"{self.name}: {answer!r}"[:300])
        return answer

    def close(self) -> None:
        try:
            self._client.logout()
        except (imaplib.IMAP4.error, OSError):
            self._client.shutdown()


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
