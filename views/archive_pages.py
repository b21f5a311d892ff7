"""Pages of keeping: journals, exports, retention and holds, integrity; the public digest and check pages."""

from __future__ import annotations

import hashlib
import tempfile
from calendar import monthrange
from datetime import date

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import login_required

from archive import digest, export, registers, retention
from archive.file_plan import case_files
from attachments.serving import serving_headers
from documents.model import Journal as PrintedJournal
from documents.paper import Column
from documents.printing import PDF, XLSX, as_pdf, journal_as_xlsx
from printing import check_code
from printing.office import letterhead
from records import parameters, query
from records.database import db, now
from records.errors import Forbidden, NotFound
from records.journals import journals
from records.kinds import registry
from records.model import Hold, Record, StoredFile
from signatures import public

from . import _menu
from ._security import actor

bp = Blueprint("archive", __name__)

KEEPERS = _menu.roles("sro_archivist", "sro_clerk", "sro_director", "sro_lawyer", "sro_admin", "sro_auditor")
MENU = (
    _menu.Item("office", "Журналы регистрации", "archive.journal", "book", _menu.staff, order=30),
    _menu.Item("keeping", "Номенклатура дел", "archive.plan", "archive", KEEPERS, order=10),
    _menu.Item("keeping", "К уничтожению", "archive.expired", "trash", KEEPERS, order=20),
    _menu.Item("keeping", "Дайджесты архива", "archive.digests", "shield", _menu.staff, order=30),
)


def _period() -> tuple[date, date]:
    today = parameters.today()
    try:
        since = date.fromisoformat(request.args.get("period_from", ""))
    except ValueError:
        since = today.replace(day=1)
    try:
        until = date.fromisoformat(request.args.get("period_to", ""))
    except ValueError:
        until = today.replace(day=monthrange(today.year, today.month)[1])
    return since, until


@bp.get("/journals")
@login_required
def journal() -> ResponseReturnValue:
    """A registration journal for a period: on the screen, as PDF, as Excel."""
    code = request.args.get("journal") or "in"
    found = registers.register(actor(), code, *_period())
    if request.args.get("format") in ("pdf", "xlsx"):
        return _printed(found, request.args["format"])
    return render_template(
        "archive/journal.html", register=found, codes=[(j.code, j.title) for j in journals().values()]
    )


def _printed(found: registers.Register, form: str) -> Response:
    columns = (
        Column("Номер", "code"),
        Column("Дата", "date"),
        Column("Корреспондент"),
        Column("Их номер", "code"),
        Column("Содержание"),
        Column("Исполнитель"),
        Column("Состояние"),
    )
    paper = PrintedJournal(
        title=f"Журнал регистрации: {found.journal.title.lower()}",
        organisation=letterhead(),
        period_from=found.since,
        period_to=found.until,
        columns=columns,
        rows=[
            (
                x.number,
                x.issued_on,
                x.correspondent,
                x.their_number,
                f"{x.kind}. {x.title}",
                x.handler,
                x.state,
            )
            for x in found.lines
        ],
        made_at=now().astimezone(parameters.zone()),
        totals=(("Всего документов", len(found.lines)), ("из них аннулировано", found.annulled)),
    )
    content, kind = (as_pdf(paper, apart=True), PDF) if form == "pdf" else (journal_as_xlsx(paper), XLSX)
    name = f"Журнал {found.journal.title.lower()} {found.since:%d.%m.%Y}-{found.until:%d.%m.%Y}.{form}"
    response = Response(content, mimetype=kind)
    for header, value in serving_headers(kind, name).items():
        response.headers[header] = value
    return response


@bp.get("/records/<int:record_id>/case.zip")
@login_required
def case(record_id: int) -> ResponseReturnValue:
    """The export of one record with everything tied to it."""
    who = actor()
    record = query.get(who, record_id)
    ids = [record.id, *(found.record.id for found in query.links(who, record))]
    title = f"Дело: {registry[record.kind].title} {record.number_text or ''}".strip()
    return _zip(ids, title, f"Дело {record.number_text or record.id}".replace("/", "-"))


@bp.get("/organisations/<int:organisation_id>/case.zip")
@login_required
def member_case(organisation_id: int) -> ResponseReturnValue:
    """The export of everything of one company that the person may see."""
    who = actor()
    if not who.is_staff and who.organisation_id != organisation_id:
        raise NotFound
    ids = query.all_ids(
        who, query.ListQuery(organisation=organisation_id), parameters.today(), cap=export.MOST
    )
    return _zip(ids, "Дело члена СРО", "Дело члена СРО")


