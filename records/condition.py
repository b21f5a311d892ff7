"""The condition of an installation: does it take writes now, and how much room is left."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from .database import FULL, READ_ONLY, db, last_refusal, now

REMEMBERED = timedelta(minutes=1)
"""A refusal is news for so long; after that the next write asks the disk anew."""
LEAST_ROOM = 64 * 2**20
"""With less than this a filing with one usual attachment may already fail."""


@dataclass(frozen=True)
class Room:
    """Bytes of the disk the installation lies on."""

    free: int
    total: int

    @property
    def is_scarce(self) -> bool:
        return self.free < max(LEAST_ROOM, self.total // 50)


def place() -> Path | None:
    """The folder of an embedded database; a server of databases keeps its own disk."""
    url = db.engine.url
    return Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else None


def room(folder: Path) -> Room:
    usage = shutil.disk_usage(folder)
    return Room(usage.free, usage.total)


def writes_refused() -> str:
    """Why a write would be refused now, in words; empty while writes are taken. Cheap: asks no database."""
    if last_refusal and now() - last_refusal[0][0] < REMEMBERED:
        return last_refusal[0][1]
    folder = place()
    if folder is None:
        return ""
    if not os.access(folder, os.W_OK):
        return READ_ONLY
    return FULL if room(folder).free < 2**20 else ""
