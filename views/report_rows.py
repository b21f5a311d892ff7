"""What the table of a report form asks and saves: rows, fields, pastes, workbooks, files, remarks, the
pulse."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from records import query, service
from records.database import db
from records.errors import Invalid, NotFound
from records.model import StoredFile
from reports import books, controls, diff, editions, filling, opening, pasting, remarks, sheets
from reports.model import ReportRow

from ._report_json import answers, body
from ._security import actor

bp = Blueprint("report_rows", __name__, url_prefix="/reports/<int:record_id>")

_LARGEST_BOOK = 20 * 1024 * 1024


@bp.get("/tables/<table>")
@login_required
@answers
def rows(record_id: int, table: str) -> dict[str, Any]:
    """Rows of a table: `from` (0 is the first) and `count`."""
    first, count = request.args.get("from", 0, int), request.args.get("count", 200, int)
    return sheets.page(actor(), record_id, table, first, count)


@bp.patch("/tables/<table>/rows")
@login_required
@answers
def save(record_id: int, table: str) -> dict[str, Any]:
    """Apply changes of rows; conflicting cells are told, not overwritten."""
    changes = body().get("changes")
    if not isinstance(changes, list) or not all(isinstance(one, dict) for one in changes):
        raise Invalid({"changes": ["Ожидается список изменений."]})
    return _saved(record_id, table, filling.change_rows(actor(), record_id, table, changes))


def _saved(record_id: int, code: str, saved: filling.Saved) -> dict[str, Any]:
    _, sheet = opening.find(actor(), record_id)
    table = filling.table_of(editions.of(sheet), code)
    return {
        "rows": sheets.changed_rows(sheet, table, saved.rows),
        "removed": saved.removed,
        "conflicts": saved.conflicts,
        "stamp": saved.stamp,
        "saved_at": saved.saved_at,
        "progress": sheets.progress(sheet),
    }


@bp.patch("/fields")
@login_required
@answers
def save_fields(record_id: int) -> dict[str, Any]:
    """Fields of the cards: «name» or «table.name»; «nil»: there is nothing to report."""
    given = body()
    fields = given["fields"] if isinstance(given.get("fields"), dict) else given
    saved, errors, now = filling.change_fields(actor(), record_id, fields)
    _, sheet = opening.find(actor(), record_id)
    return {
        "fields": now,
        "errors": errors,
        "stamp": saved.stamp,
        "saved_at": saved.saved_at,
        "progress": sheets.progress(sheet),
        "nil": sheet.is_nil,
    }


@bp.post("/tables/<table>/paste")
@login_required
@answers
def paste(record_id: int, table: str) -> dict[str, Any]:
    """The preview of a paste: {payload, html?, at?: {uid, column}, mapping?: {column of the source:
    field}}."""
    said = body()
    payload = said.get("payload")
    if not isinstance(payload, str):
        raise Invalid({"payload": ["Буфер обмена пуст."]})
    at = said.get("at") if isinstance(said.get("at"), dict) else None
    return pasting.preview_paste(
        actor(),
        record_id,
        table,
        payload,
        html=said.get("html"),
        at=at,
        mapping=_mapping(said.get("mapping")),
    )


def _mapping(said: object) -> dict[int, str | None] | None:
    if not isinstance(said, dict):
        return None
    try:
        return {int(index): name or None for index, name in said.items()}
    except (TypeError, ValueError) as error:
        raise Invalid({"mapping": ["Номера граф ожидаются числами."]}) from error


@bp.post("/tables/<table>/paste/<token>")
@login_required
@answers
def apply(record_id: int, table: str, token: str) -> dict[str, Any]:
    """Put the preview into the table, the whole of it; what was there comes back for the undo."""
    declared, saved, added, before = pasting.apply(actor(), record_id, table, token)
    return {**_saved(record_id, declared.code, saved), "added": added, "before": before}


@bp.post("/tables/<table>/upload")
@login_required
@answers
def upload(record_id: int, table: str) -> dict[str, Any]:
    """The preview of a workbook (xlsx, ods, xls, csv)."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid({"file": ["Выберите файл."]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book"
        sent.save(path)
        if path.stat().st_size > _LARGEST_BOOK:
            raise Invalid({"file": ["Файл больше 20 МБ."]})
        return pasting.preview_upload(actor(), record_id, table, path, sent.filename)


@bp.get("/tables/<table>/export.xlsx")
@login_required
def export(record_id: int, table: str) -> ResponseReturnValue:
    """The table as a workbook with its types."""
    content, name = books.of_table(actor(), record_id, table)
    response = Response(content, mimetype=books.XLSX)
    for header, value in serving_headers(books.XLSX, name).items():
        response.headers[header] = value
    return response


