"""Login and logout."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired

from accounts import login as login_service
from accounts import sessions
from records.errors import Refused

from ._security import person

bp = Blueprint("auth", __name__)


class LoginForm(FlaskForm):
    """ИНН or e-mail, and the password."""

    name = StringField("ИНН организации или e-mail", validators=[DataRequired("Введите ИНН или e-mail.")])
    password = PasswordField("Пароль", validators=[DataRequired("Введите пароль.")])


def safe_next(target: str | None) -> str:
    """Where to go after login: only a path of this site."""
    if not target:
        return url_for("home.start")
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if inside and "\\" not in target else url_for("home.start")


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if person() is not None:
        return redirect(safe_next(request.args.get("next")))
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("auth/login.html", form=form), 422 if request.method == "POST" else 200
    try:
        people = login_service.check(form.name.data or "", form.password.data or "", request.remote_addr or "")
    except Refused as refused:
        form.password.errors = [*refused.reasons]
        return render_template("auth/login.html", form=form), 422
    chosen = people[0]
    session.clear()  # a new identity, a new cookie: an old one fixed by a stranger is worth nothing
    _, token = sessions.open_session(
        chosen.user,
        method="password",
        address=request.remote_addr or "",
        agent=request.user_agent.string,
        seat_id=chosen.seat_id,
    )
    session["token"] = token
    session.permanent = False
    return redirect(safe_next(request.args.get("next")))


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    found = person()
    if found is not None:
        sessions.close(found.session.id, found.user.id)
    session.clear()
    flash("Вы вышли из кабинета.", "info")
    return redirect(url_for("auth.login"))
