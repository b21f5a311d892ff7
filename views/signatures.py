"""Pages of signatures: the protocol of a check, upload, the signing log, the order of signers, copies with
the mark."""

from __future__ import annotations

import json

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from documents.paper import Paper
from documents.printing import PDF, as_pdf
from records import query
from records.errors import Forbidden, Invalid, NotFound
from records.kinds import registry
from signatures import intake, log, queue, reports, stamped, verification
from signatures.model import Signature, Verification

from . import _menu, _signatures
from ._security import actor

bp = Blueprint("signatures", __name__)

MENU = (
    _menu.Item(
        "main", "На подпись", "signatures.mine", "sign", lambda who: who.user_id is not None, order=45
    ),
)

MOODS = {"valid": "success", "unknown": "warning", "invalid": "error"}


@bp.get("/signatures/<int:signature_id>")
@login_required
def show(signature_id: int) -> ResponseReturnValue:
    """The protocol of a signature's check: one sentence, then the technical part (S-14)."""
    entry, document, record = intake.visible(actor(), signature_id)
    made = verification.history_of(entry.id)
    chosen = _chosen(entry.id, made)
    if request.args.get("format") == "pdf":
        paper = reports.protocol(entry, document, record, chosen)
        return _pdf(paper, f"Протокол проверки {document.name}")
    if request.args.get("format") == "json":
        return _as_json(chosen)
    return render_template(
        "signatures/show.html",
        entry=entry,
        document=document,
        record=record,
        kind=registry[record.kind],
        mood=reports.mood(entry),
        sentence=reports.sentence(entry),
        facts=reports.facts(entry, document),
        signers=[reports.signer_rows(chosen.report, n) for n in range(len(chosen.report["signers"]))]  # type: ignore[arg-type]
        if chosen
        else [],
        how=reports.how(chosen) if chosen else [],
        warnings=list(chosen.report.get("warnings") or []) if chosen else [],  # type: ignore[call-overload]
        history=[
            (
                v.id,
                reports.moment(v.made_at),
                reports.WHY.get(v.why, v.why),
                reports.TITLE[v.indication],
                v.trust_version,
            )
            for v in made
        ],
        chosen=chosen.id if chosen else None,
        uncertified=reports.UNCERTIFIED,
    )


