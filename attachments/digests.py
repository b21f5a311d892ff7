"""Digests by which a file is stored, found again and signed: SHA-256 and Streebog-256, in one pass."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO, NamedTuple

from signing.gost import streebog

_CHUNK = 1024 * 1024


class Digests(NamedTuple):
    """Hex digests and the size; Streebog is None where the system has no quick implementation."""

    sha256: str
    streebog256: str | None
    size: int


def digests(file: BinaryIO) -> Digests:
    """Read a stream to its end once."""
    sha, gost, size = hashlib.sha256(), streebog.quick(), 0
    while chunk := file.read(_CHUNK):
        sha.update(chunk)
        if gost is not None:
            gost.update(chunk)
        size += len(chunk)
    return Digests(sha.hexdigest(), gost.hexdigest() if gost is not None else None, size)


def streebog256(path: Path) -> str | None:
    """The Streebog-256 of a stored file, for those stored before a library was installed."""
    with path.open("rb") as file:
        return digests(file).streebog256