def _row(record_id: int, uid: str) -> ReportRow:
    row = db.session.get(ReportRow, uid)
    if row is None or row.record_id != record_id:
        raise NotFound
    return row


def _file(entry: StoredFile) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "size": entry.size,
        "slot": entry.slot,
        "sha256": entry.sha256,
        "at": entry.uploaded_at.isoformat(),
        "url": f"/files/{entry.id}",
    }


@bp.get("/rows/<uid>/files")
@login_required
@answers
def row_files(record_id: int, uid: str) -> dict[str, Any]:
    """Files of a row."""
    record, _ = opening.find(actor(), record_id)
    _row(record_id, uid)
    return {"files": [_file(f) for f in query.files(record) if f.slot == f"row:{uid}"]}


@bp.post("/rows/<uid>/files")
@login_required
@answers
def attach(record_id: int, uid: str) -> dict[str, Any]:
    """Take a file to a row; it follows the row wherever it goes."""
    opening.find(actor(), record_id)
    _row(record_id, uid)
    return _taken(record_id, f"row:{uid}")


@bp.post("/files/<kind>")
@login_required
@answers
def attach_to_form(record_id: int, kind: str) -> dict[str, Any]:
    """Take a file to the form itself, as one of its declared documents."""
    _, sheet = opening.find(actor(), record_id)
    if kind not in {one.kind for one in editions.of(sheet).attachments}:
        raise NotFound
    return _taken(record_id, f"form:{kind}")


def _taken(record_id: int, slot: str) -> dict[str, Any]:
    sent = [f for f in request.files.getlist("file") if f.filename]
    if not sent:
        raise Invalid({"file": ["Файл не получен: выберите его ещё раз."]})
    done = [service.attach(actor(), record_id, f.stream, f.filename or "", slot=slot) for f in sent]
    return {"files": [_file(one.file) for one in done], "warnings": [w for one in done for w in one.warnings]}


@bp.post("/files/<int:file_id>/remove")
@login_required
@answers
def detach(record_id: int, file_id: int) -> dict[str, Any]:
    """Take a file away."""
    entry, record = query.file(actor(), file_id)
    if record.id != record_id:
        raise NotFound
    service.remove_file(actor(), entry.id)
    return {"removed": file_id}


@bp.post("/cells/<table>/<uid>/<column>/remarks")
@login_required
@answers
def remark(record_id: int, table: str, uid: str, column: str) -> dict[str, Any]:
    """{text}: the curator's remark on a cell; {close: id}: it is settled."""
    said = body()
    if said.get("close"):
        remarks.close(actor(), record_id, int(said["close"]))
    else:
        remarks.put(actor(), record_id, table, uid, column, str(said.get("text") or ""))
    record, _ = opening.find(actor(), record_id)
    return {"remarks": remarks_json(record)}


def remarks_json(record: Any) -> list[dict[str, Any]]:
    """Remarks as the page takes them."""
    return [
        {
            "id": one.id,
            "text": one.text,
            "by": one.by,
            "at": one.at.isoformat(),
            "table": one.table,
            "uid": one.uid,
            "column": one.column,
            "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        }
        for one in remarks.listed(actor(), record)
    ]


@bp.get("/faults")
@login_required
@answers
def faults(record_id: int) -> dict[str, Any]:
    """The list of errors with their places, and the control warnings apart from them."""
    who = actor()
    return {"errors": sheets.faults(who, record_id), "warnings": controls.shown(who, record_id)}


@bp.get("/diff")
@login_required
@answers
def difference(record_id: int) -> dict[str, Any]:
    """What differs from the former report."""
    found = diff.with_previous(actor(), record_id)
    return {
        "title": found.title,
        "record_id": found.record_id,
        "rows": [row.as_json() for row in found.rows],
    }


@bp.get("/pulse")
@login_required
def pulse(record_id: int) -> ResponseReturnValue:
    """Who else is here, rows newer than `since`, open remarks; 304 when nothing is new."""
    who = actor()
    try:
        sheets.arrive(who, record_id)
        found = sheets.pulse(who, record_id, request.args.get("since", 0, int))
    except NotFound:
        return jsonify(title="Не найдено", code="not_found"), 404
    response = jsonify(found)
    text = json.dumps(found, ensure_ascii=False, sort_keys=True, default=str)
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:20])
    return response.make_conditional(request)
