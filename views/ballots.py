"""What a member does for a meeting: ballot, registration sheet, proxies, proposals; the office "
"takes paper ballots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from attachments.serving import serving_headers
from documents.printing import PDF, as_pdf
from meetings import people, preparing, taking
from meetings.papers import calling, files
from meetings.papers.dossier import Dossier
from records import query, service
from records.actor import HEAD
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.model import Record
from records.people import Seat, User

from . import _meeting_words as words
from ._forms import read_day
from ._security import actor

bp = Blueprint("ballots", __name__)


def _hall(record_id: int) -> tuple[Record, Dossier]:
    """A called meeting the person may see."""
    record = query.get(actor(), record_id)
    if preparing.meeting_of(record_id) is None:
        raise NotFound
    return record, files.dossier_of(record)


def _back(record_id: int) -> ResponseReturnValue:
    return redirect(url_for("meetings_prepare.show", record_id=record_id))


def _marks(form: MultiDict[str, str], dossier: Dossier) -> dict[str, Any]:
    """One mark a question; several of a paper ballot are kept as they are: the count will judge them."""
    found: dict[str, Any] = {}
    for item in dossier.state.lawful_items:
        given = form.getlist(f"mark_{item.id}")
        if given:
            found[item.id] = given[0] if len(given) == 1 and not item.is_election else given
    return found


@bp.route("/meetings/<int:record_id>/ballot", methods=["GET", "POST"])
@login_required
def fill(record_id: int) -> ResponseReturnValue:
    """The ballot in the cabinet: kept as a draft, checked, signed and sent; the receipt is its "
    "number and time."""
    who = actor()
    record, dossier = _hall(record_id)
    member = taking.own_member(who)
    marks: dict[str, Any] = dict(taking.draft_of(who, record_id))
    if request.method == "POST":
        marks = _marks(request.form, dossier)
        if request.form.get("verb") == "draft":
            taking.keep_draft(who, record_id, marks)
            flash("Черновик бюллетеня сохранён. Его видит только ваша организация.", "success")
            return redirect(url_for(".fill", record_id=record_id))
        try:
            filed = taking.send_ballot(who, record_id, marks)
        except (Refused, Invalid) as refused:
            flash(f"Бюллетень не отправлен. {refused}", "error")
        else:
            flash(
                f"Бюллетень принят: {filed.number_text}. До подсчёта его содержание не видно никому.",
                "success",
            )
            return _back(record_id)
    return render_template(
        "meetings/ballot_fill.html",
        record=record,
        dossier=dossier,
        member=dossier.member(member),
        agenda=words.agenda(dossier, preparing.plan_of(record_id), query.files(record)),
        items=dossier.items,
        marks=marks,
        timeline=words.marks([]),
        closes=words.when(dossier.plan.intake_closes_at),
    )


@bp.get("/meetings/<int:record_id>/ballot.pdf")
@login_required
def blank(record_id: int) -> ResponseReturnValue:
    """The named ballot for paper, with the same fields as on the screen."""
    _, dossier = _hall(record_id)
    return _pdf(as_pdf(calling.ballot(dossier, taking.own_member(actor())), apart=True), "Бюллетень.pdf")


@bp.get("/meetings/<int:record_id>/sheet.pdf")
@login_required
def sheet(record_id: int) -> ResponseReturnValue:
    """The registration sheet as it was filed."""
    _, dossier = _hall(record_id)
    return _pdf(
        as_pdf(calling.sheet(dossier, taking.own_member(actor())), apart=True), "Лист регистрации.pdf"
    )


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=PDF)
    for header, value in serving_headers(PDF, name).items():
        response.headers[header] = value
    return response


@bp.post("/meetings/<int:record_id>/sheet")
@login_required
def register(record_id: int) -> ResponseReturnValue:
    """Register for the meeting; the warning of confidentiality is acknowledged by the same press."""
    _hall(record_id)
    if "confidential" not in request.form:
        flash("Отметьте, что предупреждены о сохранности кода.", "error")
        return _back(record_id)
    try:
        filed = taking.hand_in_sheet(actor(), record_id)
    except (Refused, Invalid) as refused:
        flash(f"Лист не принят. {refused}", "error")
    else:
        flash(f"Лист регистрации принят: {filed.number_text}. Его проверит мандатная комиссия.", "success")
    return _back(record_id)


@bp.route("/meetings/<int:record_id>/proxies", methods=["GET", "POST"])
@login_required
def proxies(record_id: int) -> ResponseReturnValue:
    """Proxies of the company for this meeting: issue, limit to questions, revoke."""
    who = actor()
    record, dossier = _hall(record_id)
    taking.own_member(who)
    if request.method == "POST":
        try:
            _proxy(record_id)
        except (Refused, Invalid) as refused:
            flash(str(refused), "error")
        return redirect(url_for(".proxies", record_id=record_id))
    colleagues = db.session.scalars(
        select(User)
        .join(Seat, Seat.user_id == User.id)
        .where(Seat.organisation_id == who.organisation_id, User.id != who.user_id, User.is_active.is_(True))
        .order_by(User.name)
        .distinct()
    ).all()
    return render_template(
        "meetings/ballot_proxies.html",
        record=record,
        items=dossier.items,
        mine=words.mine(who, dossier),
        colleagues=colleagues,
        is_head=HEAD in who.roles,
    )


