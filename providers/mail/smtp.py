"""Sending by SMTP (standard library): smtps:// is TLS at once, smtp:// uses STARTTLS when offered.

The password is never sent in the clear: without TLS a login is refused, unless the server is this machine.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
import time

from records.ports import MailDelayed, MailRefused

from .address import Server, parse

PORTS = {"smtp": 25, "smtps": 465}
TIMEOUT = 30
KEEP = 15.0
"""A connection is used again within so many seconds: a mass mailing does not shake hands for every letter."""
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class SmtpTransport:
    """One server; one connection kept warm."""

    name = "smtp"

    def __init__(self, url: str, *, context: ssl.SSLContext | None = None) -> None:
        self.server: Server = parse(url, PORTS)
        self.context = context or ssl.create_default_context()
        self._lock = threading.Lock()
        self._client: smtplib.SMTP | None = None
        self._used = 0.0

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Send one letter to one address."""
        with self._lock:
            try:
                self._connected().sendmail(sender, [recipient], message)
            except smtplib.SMTPRecipientsRefused as error:
                self._close()
                code, text = next(iter(error.recipients.values()))
                raise _answer(code, text) from error
            except smtplib.SMTPResponseException as error:
                self._close()
                if isinstance(error, smtplib.SMTPAuthenticationError):
                    raise MailDelayed(f"сервер не принял пароль: {error.smtp_code}") from error
                raise _answer(error.smtp_code, error.smtp_error) from error
            except (smtplib.SMTPException, OSError) as error:
                self._close()
                raise MailDelayed(f"нет связи с почтовым сервером: {error}") from error
            self._used = time.monotonic()

    def _connected(self) -> smtplib.SMTP:
        if self._client is not None and time.monotonic() - self._used < KEEP:
            try:
                if self._client.noop()[0] == 250:
                    return self._client
            except (smtplib.SMTPException, OSError):
                self._client = None
        self._close()
        self._client = self._open()
        return self._client

    def _open(self) -> smtplib.SMTP:
        server = self.server
        if server.scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT, context=self.context
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        client.ehlo()
        secure = server.scheme == "smtps"
        if not secure and client.has_extn("starttls"):
            client.starttls(context=self.context)
            client.ehlo()
            secure = True
        if server.user:
            if not secure and server.host not in LOCAL:
                client.close()
                raise MailDelayed("сервер не предлагает шифрования, пароль открытым текстом не посылаем")
            client.login(server.user, server.password)
        return client

    def _close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None


def _answer(code: int, text: bytes | str) -> Exception:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = MailRefused if 500 <= code < 600 else MailDelayed
    return kind(f"{code} {' '.join(words.split())}"[:900])
