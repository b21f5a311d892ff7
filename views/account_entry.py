"""Doors for those who have no session: activation, forgotten password, application for an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, EqualTo

from accounts import activation, one_time, recovery, registration
from accounts.actors import valid_seats
from records import parameters
from records.errors import Invalid, Refused

from ._forms import address, show_errors
from .auth import begin_session

bp = Blueprint("account_entry", __name__)


class NewPasswordForm(FlaskForm):
    """A new password, twice."""

    password = PasswordField(
        "Новый пароль",
        description="Не короче 10 знаков. Удобно взять фразу из трёх слов.",
        validators=[DataRequired("Придумайте пароль.")],
    )
    again = PasswordField(
        "Пароль ещё раз",
        validators=[DataRequired("Повторите пароль."), EqualTo("password", "Пароли не совпадают.")],
    )


class ForgotForm(FlaskForm):
    """Whose password is forgotten."""

    name = StringField("E-mail или ИНН организации", validators=[DataRequired("Введите e-mail или ИНН.")])


class RegistrationForm(FlaskForm):
    """An application for an account (C-07)."""

    inn = StringField("ИНН организации", validators=[DataRequired("Введите ИНН.")])
    ogrn = StringField("ОГРН или ОГРНИП", description="Необязательно; ускорит проверку.")
    organisation_name = StringField("Название организации", validators=[DataRequired("Введите название.")])
    person_name = StringField(
        "Ваши фамилия, имя, отчество", validators=[DataRequired("Введите фамилию и имя.")]
    )
    position = StringField("Должность")
    email = StringField(
        "E-mail", description="Сюда придёт приглашение.", validators=[DataRequired("Введите e-mail.")]
    )
    phone = StringField("Телефон")
    comment = TextAreaField("Пояснение", description="Например, номер в реестре или причина обращения.")


@bp.route("/activate/<token>", methods=["GET", "POST"])
def activate(token: str) -> ResponseReturnValue:
    """The link of an invitation: shows who is invited, sets the password, lets in (C-09, C-11)."""
    try:
        found = activation.opened(token)
    except Refused as refused:
        return _dead_link(refused)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            user = activation.activate(token, form.password.data or "", address=address())
        except Invalid as error:
            show_errors(form, error)
        except Refused as refused:
            return _dead_link(refused)
        else:
            seats = valid_seats(user, parameters.today())
            begin_session(user, method="invite", seat_id=seats[0].id if seats else None)
            flash("Пароль задан, вы вошли.", "success")
            return redirect(url_for("account_help.tour"))
    status = 422 if request.method == "POST" else 200
    return render_template("auth/activate.html", form=form, user=found.user), status


def _dead_link(refused: Refused) -> ResponseReturnValue:
    used = isinstance(refused, one_time.AlreadyUsed)
    page = render_template("auth/dead_link.html", used=used, reason=refused.reasons[0])
    return page, 410


@bp.route("/password/forgot", methods=["GET", "POST"])
def forgot() -> ResponseReturnValue:
    """Ask for a reset; the answer is one for all."""
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            recovery.ask(form.name.data or "", address=address())
        except Refused as refused:
            show_errors(form, refused)
        else:
            return render_template("auth/forgot_sent.html")
    return render_template("auth/forgot.html", form=form), 422 if request.method == "POST" else 200


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    """A new password by the link of the letter; every session closes (C-08)."""
    try:
        found = one_time.find(token, "reset")
    except Refused as refused:
        return _dead_reset(refused)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            recovery.reset(token, form.password.data or "", address=address())
        except Invalid as error:
            show_errors(form, error)
        except Refused as refused:
            return _dead_reset(refused)
        else:
            session.clear()
            flash("Пароль изменён, прежние сеансы закрыты. Войдите с новым паролем.", "success")
            return redirect(url_for("auth.login"))
    status = 422 if request.method == "POST" else 200
    return render_template("auth/reset.html", form=form, user=found.user), status


def _dead_reset(refused: Refused) -> ResponseReturnValue:
    used = isinstance(refused, one_time.AlreadyUsed)
    reason = "Эта ссылка уже использована." if used else refused.reasons[0]
    return render_template("auth/dead_reset.html", reason=reason), 410


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """An application for an account; the answer does not tell whether the company has one."""
    form = RegistrationForm()
    if form.validate_on_submit():
        try:
            registration.ask({name: form[name].data for name in registration.FIELDS}, address=address())
        except (Invalid, Refused) as error:
            show_errors(form, error)
        else:
            return render_template("auth/registered.html", email=form.email.data)
    return render_template("auth/register.html", form=form), 422 if request.method == "POST" else 200
