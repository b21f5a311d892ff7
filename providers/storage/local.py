"""Files in a folder of the instance, addressed by SHA-256: temporary name, fsync, rename,
fsync of the folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from records.storage import Received, keeping
from signing.gost import streebog

CHUNK = 1 << 20


class LocalStorage:
    """Implements records.storage.Storage over a directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)

    def receive(self, stream: IO[bytes], *, limit: int) -> Received:
        with keeping():
            return self._receive(stream, limit)

    def _receive(self, stream: IO[bytes], limit: int) -> Received:
        sha, gost, size = hashlib.sha256(), streebog.quick(), 0
        handle, name = tempfile.mkstemp(dir=self.incoming)
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise ValueError(size)
                    sha.update(chunk)
                    if gost is not None:
                        gost.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Received(path, sha.hexdigest(), size, gost.hexdigest() if gost is not None else None)

    def keep(self, received: Received) -> None:
        with keeping():
            self._keep(received)

    def _keep(self, received: Received) -> None:
        target = self.path(received.sha256)
        if target.exists():
            received.path.unlink(missing_ok=True)
            os.utime(target)  # young again, lest a sweep of orphans take it before the record refers to it
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(received.path, target)
        _sync_folder(target.parent)

    def discard(self, received: Received) -> None:
        received.path.unlink(missing_ok=True)

    def open(self, sha256: str) -> IO[bytes]:
        return self.path(sha256).open("rb")

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise FileNotFoundError(sha256)
        return self.root / sha256[:2] / sha256

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def remove(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def addresses(self) -> list[str]:
        return sorted(p.name for p in self.root.glob("[0-9a-f][0-9a-f]/*") if len(p.name) == 64)

    def stored_at(self, sha256: str) -> float:
        return self.path(sha256).stat().st_mtime

    def sweep(self, *, before: float) -> int:
        stale = [p for p in self.incoming.iterdir() if p.stat().st_mtime < before]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
