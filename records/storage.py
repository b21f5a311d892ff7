"""The port of file storage, and digests. Bytes are addressed by their SHA-256 and never change."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from .database import READ_ONLY, SHUT, refused

FULL = "В хранилище файлов кончилось место, файл не принят."
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Storage(Protocol):
    """Content-addressed bytes. `put` is durable when it returns (fsync, rename)."""

    def receive(self, stream: IO[bytes], *, limit: int) -> Received:
        """Copy a stream into a private temporary file, hashing as it goes; ValueError over the limit."""

    def keep(self, received: Received) -> None:
        """Move received bytes to their address, durably. Idempotent."""

    def discard(self, received: Received) -> None:
        """Drop received bytes that were not accepted."""

    def open(self, sha256: str) -> IO[bytes]:
        """Read bytes; FileNotFoundError when they are not there."""

    def path(self, sha256: str) -> Path:
        """A local path to the bytes (a remote storage fetches them to its cache)."""

    def exists(self, sha256: str) -> bool: ...

    def remove(self, sha256: str) -> None:
        """Destroy bytes (an act of destruction by the file plan, or an orphan)."""

    def addresses(self) -> list[str]:
        """Every address kept (orphan search, backup)."""

    def stored_at(self, sha256: str) -> float:
        """When the bytes came, in seconds of the epoch."""

    def sweep(self, *, before: float) -> int:
        """Remove what uploads that were killed left behind before a moment; returns how many."""


class Received:
    """Bytes in a temporary place: their digest, size and path, before they are accepted."""

    __slots__ = ("path", "sha256", "size", "streebog256")

    def __init__(self, path: Path, sha256: str, size: int, streebog256: str | None = None) -> None:
        self.path, self.sha256, self.size, self.streebog256 = path, sha256, size, streebog256


@contextlib.contextmanager
def keeping() -> Iterator[None]:
    """Around a write of files: a full or shut storage is named for what it is (Unavailable)."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise refused(FULL) from error
        if error.errno in SHUT:
            raise refused(READ_ONLY) from error
        raise


_storage: list[Storage] = []


def use(storage: Storage) -> None:
    """Name the storage of this process (wiring)."""
    _storage[:] = [storage]


def storage() -> Storage:
    return _storage[0]