def _proxy(record_id: int) -> None:
    who = actor()
    if name := request.form.get("revoke"):
        taking.revoke_proxy(who, record_id, name)
        flash("Доверенность отозвана: с этой минуты представитель не голосует.", "success")
        return
    holder = db.session.get(User, request.form.get("holder", type=int) or 0)
    own = select(Seat.id).where(
        Seat.organisation_id == who.organisation_id, Seat.user_id == (holder.id if holder else 0)
    )
    if holder is None or db.session.scalar(own) is None:
        raise Invalid({"holder": ["Выберите представителя из людей вашей организации."]})
    taking.give_proxy(
        who,
        record_id,
        holder,
        items=request.form.getlist("items"),
        until=read_day(request.form.get("until")),
    )
    flash("Доверенность выдана.", "success")


@bp.route("/meetings/<int:record_id>/proposal", methods=["GET", "POST"])
@login_required
def proposal(record_id: int) -> ResponseReturnValue:
    """A question proposed for the agenda, with its motives (W.4)."""
    record, dossier = _hall(record_id)
    taking.own_member(actor())
    if request.method == "POST":
        given = {name: request.form.get(name, "").strip() for name in ("question", "motives", "draft")}
        try:
            filed = taking.propose(actor(), record_id, **given)
        except (Refused, Invalid) as refused:
            flash(f"Предложение не принято. {refused}", "error")
        else:
            flash(f"Предложение принято: {filed.number_text}.", "success")
            return _back(record_id)
    until = dossier.result["deadlines"]["proposals_until"]
    return render_template(
        "meetings/ballot_proposal.html",
        record=record,
        given=request.form,
        until=words.when(datetime.fromisoformat(until)) if until else "",
    )


@bp.post("/meetings/<int:record_id>/agenda")
@login_required
def amend(record_id: int) -> ResponseReturnValue:
    """Put accepted proposals on the agenda; the new version goes to everybody (W.5)."""
    _hall(record_id)
    try:
        version = taking.amend_agenda(actor(), record_id, request.form.getlist("items"))
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
    else:
        flash(f"Повестка изменена, версия {version} разослана всем членам.", "success")
    return _back(record_id)


@bp.route("/meetings/<int:record_id>/intake", methods=["GET", "POST"])
@login_required
def intake(record_id: int) -> ResponseReturnValue:
    """Paper and e-mailed ballots: registered with a number, whatever their faults."""
    who = actor()
    if not who.may_handle:
        raise Forbidden
    record, dossier = _hall(record_id)
    if request.method == "POST":
        _take(record_id, dossier)
        return redirect(url_for(".intake", record_id=record_id))
    companies = [
        (people.organisation_of(member), f"{line.name}, № {line.number}")
        for member, line in dossier.book.members.items()
    ]
    return render_template(
        "meetings/ballot_intake.html",
        record=record,
        dossier=dossier,
        companies=companies,
        items=dossier.items,
    )


def _take(record_id: int, dossier: Dossier) -> None:
    try:
        filed, faults = taking.take_ballot(
            actor(),
            record_id,
            request.form.get("organisation", type=int) or 0,
            _marks(request.form, dossier),
            channel="email" if request.form.get("channel") == "email" else "paper",
            is_signed="signed" in request.form,
            has_seal="seal" in request.form,
        )
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
        return
    scan = request.files.get("scan")
    if scan and scan.filename:
        service.attach(actor(), filed.id, scan.stream, scan.filename)
    if faults:
        flash(f"Бюллетень {filed.number_text} считается неполученным: {'; '.join(faults)}.", "warning")
    else:
        flash(f"Бюллетень {filed.number_text} принят.", "success")


@bp.post("/meetings/<int:record_id>/count")
@login_required
def count(record_id: int) -> ResponseReturnValue:
    """The counting board opens the ballots."""
    _hall(record_id)
    try:
        taking.count(actor(), record_id)
    except (Refused, Invalid) as refused:
        flash(f"Подсчёт не начат. {refused}", "error")
    else:
        flash("Бюллетени вскрыты и подсчитаны. Протоколы сформированы.", "success")
    return _back(record_id)


@bp.post("/meetings/<int:record_id>/finish")
@login_required
def finish(record_id: int) -> ResponseReturnValue:
    """The live part is closed and everything is counted: the record of the meeting says so."""
    _hall(record_id)
    try:
        taking.sum_up(actor(), record_id)
    except (Refused, Invalid) as refused:
        flash(str(refused), "error")
    else:
        flash("Итоги подведены, документы собрания готовы.", "success")
    return _back(record_id)
