"""My account: details, password, sessions, the second factor, API keys."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo

from accounts import activation, journal, keys, profile, sessions, totp
from accounts.actors import valid_seats
from accounts.roles import title
from language.dates import short_date
from records import parameters
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.people import User

from ._devices import device
from ._forms import address, show_errors
from ._security import Person, actor, person

bp = Blueprint("account_profile", __name__)

TABS = (
    ("Мои данные", "account_profile.show"),
    ("Пароль", "account_profile.password"),
    ("Сеансы", "account_profile.sessions_page"),
    ("Второй фактор", "account_profile.second_factor"),
    ("Сертификаты", "certificate_login.certificates"),
    ("Ключи API", "account_profile.keys_page"),
)


class ProfileForm(FlaskForm):
    """What a person may change about himself."""

    name = StringField("Фамилия, имя, отчество", validators=[DataRequired("Укажите имя.")])
    position = StringField("Должность")
    phone = StringField("Телефон")


class PasswordForm(FlaskForm):
    """A change of one's own password."""

    old = PasswordField("Нынешний пароль", validators=[DataRequired("Введите нынешний пароль.")])
    password = PasswordField(
        "Новый пароль", description="Не короче 10 знаков.", validators=[DataRequired("Придумайте пароль.")]
    )
    again = PasswordField(
        "Новый пароль ещё раз",
        validators=[DataRequired("Повторите пароль."), EqualTo("password", "Пароли не совпадают.")],
    )


class CodeForm(FlaskForm):
    """The first code of the application."""

    code = StringField("Код из приложения", validators=[DataRequired("Введите шесть цифр.")])


class OffForm(FlaskForm):
    """Consent to switch the second factor off."""

    password = PasswordField("Пароль", validators=[DataRequired("Введите пароль.")])


class KeyForm(FlaskForm):
    """A new key: for which program."""

    name = StringField("Для какой программы", validators=[DataRequired("Назовите программу.")])


def _me() -> Person:
    found = person()
    if found is None or found.actor.read_only:
        raise Forbidden("Это личная страница: вернитесь к себе.")
    return found


def _page(name: str, **values: object) -> str:
    tabs = [{"title": t, "url": url_for(e), "current": e == request.endpoint} for t, e in TABS]
    return render_template(f"account/{name}.html", tabs=tabs, **values)


@bp.route("/profile", methods=["GET", "POST"])
@login_required
def show() -> ResponseReturnValue:
    found = _me()
    form = ProfileForm(obj=found.user)
    if form.validate_on_submit():
        try:
            profile.save(found.actor, form.name.data or "", form.position.data or "", form.phone.data or "")
        except Invalid as error:
            show_errors(form, error)
        else:
            flash("Сохранено.", "success")
            return redirect(url_for("account_profile.show"))
    page = _page("profile", form=form, user=found.user, seats=_seats(found.user))
    return page, 422 if request.method == "POST" else 200


def _seats(user: User) -> list[tuple[str, str]]:
    return [
        (
            seat.organisation.short_name if seat.organisation else "СРО",
            title(seat.role) + (f", до {short_date(seat.valid_until)}" if seat.valid_until else ""),
        )
        for seat in valid_seats(user, parameters.today())
    ]


@bp.route("/profile/password", methods=["GET", "POST"])
@login_required
def password() -> ResponseReturnValue:
    found = _me()
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            activation.change_password(
                found.user,
                form.old.data or "",
                form.password.data or "",
                session_id=found.session.id,
                address=address(),
            )
        except (Invalid, Refused) as error:
            show_errors(form, error)
        else:
            flash("Пароль изменён, остальные сеансы закрыты.", "success")
            return redirect(url_for("account_profile.password"))
    return _page("password", form=form), 422 if request.method == "POST" else 200


