"""Prints of one record: the letter or form as PDF and docx (a draft says «ПРОЕКТ»), the receipt."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from documents.printing import DOCX, PDF, as_docx, as_pdf
from printing.forms import print_form, receipt
from printing.handler import file_name
from printing.letters import letter
from printing.sheets import approval_sheet, label
from records import query
from records.errors import Forbidden, Refused
from records.kinds import registry

from ._security import actor

bp = Blueprint("print", __name__)


@bp.get("/records/<int:record_id>/print")
@login_required
def form(record_id: int) -> ResponseReturnValue:
    """The paper of a record, made now from what it holds."""
    who = actor()
    record = query.get(who, record_id)
    draft = record.number_text is None
    if registry[record.kind].prints == "letter":
        paper = letter(record, draft=draft)
        answer = as_docx(paper) if _wants_docx() else as_pdf(paper, apart=True)
    else:
        plain = print_form(record, for_staff=who.is_staff)
        answer = as_docx(plain) if _wants_docx() else as_pdf(plain, apart=True)
    return _file(answer, file_name(record))


@bp.get("/records/<int:record_id>/receipt")
@login_required
def receipt_of(record_id: int) -> ResponseReturnValue:
    """The receipt of a filing: number, moment, digests of the files (R-45)."""
    record = query.get(actor(), record_id)
    paper = receipt(record)
    if paper is None:
        raise Refused("Квитанция появится после регистрации документа.")
    return _file(
        as_pdf(paper, apart=True), f"Квитанция {(record.number_text or '').replace('/', '-')}", pdf=True
    )


@bp.get("/records/<int:record_id>/approval")
@login_required
def approval(record_id: int) -> ResponseReturnValue:
    """The approval sheet: every step, version and person (R-42)."""
    who = actor()
    record = query.get(who, record_id)
    return _file(
        as_pdf(approval_sheet(who, record), apart=True), f"Лист согласования {file_name(record)}", pdf=True
    )


@bp.get("/records/<int:record_id>/label")
@login_required
def label_of(record_id: int) -> ResponseReturnValue:
    """The sticker for the original on paper (R-23); printed by the staff."""
    who = actor()
    record = query.get(who, record_id)
    if not who.is_staff:
        raise Forbidden
    return _file(as_pdf(label(record), apart=True), f"Этикетка {record.id}", pdf=True)


def _wants_docx() -> bool:
    return request.args.get("format") == "docx"


def _file(content: bytes, name: str, *, pdf: bool = False) -> Response:
    docx = _wants_docx() and not pdf
    response = Response(content, mimetype=DOCX if docx else PDF)
    for header, value in serving_headers(
        DOCX if docx else PDF, f"{name}.{'docx' if docx else 'pdf'}"
    ).items():
        response.headers[header] = value
    return response
