"""Ports to the post and to subscribers: what a provider of mail, of a letter box or of HTTP must do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


class MailRefused(Exception):
    """The server will never take this letter (SMTP 5xx): «не доставлено»."""


class MailDelayed(Exception):
    """Not now (no connection, SMTP 4xx): try again later."""


class MailTransport(Protocol):
    """Sends one letter to one address. Raises MailRefused or MailDelayed."""

    name: str

    def send(self, sender: str, recipient: str, message: bytes) -> None: ...


class LetterSource(Protocol):
    """A letter box of the office. A letter stays in it until `done` says that it is safely kept here."""

    name: str

    def letters(self) -> Iterator[tuple[str, bytes]]:
        """Letters not taken yet: (key of the box, bytes as they came)."""

    def done(self, key: str) -> None:
        """Mark a letter as taken."""

    def close(self) -> None: ...


@dataclass(frozen=True)
class Answer:
    """What a subscriber's server answered."""

    status: int
    text: str


class PostRefused(Exception):
    """The address may not be called at all (private network, wrong scheme)."""


class PostFailed(Exception):
    """The subscriber could not be reached: no name, no connection, no answer in time."""


class Poster(Protocol):
    """Sends signed events to subscribers. Raises PostRefused or PostFailed."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer: ...

    def check(self, url: str) -> None:
        """Raise PostRefused when the address may not be called."""


_transport: list[MailTransport] = []
_sources: list[Callable[[], LetterSource]] = []
_poster: list[Poster] = []


def use_transport(provider: MailTransport) -> None:
    """Name the transport of outgoing mail (wiring)."""
    _transport[:] = [provider]


def transport() -> MailTransport:
    return _transport[0]


def use_sources(*openers: Callable[[], LetterSource]) -> None:
    """Name the letter boxes of the office; each is opened anew for every round (wiring)."""
    _sources[:] = openers


def sources() -> list[Callable[[], LetterSource]]:
    return list(_sources)


def use_poster(provider: Poster) -> None:
    """Name the sender of webhooks (wiring)."""
    _poster[:] = [provider]


def poster() -> Poster:
    return _poster[0]
