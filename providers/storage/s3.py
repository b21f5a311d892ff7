"""Files in an S3-compatible store, addressed by SHA-256 like those of a folder; what is read is cached here.

VECHE_STORAGE=s3://bucket/prefix?endpoint=https://s3.example.ru&region=ru-1; the keys come from
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, never from the address, which is shown in logs.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from records.database import refused
from records.storage import Received

from .local import LocalStorage

if TYPE_CHECKING:
    from obstore.store import S3Config

SILENT = "Хранилище файлов не отвечает или не принимает запись."
CHUNK = 1 << 20
KEPT_IN_CACHE = 7 * 86400.0
"""A copy nobody has read for a week leaves the cache; the store keeps the original."""


def open_s3(url: str, cache: Path) -> S3Storage:
    """The storage an address names. Raises ValueError for what is not one."""
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname or parts.username or parts.password:
        raise ValueError(
            "VECHE_STORAGE: ожидается s3://bucket/prefix?endpoint=…&region=…, без ключей в адресе"
        )
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := asked.keys() - {"endpoint", "region"}:
        raise ValueError(f"VECHE_STORAGE: неизвестно {', '.join(sorted(unknown))}")
    endpoint = asked.get("endpoint", "")
    config: S3Config = {"region": asked.get("region", "us-east-1")}
    if endpoint:
        config["endpoint"] = endpoint
    store = S3Store(
        parts.hostname,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": endpoint.startswith("http://"), "timeout": "60s"},
        retry_config={"max_retries": 3},
    )
    return S3Storage(store, cache)


class S3Storage:
    """Implements records.storage.Storage over a bucket."""

    def __init__(self, store: S3Store, cache: Path) -> None:
        self._store = store
        self.cache = LocalStorage(cache)

    def receive(self, stream: IO[bytes], *, limit: int) -> Received:
        return self.cache.receive(stream, limit=limit)

    def keep(self, received: Received) -> None:
        # Sent again even when it is there: its date must be fresh, lest a sweep of orphans take it before
        # the record refers to it.
        with _speaking():
            obstore.put(self._store, _key(received.sha256), received.path)
        self.cache.keep(received)

    def discard(self, received: Received) -> None:
        self.cache.discard(received)

    def open(self, sha256: str) -> IO[bytes]:
        """Read from the store itself, so that a check sees what really lies there."""
        with _speaking():
            return io.BufferedReader(_Remote(obstore.open_reader(self._store, _key(sha256))), CHUNK)

    def path(self, sha256: str) -> Path:
        """A verified copy in the cache."""
        found = self.cache.path(sha256)
        if found.exists():
            os.utime(found)
            return found
        with self.open(sha256) as source:
            received = self.cache.receive(source, limit=2**40)
        if received.sha256 != sha256:
            self.cache.discard(received)
            raise OSError(f"содержание {sha256} в хранилище повреждено")
        self.cache.keep(received)
        return found

    def exists(self, sha256: str) -> bool:
        try:
            with _speaking():
                obstore.head(self._store, _key(sha256))
        except FileNotFoundError:
            return False
        return True

    def remove(self, sha256: str) -> None:
        self.cache.remove(sha256)
        with contextlib.suppress(FileNotFoundError), _speaking():
            obstore.delete(self._store, _key(sha256))

    def addresses(self) -> list[str]:
        with _speaking():
            names = [item["path"].rpartition("/")[2] for page in obstore.list(self._store) for item in page]
        return sorted(name for name in names if len(name) == hashlib.sha256().digest_size * 2)

    def stored_at(self, sha256: str) -> float:
        with _speaking():
            return obstore.head(self._store, _key(sha256))["last_modified"].timestamp()

    def sweep(self, *, before: float) -> int:
        """What killed uploads left in the cache; copies long unread leave it too."""
        unread = time.time() - KEPT_IN_CACHE
        for sha256 in self.cache.addresses():
            if self.cache.stored_at(sha256) < unread:
                self.cache.remove(sha256)
        return self.cache.sweep(before=before)


def _key(sha256: str) -> str:
    if len(sha256) != 64 or not sha256.isalnum():
        raise FileNotFoundError(sha256)
    return f"{sha256[:2]}/{sha256}"


@contextlib.contextmanager
def _speaking() -> Iterator[None]:
    """Around a word with the store: absent is absent, silent is «не отвечает»."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise FileNotFoundError(str(error)) from error
    except (BaseError, OSError) as error:
        raise refused(SILENT) from error


class _Remote(io.RawIOBase):
    """The reader of the library as a file of the standard one."""

    def __init__(self, source: obstore.ReadableFile) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        room = memoryview(buffer)  # type: ignore[arg-type]
        with _speaking():
            piece = bytes(self._source.read(len(room)))
        room[: len(piece)] = piece
        return len(piece)
