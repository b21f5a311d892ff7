"""The health of an installation, for its administrator: what it holds, what waits, what is overdue."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import func, select, text

from records import condition, indexing, outbox, parameters
from records.database import db, now
from records.model import DailyDigest, Record, StoredFile
from records.search.port import IndexBroken, IndexBusy

from . import digest

BACKUP_EVERY = timedelta(days=2)
DIGEST_EVERY = timedelta(days=2)
QUEUE_STANDS = timedelta(minutes=15)
"""Work older than this means that no worker runs, or that it cannot do it."""


@dataclass(frozen=True)
class Index:
    """The search index: which backend, whether it answers, how it differs from the archive."""

    backend: str
    is_well: bool
    documents: int | None
    stamp: str
    is_due: bool


@dataclass(frozen=True)
class Health:
    """Everything the page shows, as plain values."""

    version: str
    records: int
    files: int
    file_bytes: int
    database: str
    database_bytes: int
    room: condition.Room | None
    refusal: str
    index: Index
    queues: list[outbox.Queue]
    backup: Mapping[str, object]
    backup_at: datetime | None
    digest: DailyDigest | None

    def troubles(self) -> list[str]:
        """What the administrator must look at, in words; an empty list is good health."""
        found = [self.refusal] if self.refusal else []
        if self.room is not None and self.room.is_scarce and not self.refusal:
            found.append("На диске мало места: освободите его, пока приём не остановился.")
        if not self.index.is_well:
            found.append("Поисковый индекс не отвечает: постройте его заново.")
        if self.index.is_due:
            found.append("Поисковый индекс построен прежней версией программы: постройте его заново.")
        if any(now() - queue.since > QUEUE_STANDS for queue in self.queues if queue.waiting):
            found.append("Фоновые работы стоят дольше 15 минут: проверьте, запущен ли обработчик.")
        if failed := sum(queue.failed for queue in self.queues):
            found.append(f"Фоновых работ не выполнено после всех повторов: {failed}.")
        if self.backup_at is None:
            found.append("Резервной копии ещё не было.")
        elif now() - self.backup_at > BACKUP_EVERY:
            found.append("Последней резервной копии больше двух суток.")
        if self.records and (self.digest is None or _age(self.digest) > DIGEST_EVERY):
            found.append("Дайджест архива не публиковался больше двух суток.")
        return found


def _age(entry: DailyDigest) -> timedelta:
    return now() - entry.made_at


def gather() -> Health:
    """Look at everything once."""
    contents = (
        select(StoredFile.sha256, func.max(StoredFile.size).label("size"))
        .group_by(StoredFile.sha256)
        .subquery()
    )
    count, size = db.session.execute(
        select(func.count(), func.coalesce(func.sum(contents.c.size), 0)).select_from(contents)
    ).one()
    noted = parameters.get("backup.done", {})
    backup = noted if isinstance(noted, dict) else {}
    folder = condition.place()
    published = digest.published(limit=1)
    return Health(
        version=version(),
        records=db.session.scalar(select(func.count()).select_from(Record)) or 0,
        files=count,
        file_bytes=int(size),
        database="SQLite" if folder is not None else "PostgreSQL",
        database_bytes=_database_bytes(),
        room=condition.room(folder) if folder is not None else None,
        refusal=condition.writes_refused(),
        index=_index(),
        queues=outbox.queues(),
        backup=backup,
        backup_at=datetime.fromisoformat(str(backup["at"])) if backup else None,
        digest=published[0] if published else None,
    )


def _database_bytes() -> int:
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        return sum(p.stat().st_size for tail in ("", "-wal") if (p := Path(url.database + tail)).exists())
    return db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0


def _index() -> Index:
    name = indexing.backends().chosen()
    try:
        backend = indexing.engine().backend
        facts = backend.check()
        documents = facts.get("count")
        return Index(
            name,
            bool(facts.get("ok", True)),
            int(str(documents)) if documents is not None else None,
            backend.stamp(),
            bool(facts.get("due")),
        )
    except (IndexBroken, IndexBusy, OSError):
        return Index(name, False, None, "", False)


@cache
def version() -> str:
    """The version of the program, from its own description."""
    described = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text("utf-8"))
    return str(described["project"]["version"])
