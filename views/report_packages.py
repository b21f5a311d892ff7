"""Packages for 1С: the queue, making, taking, receipts, sending again; the scheme."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from language.numbers import file_size
from records import parameters
from records.errors import Forbidden, Invalid, NotFound, Refused
from reports import export_1c

from ._security import actor

bp = Blueprint("report_packages", __name__)

STATES = {
    "ready": ("Готов", "waiting"),
    "sent": ("Отправлен", "active"),
    "accepted": ("Принят", "good"),
    "partial": ("Принят частично", "waiting"),
    "rejected": ("Отклонён", "bad"),
}


@bp.get("/reports/packages")
@login_required
def index() -> ResponseReturnValue:
    """«Выгрузка для 1С (формат кабинета 1.0)»: what waits, what went, what came back."""
    who = actor()
    if not who.is_staff:
        raise Forbidden
    zone = parameters.zone()
    rows = [
        {
            "id": one.number,
            "url": url_for("report_packages.download", number=one.number),
            "cells": {
                "number": f"{one.number:06d}",
                "name": one.name,
                "at": one.made_at.astimezone(zone).strftime("%d.%m.%Y %H:%M"),
                "size": file_size(one.size),
                "sends": one.sends,
                "state": (one.state, *STATES[one.state]),
            },
        }
        for one in export_1c.packages()
    ]
    return render_template(
        "reports/packages.html",
        waiting=len(export_1c.waiting()),
        rows=rows,
        failed=export_1c.failed(),
        may_export=export_1c.may_export(who),
    )


@bp.post("/reports/packages")
@login_required
def pack() -> ResponseReturnValue:
    """Make the next package."""
    try:
        made = export_1c.pack(actor())
    except Refused as refused:
        flash(str(refused), "error")
        return redirect(url_for("report_packages.index"))
    flash(
        f"Пакет {made.number:06d} готов." if made else "Принятых отчётов в очереди нет.",
        "success" if made else "info",
    )
    return redirect(url_for("report_packages.index"))


@bp.get("/reports/packages/<int:number>.zip")
@login_required
def download(number: int) -> ResponseReturnValue:
    """The package, the same bytes at every sending."""
    entry, path = export_1c.content(actor(), number)
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=entry.name)


@bp.post("/reports/packages/receipt")
@login_required
def receipt() -> ResponseReturnValue:
    """Take the answer of the other side."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        flash("Выберите файл квитанции.", "error")
        return redirect(url_for("report_packages.index"))
    try:
        entry = export_1c.take_receipt(actor(), sent.stream.read(5 * 1024 * 1024))
    except Invalid as invalid:
        flash(str(invalid), "error")
    except NotFound:
        flash("Такого пакета не отправляли.", "error")
    else:
        flash(f"Пакет {entry.number:06d}: {STATES[entry.state][0].lower()}.", "success")
    return redirect(url_for("report_packages.index"))


@bp.post("/reports/packages/again/<int:record_id>")
@login_required
def again(record_id: int) -> ResponseReturnValue:
    """Put a report back into the queue."""
    export_1c.again(actor(), record_id)
    flash("Отчёт снова в очереди.", "success")
    return redirect(url_for("report_packages.index"))


@bp.get("/reports/packages/scheme.xsd")
def scheme() -> Response:
    """The published scheme of the format."""
    return Response(export_1c.scheme_text(), mimetype="application/xml")
