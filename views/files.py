"""Files of records: upload one by one with an answer for each, download with safe headers, removal."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template_string, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from records import query, service
from records.errors import Invalid, RecordsError, Unavailable
from records.storage import storage

from . import _record_page
from ._security import actor

bp = Blueprint("files", __name__)

_ROW = '{% import "components/ui.html" as ui %}{{ ui.file_row(item) }}'


@bp.post("/records/<int:record_id>/files")
@login_required
def upload(record_id: int) -> ResponseReturnValue:
    """Take one file (by script, with progress) or several (by a plain form)."""
    slot = request.form.get("slot") or "files"
    sent = [f for f in request.files.getlist("file") if f.filename]
    wants_json = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "application/json"
    if not wants_json:
        for item in sent:
            service.attach(actor(), record_id, item.stream, item.filename or "", slot=slot)
        return redirect(url_for("records.edit", record_id=record_id))
    if not sent:
        return jsonify(title="Файл не получен", detail="Выберите файл ещё раз."), 422
    try:
        done = service.attach(actor(), record_id, sent[0].stream, sent[0].filename or "", slot=slot)
    except Invalid as invalid:
        return jsonify(title="Файл не принят", detail=str(invalid)), 422
    except Unavailable as error:
        return jsonify(title="Файл не принят", detail=str(error)), 503
    except RecordsError as error:
        return jsonify(title="Файл не принят", detail=str(error)), 409
    shown = _record_page.file_item(done.file, removable=True)
    return jsonify(
        id=done.file.id,
        name=done.file.name,
        size=done.file.size,
        sha256=done.file.sha256,
        warnings=list(done.warnings),
        duplicates=[url_for("records.show", record_id=i) for i in done.duplicates],
        html=render_template_string(_ROW, item=shown),
    )


@bp.get("/files/<int:file_id>")
@login_required
def download(file_id: int) -> ResponseReturnValue:
    """The bytes as they came, always as an attachment, never run by the browser in our name."""
    entry, _record = query.file(actor(), file_id)
    response = send_file(storage().path(entry.sha256), mimetype="application/octet-stream", conditional=True)
    for name, value in serving_headers(entry.media_type, entry.name).items():
        response.headers[name] = value
    return response


@bp.post("/files/<int:file_id>/remove")
@login_required
def remove(file_id: int) -> ResponseReturnValue:
    entry, record = query.file(actor(), file_id)
    service.remove_file(actor(), entry.id)
    return redirect(url_for("records.edit", record_id=record.id))
