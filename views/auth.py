"""Login: the password, the choice of a person when one ИНН has several, the one-time code; logout."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired

from accounts import login as login_service
from accounts import roles, sessions, totp
from accounts.actors import valid_seats
from accounts.login import Candidate
from records import parameters
from records.database import db
from records.errors import Refused
from records.people import User

from ._forms import address, show_errors
from ._security import person

bp = Blueprint("auth", __name__)

PENDING = 300
"""Seconds between the password and the next step: longer, and the password is asked again."""


class LoginForm(FlaskForm):
    """ИНН or e-mail, and the password."""

    name = StringField("ИНН организации или e-mail", validators=[DataRequired("Введите ИНН или e-mail.")])
    password = PasswordField("Пароль", validators=[DataRequired("Введите пароль.")])


class CodeForm(FlaskForm):
    """The code of the application, or a spare one."""

    code = StringField("Код", validators=[DataRequired("Введите код.")])


def safe_next(target: str | None) -> str:
    """Where to go after login: only a path of this site.

    Browsers drop tabs and line breaks and read a backslash as a slash, so neither may stand in it.
    """
    home = url_for("home.start")
    if not target or not target.startswith("/") or target.startswith("//"):
        return home
    if "\\" in target or any(ord(char) < 32 or ord(char) == 127 for char in target):
        return home
    try:
        parts = urlsplit(target)
    except ValueError:
        return home
    return home if parts.scheme or parts.netloc or parts.path.startswith("//") else target


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if person() is not None:
        return redirect(safe_next(request.args.get("next")))
    form = LoginForm()
    if not form.validate_on_submit():
        return _login_page(form)
    try:
        people = login_service.check(form.name.data or "", form.password.data or "", address())
    except Refused as refused:
        form.password.errors = [*refused.reasons]
        return _login_page(form)
    following = safe_next(request.args.get("next"))
    if len(people) > 1:
        _remember({"people": [[c.user.id, c.seat_id] for c in people]}, following, form.name.data or "")
        return redirect(url_for("auth.choose"))
    return _after_password(people[0], following, form.name.data or "")


def _login_page(form: LoginForm) -> ResponseReturnValue:
    return render_template("auth/login.html", form=form), 422 if request.method == "POST" else 200


@bp.route("/login/person", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Who of the company's people it is; shown only to one whose password fits (C-05)."""
    pending = _pending("people")
    if pending is None:
        return redirect(url_for("auth.login"))
    allowed = {int(user_id): seat_id for user_id, seat_id in pending["people"]}
    if request.method == "POST":
        chosen = request.form.get("person", type=int)
        user = db.session.get(User, chosen) if chosen in allowed else None
        if user is not None:
            candidate = Candidate(user, allowed[user.id])
            return _after_password(candidate, str(pending["next"]), str(pending["name"]))
    users = [db.session.get(User, user_id) for user_id in allowed]
    return render_template("auth/choose.html", people=[_choice(u, allowed[u.id]) for u in users if u])


def _choice(user: User, seat_id: int | None) -> dict[str, object]:
    seat = next((s for s in user.seats if s.id == seat_id), None)
    return {"id": user.id, "name": user.name, "role": roles.title(seat.role) if seat else ""}


@bp.route("/login/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The second factor (C-49)."""
    pending = _pending("user")
    user = db.session.get(User, pending["user"]) if pending else None
    if pending is None or user is None or not user.is_active:
        return redirect(url_for("auth.login"))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            totp.check(user, form.code.data or "", address=address())
        except Refused as refused:
            show_errors(form, refused)
        else:
            candidate = Candidate(user, pending["seat"])
            return _enter(candidate, str(pending["next"]), str(pending["name"]), method="password+code")
    status = 422 if request.method == "POST" else 200
    return render_template("auth/code.html", form=form), status


def _after_password(chosen: Candidate, following: str, name: str) -> ResponseReturnValue:
    if chosen.user.totp_secret:
        _remember({"user": chosen.user.id, "seat": chosen.seat_id}, following, name)
        return redirect(url_for("auth.code"))
    return _enter(chosen, following, name, method="password")


def _remember(step: dict[str, object], following: str, name: str) -> None:
    """Keep the step between the password and the entrance in the signed cookie: no rights come with it."""
    session["pending"] = {**step, "next": following, "name": name[:254], "at": int(time.time())}


def _pending(step: str) -> dict | None:  # type: ignore[type-arg]
    found = session.get("pending")
    if not isinstance(found, dict) or step not in found or time.time() - found["at"] > PENDING:
        return None
    return found


def _enter(chosen: Candidate, following: str, name: str, *, method: str) -> ResponseReturnValue:
    seat_id = chosen.seat_id
    if seat_id is None:
        seats = valid_seats(chosen.user, parameters.today())
        staff = [s for s in seats if s.organisation_id is None]
        seat_id = (staff or seats)[0].id if seats else None
    # A session begins only here, so every way of entering gets a new cookie and a line in the journal.
    begin_session(
        chosen.user, method=method, seat_id=seat_id, names=(name.strip().lower(), chosen.user.email)
    )
    return redirect(following)


def begin_session(user: User, *, method: str, seat_id: int | None, names: tuple[str, ...] = ()) -> None:
    """A new identity, a new cookie: an old one fixed by a stranger is worth nothing."""
    login_service.entered(user, method=method, address=address(), names=names)
    session.clear()
    _, token = sessions.open_session(
        user, method=method, address=address(), agent=request.user_agent.string, seat_id=seat_id
    )
    session["token"] = token
    session.permanent = False


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    found = person()
    if found is not None:
        sessions.close(found.session.id, found.user.id, verb="logout", address=address())
    session.clear()
    flash("Вы вышли из кабинета.", "info")
    return redirect(url_for("auth.login"))
