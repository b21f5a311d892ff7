"""Taking letters by POP3 (standard library): a letter is deleted from the server once it is safely kept."""

from __future__ import annotations

import poplib
import ssl
from collections.abc import Iterator

from records.ports import MailDelayed

from .address import Server, parse

PORTS = {"pop3": 110, "pop3s": 995}
TIMEOUT = 30
MOST = 200
# Programs send lines far longer than the standard allows; such a letter is not to block the whole box.
poplib._MAXLINE = 2**20  # type: ignore[attr-defined]


class Pop3Source:
    """One maildrop of one server."""

    def __init__(self, url: str, *, context: ssl.SSLContext | None = None) -> None:
        server = parse(url, PORTS)
        self.name = server.name
        try:
            self._client = self._connect(server, context)
        except (poplib.error_proto, OSError) as error:
            raise MailDelayed(f"{self.name}: {error}") from error
        try:
            self._client.user(server.user)
            self._client.pass_(server.password)
        except (poplib.error_proto, OSError) as error:
            self._client.close()
            raise MailDelayed(f"{self.name}: {error}") from error

    @staticmethod
    def _connect(server: Server, context: ssl.SSLContext | None) -> poplib.POP3:
        secure = context or ssl.create_default_context()
        if server.scheme == "pop3s":
            return poplib.POP3_SSL(server.host, server.port, timeout=TIMEOUT, context=secure)
        client = poplib.POP3(server.host, server.port, timeout=TIMEOUT)
        if "STLS" in client.capa():
            client.stls(secure)
        return client

    def letters(self) -> Iterator[tuple[str, bytes]]:
        try:
            count = len(self._client.list()[1])
            for number in range(1, min(count, MOST) + 1):
                lines = self._client.retr(number)[1]
                yield str(number), b"\r\n".join(lines) + b"\r\n"
        except (poplib.error_proto, OSError) as error:
            raise MailDelayed(f"{self.name}: {error}") from error

    def done(self, key: str) -> None:
        """Deletion takes force when the connection is closed in order; a broken one leaves it there."""
        try:
            self._client.dele(int(key))
        except (poplib.error_proto, OSError) as error:
            raise MailDelayed(f"{self.name}: {error}") from error

    def close(self) -> None:
        try:
            self._client.quit()
        except (poplib.error_proto, OSError):
            self._client.close()