def _chosen(signature_id: int, made: list[Verification]) -> Verification | None:
    """The verification asked for, the latest by default."""
    wanted = request.args.get("check", type=int)
    if wanted is None:
        return made[0] if made else None
    found = next((v for v in made if v.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def _as_json(chosen: Verification | None) -> Response:
    if chosen is None:
        raise NotFound
    body = json.dumps(chosen.report, ensure_ascii=False, indent=1)
    response = Response(body, mimetype="application/json")
    for name, value in serving_headers("application/json", f"protocol-{chosen.id}.json").items():
        response.headers[name] = value
    return response


def _pdf(paper: Paper, name: str) -> Response:
    response = Response(as_pdf(paper, apart=True), mimetype=PDF)
    for header, value in serving_headers(PDF, f"{name}.pdf").items():
        response.headers[header] = value
    return response


@bp.post("/signatures/<int:signature_id>/check")
@login_required
def check(signature_id: int) -> ResponseReturnValue:
    """Check again now."""
    entry, _document, _record = intake.visible(actor(), signature_id)
    if actor().read_only:
        raise Forbidden
    verification.again(entry.id, "person")
    flash("Проверено заново.", "success")
    return redirect(url_for("signatures.show", signature_id=signature_id))


@bp.post("/records/<int:record_id>/signatures")
@login_required
def upload(record_id: int) -> ResponseReturnValue:
    """Signature files made elsewhere: one or many, each finds its document (S-05)."""
    sent = [
        (f.filename or "", f.stream.read(intake.MOST_BYTES + 1)) for f in request.files.getlist("file") if f
    ]
    file_id = request.form.get("file_id", type=int)
    if not sent:
        raise Invalid({"file": ["Выберите файл подписи: .sig, .p7s, .sgn."]})
    if file_id is not None:
        taken = []
        for name, content in sent:
            entry = intake.receive(actor(), file_id, content, name)
            taken.append(intake.Taken(name, "", entry, entry.text))
    else:
        taken = intake.receive_many(actor(), record_id, sent)
    wants_json = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "application/json"
    if wants_json:
        return {"items": [_taken(one) for one in taken]}
    for one in taken:
        found = one.signature
        text = one.text if found is None else reports.sentence(found)
        category = "error" if found is None else MOODS[reports.mood(found)]
        flash(f"{one.name}: {text}", category)
    return redirect(url_for("records.show", record_id=record_id))


def _taken(one: intake.Taken) -> dict[str, object]:
    entry = one.signature
    if entry is None:
        return {"name": one.name, "accepted": False, "text": one.text}
    return {
        "name": one.name,
        "accepted": True,
        "file": entry.file_id,
        "document": one.file,
        **outcome_of(entry),
    }


def outcome_of(entry: Signature) -> dict[str, object]:
    """The verdict as programs and scripts take it."""
    return {
        "id": entry.id,
        "verdict": entry.indication or "PENDING",
        "sub_indication": entry.sub_indication or None,
        "mood": reports.mood(entry),
        "text": reports.sentence(entry),
        "authority": entry.authority or None,
        "authority_text": entry.authority_text,
        "signer": entry.signer_name,
        "is_test": entry.is_test,
        "report_url": url_for("signatures.show", signature_id=entry.id),
    }


@bp.get("/records/<int:record_id>/signing-log")
@login_required
def journal(record_id: int) -> ResponseReturnValue:
    """The signing log of a record, on the screen and as PDF (S-15)."""
    who = actor()
    record = query.get(who, record_id)
    lines = log.lines(who, record_id)
    if request.args.get("format") == "pdf":
        return _pdf(reports.log_paper(record, lines), f"Журнал подписания {record.number_text or record.id}")
    rows = [
        {
            "at": reports.moment(line.at),
            "title": log.TITLES[line.verb],
            "person": line.person,
            "address": line.address,
            "document": line.document,
            "sha256": line.sha256,
            "streebog256": line.streebog256,
            "note": line.note,
        }
        for line in lines
    ]
    return render_template("signatures/log.html", record=record, rows=rows)


@bp.get("/signatures")
@login_required
def mine() -> ResponseReturnValue:
    """What waits for my signature."""
    who = actor()
    asked = queue.asked_of(who.user_id) if who.user_id is not None else []
    seen = query.visible_ids(who, [record.id for _task, record in asked])
    rows = [
        {
            "id": record.id,
            "url": url_for("signing.page", record_id=record.id),
            "cells": {
                "title": record.title,
                "number": record.number_text or "без номера",
                "since": reports.moment(task.asked_at),
            },
        }
        for task, record in asked
        if record.id in seen
    ]
    return render_template("signatures/mine.html", rows=rows)


@bp.route("/records/<int:record_id>/signers", methods=["GET", "POST"])
@login_required
def order(record_id: int) -> ResponseReturnValue:
    """The order of signers: who, one after another (S-06)."""
    who = actor()
    record = query.get(who, record_id)
    queue.check_right(who, record)
    if request.method == "POST":
        chosen = [int(i) for i in request.form.getlist("signer") if i.isdecimal()]
        queue.set_order(who, record_id, chosen)
        flash("Порядок подписания задан. Первому подписанту отправлено уведомление.", "success")
        return redirect(url_for("records.show", record_id=record_id) + "#signing")
    return render_template(
        "signatures/order.html",
        record=record,
        people=queue.may_sign_people(record),
        tasks=_signatures.tasks(record_id),
        places=range(5),
        scans=[f for f in query.files(record) if f.signature_of is None],
        may_paper=who.may_handle,
    )


@bp.post("/signing-tasks/<int:task_id>/decline")
@login_required
def decline(task_id: int) -> ResponseReturnValue:
    queue.decline(actor(), task_id, request.form.get("reason", ""))
    flash("Отказ записан, автор уведомлён.", "success")
    return redirect(url_for("signatures.mine"))


@bp.post("/signing-tasks/<int:task_id>/forward")
@login_required
def forward(task_id: int) -> ResponseReturnValue:
    queue.forward(
        actor(), task_id, request.form.get("user_id", type=int) or 0, request.form.get("reason", "")
    )
    flash("Передано другому подписанту.", "success")
    return redirect(url_for("signatures.mine"))


@bp.post("/records/<int:record_id>/paper-signed")
@login_required
def paper(record_id: int) -> ResponseReturnValue:
    """Signed on paper: the scan and the place of the original (S-07)."""
    queue.on_paper(actor(), record_id, request.form.get("scan", type=int) or 0, request.form.get("place", ""))
    flash("Записано: подписан на бумаге.", "success")
    return redirect(url_for("records.show", record_id=record_id))


@bp.get("/files/<int:file_id>/stamped")
@login_required
def stamped_copy(file_id: int) -> ResponseReturnValue:
    """A copy with the visible mark; the original is not touched (S-13)."""
    document, record = query.file(actor(), file_id)
    content = stamped.copy_of(document, record)
    name = f"Копия со штампом {document.name.rpartition('.')[0] or document.name}.pdf"
    response = Response(content, mimetype=PDF)
    for header, value in serving_headers(PDF, name).items():
        response.headers[header] = value
    return response
