"""The signed document, read once however many digests the signatures ask for, and never held whole when it is
a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from signing.algorithms import hasher

_CHUNK = 1024 * 1024


class Document:
    """Bytes or a file, and its digests as they are asked for."""

    def __init__(self, source: bytes | Path) -> None:
        self._source = source
        self._digests: dict[str, bytes] = {}

    def read(self, names: Iterable[str]) -> None:
        """Compute these digests in one pass."""
        running = {name: hasher(name) for name in names if name not in self._digests}
        if not running:
            return
        for chunk in self._chunks():
            for digest in running.values():
                digest.update(chunk)
        self._digests |= {name: digest.digest() for name, digest in running.items()}

    def digest(self, name: str) -> bytes:
        self.read([name])
        return self._digests[name]

    def _chunks(self) -> Iterator[bytes]:
        if isinstance(self._source, bytes):
            yield self._source
            return
        with self._source.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
