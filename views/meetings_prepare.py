"""«Собрания»: the list, the page of a meeting, its plan with live checks, the call, documents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from sqlalchemy import select

from attachments.serving import serving_headers
from documents.printing import DOCX, PDF, as_docx, as_pdf
from meetings import people, planning, preparing
from meetings.kinds import FORMS, PREPARE
from meetings.papers import files, protocol
from records import parameters, query, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from records.model import Record

from . import _meeting_words as words
from . import _menu
from ._security import actor

bp = Blueprint("meetings_prepare", __name__)


def _sees(who: Actor) -> bool:
    return who.is_staff or who.organisation_id is not None


MENU = (_menu.Item("main", "Собрания", "meetings_prepare.index", "users", _sees, order=30),)


@bp.get("/meetings")
@login_required
def index() -> ResponseReturnValue:
    """Meetings the person may see: those to come first."""
    who = actor()
    rows = db.session.scalars(
        select(Record)
        .where(Record.kind == "meeting", Record.state != "annulled", query.visible(who))
        .order_by(Record.id.desc())
        .limit(100)
    ).all()
    return render_template(
        "meetings/prepare_list.html",
        rows=[words.line(record) for record in rows],
        may_prepare=bool(who.roles & PREPARE),
    )


@bp.get("/meetings/<int:record_id>")
@login_required
def show(record_id: int) -> ResponseReturnValue:
    """One meeting: what it decides, by when, what is left for me to do, its documents."""
    who = actor()
    record = query.get(who, record_id)
    plan = preparing.plan_of(record.id)
    called = preparing.meeting_of(record_id) is not None
    if not called:
        return redirect(url_for(".edit", record_id=record_id))
    dossier = files.dossier_of(record)
    return render_template(
        "meetings/prepare_show.html",
        record=record,
        dossier=dossier,
        plan=dossier.plan,
        form=FORMS[dossier.plan.form],
        status=words.status(dossier),
        agenda=words.agenda(dossier, plan, query.files(record)),
        timeline=words.marks(planning.timeline(dossier.state.case, words.noticed_on(dossier))),
        papers=files.available(dossier, is_staff=who.is_staff),
        missing=[words.ENTRIES[code] for code in protocol.missing(dossier)] if who.is_staff else [],
        mine=words.mine(who, dossier),
        notices=words.notices(record_id) if who.is_staff else [],
        proposals=words.proposals(dossier),
        contact=dossier.book.contact,
        may_prepare=bool(who.roles & PREPARE),
        may_count="comm_counting" in who.roles,
    )


@bp.route("/meetings/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Begin a plan."""
    who = actor()
    if not who.roles & PREPARE:
        raise Forbidden("Собрание готовит секретарь совета или директор.")
    if request.method == "POST":
        record = preparing.begin(who, words.read_plan(request.form))
        return redirect(url_for(".edit", record_id=record.id))
    return _page(None, words.blank())


@bp.get("/meetings/<int:record_id>/plan")
@login_required
def edit(record_id: int) -> ResponseReturnValue:
    """The plan as it is kept."""
    who = actor()
    record = query.get(who, record_id)
    if not who.is_staff:
        raise Forbidden
    return _page(record, preparing.plan_of(record_id).body)


@bp.post("/meetings/<int:record_id>/plan")
@login_required
def save(record_id: int) -> ResponseReturnValue:
    """Keep the plan, with or without faults; call when asked and nothing is wrong."""
    who = actor()
    body = {**words.read_plan(request.form), "files": preparing.plan_of(record_id).body.get("files", {})}
    try:
        preparing.save(who, record_id, body)
        _take_files(who, record_id)
        if request.form.get("verb") == "call":
            preparing.call(who, record_id)
            flash("Собрание созвано: извещения зарегистрированы и отправлены всем членам.", "success")
            return redirect(url_for(".show", record_id=record_id))
    except (Refused, Invalid) as refused:
        flash(f"Не созвано. {refused}", "error")
    else:
        flash("План сохранён.", "success")
    return redirect(url_for(".edit", record_id=record_id))


def _take_files(who: Actor, record_id: int) -> None:
    """Materials of items: kept by the record, named by the item in the plan."""
    found: dict[str, list[int]] = {}
    for name, storage in request.files.items(multi=True):
        if name.startswith("material_") and storage.filename:
            got = service.attach(who, record_id, storage.stream, storage.filename, slot="materials")
            found.setdefault(name.removeprefix("material_"), []).append(got.file.id)
    if found:
        preparing.add_materials(who, record_id, found)


@bp.post("/meetings/checks")
@login_required
def checks() -> ResponseReturnValue:
    """The fragment with checks and days, for the plan as it is on the screen now."""
    if not actor().is_staff:
        raise Forbidden
    return render_template("meetings/prepare_checks.html", **_checked(words.read_plan(request.form)))


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    try:
        found, case, _ = preparing.examined(body)
    except ValueError:
        return {"found": [planning.Check("Проверьте даты: дд.мм.гггг чч:мм", False, "")], "timeline": []}
    marks = planning.timeline(case, parameters.today()) if case else []
    return {"found": found, "timeline": words.marks(marks)}


def _page(record: Record | None, body: dict[str, Any]) -> ResponseReturnValue:
    return render_template(
        "meetings/prepare_plan.html",
        record=record,
        body=body,
        rows=[*body.get("agenda", []), *([{}] * 3)],
        people=[(f"u{user.id}", f"{user.name}, {user.position}") for user in people.staff()],
        may_edit=record is None or record.state == "draft",
        **_checked(body),
    )


@bp.get("/meetings/<int:record_id>/papers/<name>.<ext>")
@login_required
def paper(record_id: int, name: str, ext: str) -> ResponseReturnValue:
    """A document of the meeting, made now from its journal."""
    who = actor()
    dossier = files.dossier_of(query.get(who, record_id))
    made = files.paper(dossier, name, is_staff=who.is_staff)
    if ext == "docx":
        return _file(as_docx(made), DOCX, f"{made.title}.docx")
    return _file(as_pdf(made, apart=True), PDF, f"{made.title}.pdf")


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    for header, value in serving_headers(media_type, name).items():
        response.headers[header] = value
    return response


@bp.get("/meetings/<int:record_id>/protocol")
@login_required
def evidence(record_id: int) -> ResponseReturnValue:
    """The protocol on the screen: every figure opens the votes it is made of (M-149)."""
    who = actor()
    record = query.get(who, record_id)
    dossier = files.dossier_of(record)
    files.paper(dossier, "protocol", is_staff=who.is_staff)
    return render_template(
        "meetings/papers_protocol.html",
        record=record,
        dossier=dossier,
        questions=words.evidence(dossier),
        entries=[
            (words.ENTRIES[row["code"]], row["status"] == "present")
            for row in dossier.result["protocol"]["entries"]
        ],
        quorum=dossier.result["quorum"],
    )
