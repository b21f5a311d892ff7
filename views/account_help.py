"""Help in place: topics with videos, the tour of the first login, the check of the computer, support."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired

from accounts import help_topics, policy, preferences
from accounts import support as support_service
from records.database import now
from records.errors import Invalid, Refused
from records.storage import storage

from . import _menu
from ._account_menu import help_address
from ._forms import show_errors
from ._security import actor, person

bp = Blueprint("account_help", __name__)

MENU = (
    _menu.Item("help", "Помощь", "account_help.index", "book", order=90),
    _menu.Item(
        "people",
        "Обращения в поддержку",
        "account_help.requests",
        "question",
        policy.may_answer_support,
        order=90,
    ),
)

COOKIE_PROBE = "probe"
OLDEST = {"Chrome": 100, "Firefox": 100, "Version": 15, "Edg": 100, "YaBrowser": 22}
"""Versions since which the pages were tried; «Version» is how Safari tells its own."""


class SupportForm(FlaskForm):
    """A question; the page it was asked from goes along."""

    text = TextAreaField(
        "Что случилось или что непонятно", validators=[DataRequired("Опишите, что случилось.")]
    )
    name = StringField("Ваше имя")
    email = StringField("E-mail для ответа")
    page = HiddenField()


@bp.app_context_processor
def _help_of_the_page() -> dict[str, object]:
    """The «Помощь» of every page opens the topic of that page (C-12); a first visit shows the tour."""
    values: dict[str, object] = {"paths": {"help": help_address()}}
    found = person() if request.endpoint == "home.start" else None
    if found is not None and not found.actor.read_only and not preferences.has_seen_tour(found.user):
        values["tour_steps"] = help_topics.TOUR
    return values


@bp.get("/help")
def index() -> ResponseReturnValue:
    return render_template(
        "account/help.html", topics=help_topics.shown_to(actor()), videos=help_topics.videos(), **_shell()
    )


@bp.get("/help/<code>")
def topic(code: str) -> ResponseReturnValue:
    return _topic_page(code)


def _topic_page(code: str, errors: list[tuple[str, str]] | None = None) -> ResponseReturnValue:
    found = help_topics.topic(code)
    page = render_template(
        "account/help_topic.html",
        topic=found,
        video=help_topics.video(code),
        formats="MP4 или WebM",
        may_edit=policy.may_edit_help(actor()),
        errors=errors or [],
        **_shell(),
    )
    return page, 422 if errors else 200


def _shell() -> dict[str, object]:
    """Help opens to everybody: before login in the public layout."""
    return {"layout": "layout.html" if person() else "layout_public.html"}


@bp.get("/help/<code>/video")
def video(code: str) -> ResponseReturnValue:
    """The video itself, in parts, so that one may move along it."""
    entry = help_topics.video(code)
    if entry is None or not storage().exists(entry.sha256):
        abort(404)
    return send_file(
        storage().path(entry.sha256), mimetype=entry.media_type, conditional=True, etag=entry.sha256
    )


@bp.post("/help/<code>/video")
@login_required
def put_video(code: str) -> ResponseReturnValue:
    file = request.files.get("video")
    if request.form.get("remove"):
        help_topics.remove_video(actor(), code)
        flash("Видео убрано.", "success")
        return redirect(url_for("account_help.topic", code=code))
    if file is None or not file.filename:
        return _topic_page(code, [("video", "Выберите файл MP4 или WebM.")])
    try:
        help_topics.put_video(actor(), code, file.stream, file.filename)
    except Invalid as error:
        return _topic_page(code, [("video", error.errors["video"][0])])
    flash("Видео размещено.", "success")
    return redirect(url_for("account_help.topic", code=code))


@bp.get("/welcome")
@login_required
def tour() -> ResponseReturnValue:
    """The five steps of the first login; the page may be opened again at any time (C-10)."""
    return render_template("account/tour.html", steps=help_topics.TOUR)


@bp.post("/welcome")
@login_required
def tour_done() -> ResponseReturnValue:
    found = person()
    if found is not None:
        preferences.set_tour_seen(found.user.id)
    return redirect(url_for("home.start"))


@bp.get("/workstation")
def workstation() -> ResponseReturnValue:
    """What the computer has and lacks; the server tells what it sees, the script checks the rest (C-13)."""
    if COOKIE_PROBE not in request.cookies and "again" not in request.args:
        response = redirect(url_for("account_help.workstation", again=1))
        response.set_cookie(COOKIE_PROBE, "1", max_age=3600, httponly=True, samesite="Lax")
        return response
    page = render_template(
        "account/workstation.html",
        browser=_browser(request.user_agent.string),
        has_cookies=COOKIE_PROBE in request.cookies,
        agent=request.user_agent.string[:300],
        now_ms=int(now().timestamp() * 1000),
        **_shell(),
    )
    return page


def _browser(agent: str) -> dict[str, object]:
    """Name and version by the browser's own words, and whether the pages work in it."""
    names = {
        "YaBrowser": "Яндекс Браузер",
        "Edg": "Edge",
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Version": "Safari",
    }
    for mark, name in names.items():
        _, found, rest = agent.partition(f"{mark}/")
        number = rest.split(".")[0].split(" ")[0]
        if found and number.isdecimal():
            return {"name": f"{name} {number}", "good": int(number) >= OLDEST[mark]}
    return {"name": "не распознан", "good": False}


@bp.route("/support", methods=["GET", "POST"])
def support() -> ResponseReturnValue:
    """A question to support with its context (C-14)."""
    form = SupportForm(page=support_service.safe_page(request.args.get("page", "")))
    found = person()
    if form.validate_on_submit():
        try:
            entry = support_service.ask(
                actor(),
                form.text.data or "",
                page=form.page.data or "",
                agent=request.user_agent.string,
                email=form.email.data or "",
                name=form.name.data or "",
            )
        except (Invalid, Refused) as error:
            show_errors(form, error)
        else:
            return render_template("account/support_sent.html", entry=entry, **_shell())
    status = 422 if request.method == "POST" else 200
    page = render_template(
        "account/support.html",
        form=form,
        page=support_service.safe_page(form.page.data or ""),
        agent=request.user_agent.string[:300],
        is_known=found is not None,
        **_shell(),
    )
    return page, status


@bp.get("/support/requests")
@login_required
def requests() -> ResponseReturnValue:
    """The queue of support."""
    answered = request.args.get("answered") == "1"
    entries = support_service.listed(actor(), answered=answered)
    return render_template("account/support_requests.html", entries=entries, answered=answered)


@bp.post("/support/requests/<int:request_id>")
@login_required
def answer(request_id: int) -> ResponseReturnValue:
    support_service.answer(actor(), request_id, request.form.get("answer", ""))
    flash("Ответ отправлен.", "success")
    return redirect(url_for("account_help.requests"))
