"""The archive of a cabinet: registered documents with their files and signatures (R-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload

from records import query
from records.actor import Actor
from records.database import db
from records.model import Record, StoredFile
from records.query import ListQuery

PAGE = 25


@dataclass(frozen=True)
class Paper:
    """A document with what can be taken away: files and, under each, its signatures."""

    record: Record
    files: tuple[tuple[StoredFile, tuple[StoredFile, ...]], ...]


def papers(actor: Actor, q: ListQuery, today: date, *, signed: bool = True) -> tuple[list[Paper], str | None]:
    """A page of registered documents that have files, newest first; two statements, however long it is."""
    after = q.after
    where = query.conditions(actor, replace(q, after=""), today)
    where += [Record.number_text.is_not(None), _has_signature() if signed else _has_file()]
    if after.isdecimal() and len(after) < 16:
        where.append(Record.id < int(after))
    rows = list(
        db.session.scalars(
            select(Record)
            .where(*where)
            .options(joinedload(Record.organisation))
            .order_by(Record.id.desc())
            .limit(PAGE + 1)
        ).unique()
    )
    page = rows[:PAGE]
    files = _files([r.id for r in page])
    key = str(page[-1].id) if len(rows) > PAGE else None
    return [Paper(r, files.get(r.id, ())) for r in page], key


def _has_file() -> ColumnElement[bool]:
    return exists().where(StoredFile.record_id == Record.id, StoredFile.removed_at.is_(None))


def _has_signature() -> ColumnElement[bool]:
    """Signed by the program's own move («Подписать») or with a signature file beside a document."""
    file = exists().where(
        StoredFile.record_id == Record.id,
        StoredFile.removed_at.is_(None),
        or_(StoredFile.signature_of.is_not(None), StoredFile.origin == "signature"),
    )
    return or_(file, (Record.direction == "out") & Record.sent_at.is_not(None) & _has_file())


def _files(ids: Sequence[int]) -> dict[int, tuple[tuple[StoredFile, tuple[StoredFile, ...]], ...]]:
    rows = db.session.scalars(
        select(StoredFile)
        .where(StoredFile.record_id.in_(ids), StoredFile.removed_at.is_(None))
        .order_by(StoredFile.id)
    ).all()
    signatures: dict[int, list[StoredFile]] = {}
    for row in rows:
        if row.signature_of is not None:
            signatures.setdefault(row.signature_of, []).append(row)
    found: dict[int, list[tuple[StoredFile, tuple[StoredFile, ...]]]] = {}
    for row in rows:
        if row.signature_of is None:
            found.setdefault(row.record_id, []).append((row, tuple(signatures.get(row.id, ()))))
    return {record_id: tuple(items) for record_id, items in found.items()}
