"""The signing page and what its script calls: operations, results, the simple signature."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from language.numbers import file_size
from records import parameters, query
from records.database import db
from records.errors import Invalid, RecordsError
from records.kinds import registry
from records.model import Record, StoredFile
from records.people import Organisation
from signatures import log, operations, queue, simple, subject, trust
from signatures.model import SigningOperation

from . import _signatures
from ._security import actor, person
from .signatures import outcome_of

bp = Blueprint("signing", __name__)


@bp.get("/sign/<int:record_id>")
@login_required
def page(record_id: int) -> ResponseReturnValue:
    """What you see is what you sign: files with digests, and every way to sign them."""
    who = actor()
    record = query.get(who, record_id)
    queue.check_right(who, record)
    files = subject.signable(record)
    log.viewed(who, record_id, files)
    signatures = _signatures.by_file(record)
    mine = next((t for t in queue.tasks(record_id, open_only=True) if t.user_id == who.user_id), None)
    agreement = simple.agreement_of(who.user_id, who.organisation_id)
    return render_template(
        "signing/page.html",
        record=record,
        kind=registry[record.kind],
        files=[_file(entry, signatures.get(entry.id, [])) for entry in files],
        ways={
            "plugin": True,
            "upload": True,
            "simple": simple.allowed(record) and who.may_bind,
            "test": trust.is_test_mode(),
        },
        expected=_expected(record),
        agreement=agreement is not None,
        simple_documents=simple.documents_of(record),
        simple_digest=simple.documents_digest(simple.documents_of(record)),
        simple_marks=_signatures.simple_marks(record),
        tasks=_signatures.tasks(record_id),
        my_task=mine,
        people=queue.may_sign_people(record) if mine is not None else [],
        sent_to=getattr(getattr(person(), "user", None), "email", ""),
    )


def _file(entry: StoredFile, signatures: list[dict[str, object]]) -> dict[str, object]:
    return {
        "id": entry.id,
        "name": entry.name,
        "size": entry.size,
        "size_text": file_size(entry.size),
        "sha256": entry.sha256,
        "streebog256": entry.streebog256,
        "media_type": entry.media_type,
        "url": url_for("files.download", file_id=entry.id),
        "signatures": signatures,
    }


def _expected(record: Record) -> dict[str, object]:
    """Whose certificate fits: ИНН and ОГРН of the company that signs, and its head."""
    if record.direction == "in" and record.organisation_id is not None:
        company = db.session.get(Organisation, record.organisation_id)
        assert company is not None
        return {
            "organisation": company.short_name,
            "inn": company.inn or "",
            "ogrn": company.ogrn or "",
            "person": company.head_name,
        }
    office = parameters.office()
    return {
        "organisation": str(office.get("short_name") or ""),
        "inn": str(office.get("inn") or ""),
        "ogrn": str(office.get("ogrn") or ""),
        "person": str(office.get("head_name") or ""),
    }


@bp.post("/signing/operations")
@login_required
def begin() -> ResponseReturnValue:
    """Open an operation: the server alone decides which bytes are signed."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get("files"), list):
        return jsonify(title="Запрос не понят", detail="Ожидается список файлов."), 400
    try:
        ids = [int(str(i)) for i in asked["files"]]
        row = operations.begin(actor(), ids, str(asked.get("purpose") or ""))
    except ValueError:
        return jsonify(title="Запрос не понят", detail="Номера файлов должны быть числами."), 400
    except RecordsError as error:
        return _refusal(error)
    return jsonify(_operation(row)), 201


@bp.get("/signing/operations/<operation_id>")
@login_required
def state(operation_id: str) -> ResponseReturnValue:
    """What of an operation is done and what is left: the page goes on from there (S-22)."""
    try:
        row = operations.find(actor(), operation_id)
    except RecordsError as error:
        return _refusal(error)
    return jsonify(_operation(row))


def _operation(row: SigningOperation) -> dict[str, object]:
    return {
        "operation": row.id,
        "expires": row.expires_at.isoformat().replace("+00:00", "Z"),
        "purpose": row.purpose,
        "items": [{**item, "done": str(item["file"]) in row.done} for item in row.items],
        "done": [int(key) for key in row.done],
        "left": operations.left(row),
    }


@bp.post("/signing/operations/<operation_id>/<int:file_id>")
@login_required
def take(operation_id: str, file_id: int) -> ResponseReturnValue:
    """Take one signature. Repeating the call gives the same answer."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or not isinstance(given.get("signature"), str):
        return jsonify(title="Запрос не понят", detail="Ожидается подпись в Base64."), 400
    source = str(given.get("source") or "plugin")
    try:
        entry = operations.sign(actor(), operation_id, file_id, given["signature"], source)
    except RecordsError as error:
        return _refusal(error)
    return jsonify(outcome_of(entry))


def _refusal(error: RecordsError) -> ResponseReturnValue:
    statuses = {"not_found": 404, "forbidden": 403, "invalid": 422}
    return jsonify(title="Подпись не принята", detail=str(error), code=error.code), statuses.get(
        error.code, 409
    )


@bp.post("/sign/<int:record_id>/code")
@login_required
def send_code(record_id: int) -> ResponseReturnValue:
    """A one-time code by mail for exactly these bytes."""
    row = simple.send_code(actor(), record_id)
    if _wants_json():
        return jsonify(sent_to=row.sent_to, digest=row.documents_digest)
    flash(f"Код отправлен на {row.sent_to}. Он действует 5 минут.", "success")
    return redirect(url_for("signing.page", record_id=record_id) + "#simple")


@bp.post("/sign/<int:record_id>/simple")
@login_required
def sign_simply(record_id: int) -> ResponseReturnValue:
    """The simple signature: the password once more, or the code."""
    try:
        row = simple.sign(
            actor(),
            record_id,
            password=request.form.get("password", ""),
            code=request.form.get("code", ""),
            agent=request.user_agent.string,
            once=request.form.get("once") or None,
        )
    except Invalid as invalid:
        if _wants_json():
            return _refusal(invalid)
        flash(str(invalid), "error")
        return redirect(url_for("signing.page", record_id=record_id) + "#simple")
    if _wants_json():
        return jsonify(operation=row.operation, text=simple.mark(row))
    flash(simple.mark(row), "success")
    return redirect(url_for("records.show", record_id=record_id))


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "application/json"


@bp.route("/profile/simple-signature", methods=["GET", "POST"])
@login_required
def agreement() -> ResponseReturnValue:
    """The agreement about the simple signature: its text, and the consent with the password."""
    who = actor()
    problem = ""
    if request.method == "POST":
        try:
            simple.agree(who, request.form.get("password", ""))
        except Invalid as invalid:
            problem = str(invalid)
        else:
            flash("Соглашение принято.", "success")
            return redirect(url_for("signing.agreement"))
    version, text = simple.rules()
    context = {
        "version": version,
        "paragraphs": text.split("\n"),
        "accepted": simple.agreement_of(who.user_id, who.organisation_id),
        "may_accept": who.may_bind or who.may_handle,
        "problem": problem,
    }
    return render_template("signatures/agreement.html", **context), 422 if problem else 200
