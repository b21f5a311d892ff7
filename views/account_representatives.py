"""Representatives of the company: its head invites and takes the access back (C-03)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired

from accounts import invitations, policy, representatives, roles, viewing
from accounts.invitations import Invited
from forms.derive import choices
from records.errors import Forbidden, Invalid

from . import _menu
from ._forms import DayField, show_errors
from ._security import actor

bp = Blueprint("account_representatives", __name__)

MENU = (
    _menu.Item(
        "member",
        "Представители",
        "account_representatives.index",
        "users",
        lambda who: who.may_bind and who.organisation_id is not None,
        order=80,
    ),
)


class RepresentativeForm(FlaskForm):
    """Whom the head invites, and to what."""

    name = StringField("Фамилия, имя, отчество", validators=[DataRequired("Укажите имя.")])
    email = StringField("E-mail", validators=[DataRequired("Укажите e-mail.")])
    position = StringField("Должность")
    phone = StringField("Телефон")
    role = RadioField(
        "Что сможет делать",
        choices=choices(
            (code, f"{roles.title(code)}. {representatives.RIGHTS[code]}") for code in policy.GIVEN_BY_HEAD
        ),
        validators=[DataRequired("Выберите роль.")],
    )
    until = DayField(
        "Доверенность действует до", description="Обязательно для представителя по доверенности."
    )


@bp.get("/representatives")
@login_required
def index() -> ResponseReturnValue:
    who = actor()
    if not who.may_bind or who.organisation_id is None:
        raise Forbidden("Список представителей видят руководитель и представитель по доверенности.")
    waiting = {
        line.user_id: line
        for line in invitations.latest(organisation_id=who.organisation_id)
        if line.may_resend
    }
    return render_template(
        "account/representatives.html",
        people=representatives.of_company(who.organisation_id),
        waiting=waiting,
        rights=representatives.RIGHTS,
        may_manage=policy.may_manage_representatives(who),
        given=policy.GIVEN_BY_HEAD,
        seen=viewing.seen_by_staff(who.organisation_id),
    )


@bp.route("/representatives/new", methods=["GET", "POST"])
@login_required
def invite() -> ResponseReturnValue:
    who = actor()
    policy.require(
        policy.may_manage_representatives(who), "Приглашать представителей может только руководитель."
    )
    form = RepresentativeForm()
    if form.validate_on_submit():
        person = Invited(
            (form.name.data or "").strip(),
            (form.email.data or "").strip(),
            form.role.data,
            who.organisation_id,
            form.position.data or "",
            form.phone.data or "",
            form.until.day,
        )
        try:
            representatives.invite(who, person)
        except Invalid as error:
            show_errors(form, error)
        else:
            flash("Приглашение отправляется. Состояние видно в списке.", "success")
            return redirect(url_for("account_representatives.index"))
    status = 422 if request.method == "POST" else 200
    return render_template("account/representative.html", form=form), status


@bp.post("/representatives/<int:seat_id>/revoke")
@login_required
def revoke(seat_id: int) -> ResponseReturnValue:
    representatives.revoke(actor(), seat_id)
    flash("Доступ прекращён, сеансы закрыты.", "success")
    return redirect(url_for("account_representatives.index"))


@bp.post("/representatives/invitations/<int:link_id>/resend")
@login_required
def resend(link_id: int) -> ResponseReturnValue:
    invitations.resend(actor(), link_id)
    flash("Приглашение отправляется ещё раз, прежняя ссылка больше не действует.", "success")
    return redirect(url_for("account_representatives.index"))
