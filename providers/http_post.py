"""Sending webhooks by HTTP, guarded: an address given by a person must not open our own network (SSRF).

The name is resolved once, every address it has is judged, and the connection goes to that very address: a
name that changes its mind between the check and the call gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from records.ports import Answer, PostFailed, PostRefused

TIMEOUT = 10
MOST_ANSWER = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PRIVATE = "Адрес во внутренней сети: туда события не посылаются."


class _Pinned(http.client.HTTPConnection):
    """A connection to an address already judged."""

    def __init__(self, parts: SplitResult, address: str, context: ssl.SSLContext | None) -> None:
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        super().__init__(parts.hostname or "", port, timeout=TIMEOUT)
        self._address, self._secure = address, context if secure else None

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)
        if self._secure is not None:
            self.sock = self._secure.wrap_socket(self.sock, server_hostname=self.host)


class HttpPoster:
    """POSTs a body to a public http(s) address."""

    def __init__(self, *, allow_private: bool = False, context: ssl.SSLContext | None = None) -> None:
        self.allow_private = allow_private
        self.context = context or ssl.create_default_context()

    def check(self, url: str) -> None:
        self._resolve(self._parts(url))

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = self._parts(url)
        connection = _Pinned(parts, self._resolve(parts), self.context)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, body=body, headers={**headers, "Connection": "close"})
            response = connection.getresponse()
            text = response.read(MOST_ANSWER).decode("utf-8", "replace")
            return Answer(response.status, text)
        except (OSError, http.client.HTTPException) as error:
            raise PostFailed(f"нет ответа: {error or type(error).__name__}") from error
        finally:
            connection.close()

    @staticmethod
    def _parts(url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise PostRefused("Адрес записан с ошибкой.") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
            raise PostRefused("Адрес должен начинаться с https:// или http:// и называть сервер.")
        if parts.username or parts.password:
            raise PostRefused("Логин и пароль в адресе не допускаются: получатель проверяет подпись.")
        if any(char <= " " or char == "\x7f" for char in url):
            raise PostRefused("В адресе есть недопустимые знаки.")
        return parts

    def _resolve(self, parts: SplitResult) -> str:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise PostFailed(f"имя сервера {parts.hostname} не найдено") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not self.allow_private and not all(is_public(address) for address in addresses):
            raise PostRefused(_PRIVATE)
        return addresses[0]


def is_public(text: str) -> bool:
    """An address of the open Internet: not private, loopback, link-local, reserved, nor such in IPv6."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
