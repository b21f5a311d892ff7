"""From records to the index: what of a record can be found, and by whom. Fed by the outbox,
never by a request."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, undefer

from attachments.extract import extract_text

from . import outbox, policy
from .actor import Actor
from .database import db, gate, now, writing
from .kinds import registry
from .model import FileText, Number, Record, RecordAccess, Remark, StoredFile
from .search import Filters, IndexDoc, IndexFile, Results, Search, SearchBackend
from .search.port import Backends, Progress, Sort
from .storage import storage

BATCH = 200
MAX_TEXT = 1_000_000

_opener: list[Callable[[], SearchBackend]] = []
_search: list[Search] = []
_opened: list[str] = []
_backends: list[Backends] = []
_opening = threading.Lock()


def use(opener: Callable[[], SearchBackend]) -> None:
    """Name how this process opens its search backend (wiring); it is opened when first asked."""
    close()
    _opener[:] = [opener]


def use_backends(chosen: Backends) -> None:
    """Name what this installation can search with (wiring); another process may change the choice."""
    _backends[:] = [chosen]
    use(chosen.open)


def backends() -> Backends:
    return _backends[0]


def engine() -> Search:
    """The search of this process, opened at first use: a page that does not search does not pay for it."""
    with _opening:
        name = _backends[0].chosen() if _backends else ""
        if _search and _opened[0] != name:
            close()  # the worker has gone over to another backend
        if not _search:
            _search.append(Search(_opener[0](), originals))
            _opened[:] = [name]
        return _search[0]


def close() -> None:
    while _search:
        _search.pop().backend.close()


def find(
    actor: Actor,
    text: str,
    *,
    filters: Filters | None = None,
    sort: Sort = "relevance",
    offset: int = 0,
    limit: int = 20,
) -> Results:
    """Records the actor may see; internal remarks are searched for staff only."""
    return engine().search(
        text,
        policy.actor_labels(actor),
        filters=filters,
        sort=sort,
        offset=offset,
        limit=limit,
        staff=policy.may_see_internal(actor),
    )


def originals(ids: Sequence[int]) -> Mapping[int, IndexDoc]:
    """The records of a page of hits, for titles and snippets."""
    return {doc.id: doc for doc in documents(ids)}


def documents(ids: Sequence[int]) -> list[IndexDoc]:
    """Index documents of records, in a constant number of statements. Destroyed ones are left out."""
    if not ids:
        return []
    records = db.session.scalars(
        select(Record)
        .where(Record.id.in_(ids), Record.destroyed_at.is_(None), Record.trashed_at.is_(None))
        .options(undefer(Record.payload), joinedload(Record.organisation))
    ).unique()
    labels, numbers = (
        _grouped(RecordAccess.record_id, RecordAccess.label, ids),
        _grouped(Number.record_id, Number.text, ids),
    )
    files, remarks = _files(ids), _remarks(ids)
    return [
        _document(record, labels[record.id], numbers[record.id], files[record.id], remarks[record.id])
        for record in records
    ]


def _grouped(key: object, value: object, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for record_id, text in db.session.execute(select(key, value).where(key.in_(ids))):  # type: ignore[call-overload, attr-defined]
        found[record_id].append(text)
    return found


def _files(ids: Sequence[int]) -> dict[int, list[IndexFile]]:
    found: dict[int, list[IndexFile]] = defaultdict(list)
    rows = db.session.execute(
        select(StoredFile.record_id, StoredFile.id, StoredFile.name, FileText.text)
        .outerjoin(FileText, FileText.sha256 == StoredFile.sha256)
        .where(StoredFile.record_id.in_(ids), StoredFile.removed_at.is_(None))
        .order_by(StoredFile.id)
    )
    for record_id, file_id, name, text in rows:
        found[record_id].append(IndexFile(file_id, name, text or ""))
    return found


def _remarks(ids: Sequence[int]) -> dict[int, list[Remark]]:
    found: dict[int, list[Remark]] = defaultdict(list)
    for remark in db.session.scalars(select(Remark).where(Remark.record_id.in_(ids)).order_by(Remark.id)):
        found[remark.record_id].append(remark)
    return found


def _document(
    record: Record, labels: list[str], numbers: list[str], files: list[IndexFile], remarks: list[Remark]
) -> IndexDoc:
    kind = registry.of(record)
    payload = record.payload or {}
    parts = [
        field.show(payload.get(field.name))
        for field in kind.data_fields
        if field.search and not field.staff_only
    ]
    hidden = [
        field.show(payload.get(field.name)) for field in kind.data_fields if field.search and field.staff_only
    ]
    organisation = record.organisation
    names = (
        f"{organisation.short_name} {organisation.full_name} {organisation.inn or ''} "
        f"{organisation.register_number or ''}"
        if organisation
        else record.correspondent
    )
    return IndexDoc(
        id=record.id,
        title=record.title,
        numbers=[*numbers, *([record.their_number] if record.their_number else [])],
        organisation=names,
        body="\n".join([kind.title, *filter(None, parts), *(r.text for r in remarks if r.is_public)]),
        internal="\n".join([*filter(None, hidden), *(r.text for r in remarks if not r.is_public)]),
        files=files,
        kind=record.kind,
        state=record.state,
        organisation_id=record.organisation_id,
        date=_own_date(record),
        case=record.case_index,
        labels=frozenset(labels),
    )


def _own_date(record: Record) -> date:
    """The document's own date: the sender's for what has come, else that of registration."""
    if record.direction == "in" and record.their_date is not None:
        return record.their_date
    return record.registered_on or record.created_at.date()


def index_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Outbox topic «index»: bring the index in line with the records named."""
    ids = sorted({int(str(job.payload["record"])) for job in jobs})
    docs = documents(ids)
    backend = engine().backend
    gone = set(ids) - {doc.id for doc in docs}
    if gone:
        backend.remove(gone)
    if docs:
        backend.add(docs)


def extract_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Outbox topic «extract»: read the text of contents, once for each content."""
    for job in jobs:
        extract_content(str(job.payload["sha256"]))


def extract_content(sha256: str) -> None:
    """Extract the text of one content and have its records indexed again."""
    known = db.session.get(FileText, sha256)
    entry = db.session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256).limit(1)).first()
    if entry is None:
        return
    media_type, path = entry.media_type, storage().path(sha256)
    db.session.rollback()
    state, text, tool, warnings = "done", "", "", list[str]()
    if known is None:
        done = extract_text(path, media_type)
        text, tool, warnings = done.text[:MAX_TEXT], done.tool, list(done.warnings)
        state = "ocr_needed" if done.ocr_needed else "done" if text.strip() else "none"
    with writing(gate()):
        if known is None:
            db.session.merge(FileText(sha256=sha256, text=text, tool=tool, warnings=warnings, made_at=now()))
        db.session.execute(update(StoredFile).where(StoredFile.sha256 == sha256).values(text_state=state))
        for record_id in db.session.scalars(
            select(StoredFile.record_id).where(StoredFile.sha256 == sha256).distinct()
        ):
            outbox.put("index", str(record_id), {"record": record_id})
        db.session.commit()


def all_documents() -> Iterator[IndexDoc]:
    """Every record, in batches, for a rebuild."""
    last = 0
    while True:
        ids = list(
            db.session.scalars(select(Record.id).where(Record.id > last).order_by(Record.id).limit(BATCH))
        )
        if not ids:
            return
        yield from documents(ids)
        db.session.expunge_all()
        last = ids[-1]


def rebuild(progress: Progress | None = None) -> int:
    """Make the index anew; readers see the old one until the new one is complete."""
    return engine().backend.rebuild(all_documents(), progress)