def _zip(ids: list[int], title: str, name: str) -> Response:
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the response reads it to its end and closes it
    export.write(actor(), ids, spool, title=title)
    spool.seek(0)
    response = send_file(spool, mimetype="application/zip")
    for header, value in serving_headers("application/zip", f"{name}.zip").items():
        response.headers[header] = value
    return response


@bp.get("/keeping/plan")
@login_required
def plan() -> ResponseReturnValue:
    """The file plan in force."""
    if not actor().is_staff:
        raise Forbidden
    return render_template("archive/plan.html", cases=sorted(case_files().values(), key=lambda c: c.index))


@bp.get("/keeping/expired")
@login_required
def expired() -> ResponseReturnValue:
    """Records whose term has passed: candidates for an act of destruction."""
    who = actor()
    rows = retention.candidates(who, parameters.today())
    return render_template("archive/expired.html", rows=rows, may_destroy="sro_director" in who.roles)


@bp.post("/keeping/destroy")
@login_required
def destroy() -> ResponseReturnValue:
    """Carry out an act of destruction."""
    ids = [int(i) for i in request.form.getlist("ids") if i.isdecimal()]
    left = retention.destroy(actor(), ids, act_number=request.form.get("act", ""), today=parameters.today())
    kept = dict(left)
    flash(
        f"Уничтожено документов: {len(ids) - len(kept)}. Оставлено: {len(kept)}.",
        "success" if not kept else "info",
    )
    for record_id, reason in left[:10]:
        flash(f"Документ {record_id} оставлен: {reason}.", "info")
    return redirect(url_for("archive.expired"))


@bp.post("/records/<int:record_id>/hold")
@login_required
def hold(record_id: int) -> ResponseReturnValue:
    """Forbid the destruction of a record."""
    retention.hold(actor(), record_id, request.form.get("reason", ""))
    flash("Удержание поставлено: документ нельзя уничтожить, пока его не снимут.", "success")
    return redirect(url_for("records.show", record_id=record_id))


@bp.post("/holds/<int:hold_id>/lift")
@login_required
def lift(hold_id: int) -> ResponseReturnValue:
    """End a hold with a reason."""
    found = db.session.get(Hold, hold_id)
    if found is None:
        raise NotFound
    record_id = found.record_id
    retention.lift(actor(), hold_id, request.form.get("reason", ""))
    flash("Удержание снято.", "success")
    return redirect(url_for("records.show", record_id=record_id))


@bp.get("/digest")
def digests() -> ResponseReturnValue:
    """The published daily digests: anyone may write them down and compare later."""
    g.private = False
    found = digest.published()
    if request.args.get("format") == "json":
        return jsonify(
            [
                {"day": d.day.isoformat(), "entries": d.entries, "digest": d.digest, "previous": d.previous}
                for d in found
            ]
        )
    return render_template("archive/digests.html", digests=found)


@bp.route("/check", methods=["GET", "POST"])
@bp.route("/check/<code>", methods=["GET", "POST"])
def check(code: str = "") -> ResponseReturnValue:
    """Is a paper or a file genuine: by the code of its QR, or by the file itself,
    without telling what is in it."""
    code = code or request.values.get("code", "").strip()
    record_id = check_code.record_of(code) if code else None
    record = db.session.get(Record, record_id) if record_id else None
    known = record is not None and record.number_text is not None
    file_verdict = _file_verdict(record if known else None)
    return render_template(
        "archive/check.html",
        code=code,
        record=record if known else None,
        kind=registry[record.kind] if known and record else None,
        asked=bool(code),
        file_verdict=file_verdict,
        signatures=public.of_record(record) if known and record else [],
    )


def _file_verdict(record: Record | None) -> str | None:
    """Whether the dropped file is one of the archive (of this record, when a code was given)."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    sha = hashlib.sha256()
    while chunk := sent.stream.read(1 << 20):
        sha.update(chunk)
    wanted = (
        db.select(StoredFile.id)
        .join(Record)
        .where(StoredFile.sha256 == sha.hexdigest(), Record.number_text.is_not(None))
    )
    if record is not None:
        wanted = wanted.where(StoredFile.record_id == record.id)
    return "genuine" if db.session.execute(wanted.limit(1)).first() else "unknown"