@bp.get("/profile/sessions")
@login_required
def sessions_page() -> ResponseReturnValue:
    found = _me()
    rows = [
        {
            "id": entry.id,
            "device": device(entry.agent),
            "address": entry.address,
            "since": entry.created_at,
            "seen": entry.seen_at,
            "current": entry.id == found.session.id,
        }
        for entry in sessions.of_user(found.user.id)
    ]
    logins = journal.lines(
        journal.Sought(
            verbs=("login.done", "login.code_refused", "totp.recovery"), user_id=found.user.id, limit=10
        )
    )
    return _page("sessions", rows=rows, logins=logins)


@bp.post("/profile/sessions/<int:session_id>/close")
@login_required
def close_session(session_id: int) -> ResponseReturnValue:
    """Close another of one's own sessions (C-49)."""
    if not sessions.close(session_id, _me().user.id, address=address()):
        raise NotFound
    flash("Сеанс завершён.", "success")
    return redirect(url_for("account_profile.sessions_page"))


@bp.post("/profile/sessions/close-others")
@login_required
def close_others() -> ResponseReturnValue:
    found = _me()
    sessions.close_all(found.user.id, keep=found.session.id)
    flash("Остальные сеансы завершены.", "success")
    return redirect(url_for("account_profile.sessions_page"))


@bp.route("/profile/second-factor", methods=["GET", "POST"])
@login_required
def second_factor() -> ResponseReturnValue:
    """Connect an application of one-time codes; spare codes are shown once (C-49)."""
    found = _me()
    if found.user.totp_secret:
        return _page("second_factor_on", form=OffForm(), left=totp.spare_left(found.user.id))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = totp.confirm(found.user, form.code.data or "", address=address())
        except (Invalid, Refused) as error:
            show_errors(form, error)
        else:
            return _page("spare_codes", codes=codes)
    secret = totp.begin(found.user)
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return _page("second_factor", form=form, secret=spaced), 422 if request.method == "POST" else 200


@bp.get("/profile/second-factor/code.svg")
@login_required
def second_factor_code() -> ResponseReturnValue:
    found = _me()
    secret = None if found.user.totp_secret else totp.pending(found.user.id)
    if secret is None:
        abort(404)
    office = str(parameters.office().get("short_name") or "")
    response = Response(totp.picture(found.user, secret, office), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/profile/second-factor/off")
@login_required
def second_factor_off() -> ResponseReturnValue:
    found = _me()
    form = OffForm()
    if form.validate_on_submit():
        try:
            totp.switch_off(found.user, form.password.data or "", address=address())
        except Invalid as error:
            show_errors(form, error)
        else:
            flash("Второй фактор выключен.", "success")
            return redirect(url_for("account_profile.second_factor"))
    return _page("second_factor_on", form=form, left=totp.spare_left(found.user.id)), 422


@bp.route("/profile/keys", methods=["GET", "POST"])
@login_required
def keys_page() -> ResponseReturnValue:
    """Keys for programs: shown once, revoked at once (X-12)."""
    found = _me()
    form = KeyForm()
    token = None
    if form.validate_on_submit():
        try:
            _, token = keys.issue(actor(), form.name.data or "", _seat_id(found))
        except Invalid as error:
            show_errors(form, error)
        else:
            form = KeyForm(formdata=None)
    bad = request.method == "POST" and token is None
    return _page("keys", form=form, token=token, rows=keys.of_user(found.user.id)), 422 if bad else 200


def _seat_id(found: Person) -> int | None:
    """The seat acted in now: the key keeps to it for ever."""
    if found.session.seat_id is not None:
        return found.session.seat_id
    seats = valid_seats(found.user, parameters.today())
    return next((s.id for s in seats if s.organisation_id == found.actor.organisation_id), None)


@bp.post("/profile/keys/<int:key_id>/revoke")
@login_required
def revoke_key(key_id: int) -> ResponseReturnValue:
    _me()
    keys.revoke(actor(), key_id)
    flash("Ключ отозван: программа с ним больше не войдёт.", "success")
    return redirect(url_for("account_profile.keys_page"))
