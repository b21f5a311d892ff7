"""The address of a mail server as a setting writes it: scheme://user:password@host:port/folder."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Server:
    """Where to connect and how."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    path: str = ""

    @property
    def name(self) -> str:
        """For journals: no password."""
        who = f"{self.user}@" if self.user else ""
        folder = f"/{self.path}" if self.path else ""
        return f"{self.scheme}://{who}{self.host}:{self.port}{folder}"


def parse(url: str, ports: dict[str, int]) -> Server:
    """Read the setting. Raises ValueError with words."""
    parts = urlsplit(url)
    if parts.scheme not in ports:
        raise ValueError(
            f"Адрес почтового сервера: схема {parts.scheme!r}, а годятся {', '.join(sorted(ports))}"
        )
    if not parts.hostname:
        raise ValueError("Адрес почтового сервера: не указан сервер")
    return Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path.strip("/")),
    )
