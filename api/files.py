"""Files over HTTP: upload to a record, download as they came, a detached signature beside a file."""

from __future__ import annotations

from flask import Blueprint, Response, send_file

from attachments.serving import serving_headers
from records import query, service
from records.database import db
from records.model import StoredFile
from records.storage import storage
from signatures import intake

from . import answering, reading, showing
from .door import actor


def init_blueprint(bp: Blueprint) -> None:
    bp.add_url_rule("/records/<id:record_id>/files", "upload", upload, methods=["POST"])
    bp.add_url_rule("/files/<id:file_id>", "download", download)
    bp.add_url_rule("/files/<id:file_id>/signatures", "sign", sign, methods=["POST"])


def upload(record_id: int) -> Response:
    """Add a file to a record; the answer carries both digests of what was received."""
    item, parts = reading.uploaded()
    slot = parts.get("slot") or "files"
    done = service.attach(
        actor(),
        record_id,
        item.stream,
        item.filename or "",
        slot=slot,
        once=reading.once_of_file(item, slot),
    )
    shown = {**showing.file(done.file), "warnings": list(done.warnings), "duplicates": list(done.duplicates)}
    return answering.answer(shown, 201)


def download(file_id: int) -> Response:
    """The bytes as they came, always as an attachment; parts by Range."""
    reading.Parameters().refuse()
    entry, _record = query.file(actor(), file_id)
    response = send_file(
        storage().path(entry.sha256), mimetype="application/octet-stream", conditional=True, etag=entry.sha256
    )
    for name, value in serving_headers(entry.media_type, entry.name).items():
        response.headers[name] = value
    return response


def sign(file_id: int) -> Response:
    """Take a detached signature of a file: checked at once, or by the worker when the file is large."""
    item, _parts = reading.uploaded()
    entry = intake.receive(
        actor(),
        file_id,
        item.stream.read(intake.MOST_BYTES + 1),
        item.filename or "",
        source="api",
        once=reading.once_of_file(item, f"signature {file_id}"),
    )
    stored = db.session.get(StoredFile, entry.stored_id)
    assert stored is not None
    return answering.answer({**showing.file(stored), **showing.signature(entry), "warnings": []}, 201)
