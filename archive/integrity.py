"""Does the archive agree with itself: contents with their digests, cards with their history."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from sqlalchemy import select

from records.database import db
from records.history import Fault, digest_of
from records.model import Record, Snapshot, StoredFile
from records.storage import storage

from . import agreement, digest


def faults() -> Iterator[Fault]:
    """Everything wrong beyond the chains of history themselves (records.history.verify)."""
    yield from digest.faults()
    yield from _snapshots()
    yield from _files()
    yield from agreement.faults()


def _snapshots() -> Iterator[Fault]:
    for entry in db.session.scalars(select(Snapshot).execution_options(yield_per=200)):
        if digest_of(entry.content) != entry.digest:
            text = f"снимок редакции {entry.content_version} изменён"
            yield Fault(entry.record_id, None, entry.made_at, text)


def _files() -> Iterator[Fault]:
    rows = db.session.execute(
        select(StoredFile.record_id, StoredFile.name, StoredFile.sha256, StoredFile.uploaded_at)
        .join(Record, Record.id == StoredFile.record_id)
        .where(Record.destroyed_at.is_(None), StoredFile.removed_at.is_(None))
        .order_by(StoredFile.id)
    ).all()
    judged: dict[str, str | None] = {}
    for record_id, name, sha256, at in rows:
        if sha256 not in judged:
            judged[sha256] = _wrong(sha256)
        if judged[sha256]:
            yield Fault(record_id, None, at, f"файл «{name}»: {judged[sha256]}")


def _wrong(sha256: str) -> str | None:
    digest_now = hashlib.sha256()
    try:
        with storage().open(sha256) as stream:
            while chunk := stream.read(1 << 20):
                digest_now.update(chunk)
    except FileNotFoundError:
        return "содержимое утрачено"
    return None if digest_now.hexdigest() == sha256 else "содержимое изменено"


also_kept: list[Callable[[], Iterable[str]]] = []
"""Features that keep bytes apart from files of records name their digests (wiring)."""


def sweep(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove bytes no record refers to and what killed uploads left behind; returns how many."""
    limit = time.time() - older_than.total_seconds()
    swept = storage().sweep(before=limit)
    known = set(db.session.scalars(select(StoredFile.sha256).distinct()))
    known.update(sha256 for named in also_kept for sha256 in named())
    db.session.rollback()
    for sha256 in storage().addresses():
        if sha256 not in known and storage().stored_at(sha256) < limit:
            storage().remove(sha256)
            swept += 1
    return swept
