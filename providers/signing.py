"""Keys sealed in a folder of the instance, and a time-stamping service over HTTP (RFC 3161)."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
import urllib.error
import urllib.request
from pathlib import Path

from cryptography.fernet import Fernet

from signatures.ports import TimeUnavailable

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
TIMEOUT = 20
MOST = 256 * 1024


class FolderVault:
    """Implements signatures.ports.KeyVault: files of mode 0600, sealed by the installation's two secrets.

    One half lies beside the keys, the other is the secret of the settings: a copy of the folder alone is
    useless.
    """

    def __init__(self, folder: Path, secret: str) -> None:
        self.folder = folder
        self._secret = secret

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        draft = path.with_name(path.name + ".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(self._box().encrypt(content))
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, path)

    def get(self, name: str) -> bytes:
        return self._box().decrypt(self._path(name).read_bytes())

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.folder / name

    def _box(self) -> Fernet:
        key = hashlib.sha256(self._half() + self._secret.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def _half(self) -> bytes:
        path = self._path("half")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as out:
            half = secrets.token_bytes(32)
            out.write(half)
        return half


class HttpTimestamper:
    """Implements signatures.ports.Timestamper over HTTP; the address is the operator's setting."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("VECHE_TSA_URL: ожидается адрес http(s)://…")
        self.url = url

    def ask(self, request: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query"}
        asked = urllib.request.Request(self.url, data=request, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=TIMEOUT) as answer:
                body: bytes = answer.read(MOST)
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise TimeUnavailable(f"служба времени не ответила: {error}") from error
        return body
