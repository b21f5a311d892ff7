"""A file mapped into memory: read by pieces, never copied whole."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Content:
    """The bytes of one file."""

    path: Path
    size: int
    data: bytes | mmap.mmap

    def head(self, size: int = 4096) -> bytes:
        """The first bytes."""
        return bytes(self.data[:size])

    def tail(self, size: int = 4096) -> bytes:
        """The last bytes."""
        return bytes(self.data[max(0, self.size - size) :])

    def at(self, start: int, size: int) -> bytes:
        """Some bytes from the middle, fewer at the end, none outside."""
        if start < 0 or size <= 0:
            return b""
        return bytes(self.data[start : start + size])

    def find(self, what: bytes, start: int = 0, end: int | None = None) -> int:
        """Where bytes first occur, or -1."""
        return self.data.find(what, start, self.size if end is None else end)

    def rfind(self, what: bytes, start: int = 0) -> int:
        """Where bytes last occur, or -1."""
        return self.data.rfind(what, start, self.size)

    def matches(self, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
        """All matches of a pattern that has no unbounded repetition."""
        return pattern.finditer(self.data)

    def contains(self, pattern: re.Pattern[bytes]) -> bool:
        """Whether a pattern occurs anywhere."""
        return pattern.search(self.data) is not None


@contextmanager
def opened(path: Path) -> Iterator[Content]:
    """Map a file for reading."""
    size = path.stat().st_size
    if size == 0:
        yield Content(path, 0, b"")
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield Content(path, size, data)


def of_bytes(data: bytes) -> Content:
    """Bytes already in memory (a part of an archive), seen the same way."""
    return Content(Path("-"), len(data), data)
