"""The staff and everybody's accounts, for the administrator (C-02)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, widgets
from wtforms.validators import DataRequired

from accounts import invitations, journal, policy, roles, sessions, staff
from forms.derive import choices
from language.dates import short_date
from records.errors import Invalid, Refused
from records.people import User

from . import _menu
from ._devices import device
from ._forms import show_errors
from ._security import actor

bp = Blueprint("account_people", __name__)

MENU = (
    _menu.Item("people", "Сотрудники", "account_people.index", "users", policy.may_manage_people, order=40),
)

COLUMNS = [
    {"key": "name", "title": "Имя", "primary": True},
    {"key": "position", "title": "Должность"},
    {"key": "roles", "title": "Роли"},
    {"key": "state", "title": "Состояние", "kind": "status"},
]


class RolesField(SelectMultipleField):
    """Roles as check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class EmployeeForm(FlaskForm):
    """A new employee."""

    name = StringField("Фамилия, имя, отчество", validators=[DataRequired("Укажите имя.")])
    email = StringField("E-mail", validators=[DataRequired("Укажите e-mail.")])
    position = StringField("Должность")
    phone = StringField("Телефон")
    roles = RolesField("Роли", choices=choices(roles.staff_choices()))


class RolesForm(FlaskForm):
    """Roles of an employee."""

    roles = RolesField("Роли", choices=choices(roles.staff_choices()))


class BlockForm(FlaskForm):
    """Why a person is blocked."""

    reason = StringField("Причина", validators=[DataRequired("Укажите причину: её увидит аудитор.")])


@bp.get("/people")
@login_required
def index() -> ResponseReturnValue:
    policy.require(policy.may_manage_people(actor()), "Сотрудниками управляет администратор.")
    q, everyone = request.args.get("q", ""), request.args.get("all") == "1"
    found = staff.people(q=q, staff_only=not everyone)
    return render_template(
        "account/people.html", columns=COLUMNS, rows=[_row(user) for user in found], q=q, everyone=everyone
    )


def _row(user: User) -> dict[str, object]:
    companies = sorted({s.organisation.short_name for s in user.seats if s.organisation})
    return {
        "id": user.id,
        "url": url_for("account_people.show", user_id=user.id),
        "cells": {
            "name": {"text": user.name, "sub": user.email},
            "position": user.position,
            "roles": roles.titles(staff.roles_of(user)) or ", ".join(companies),
            "state": _state(user),
        },
    }


def _state(user: User) -> tuple[str, str, str]:
    if not user.is_active:
        return "blocked", "Заблокирован", "bad"
    if user.password_hash is None:
        return "invited", "Приглашён", "waiting"
    return "active", "Работает", "good"


@bp.route("/people/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    policy.require(policy.may_manage_people(actor()), "Сотрудниками управляет администратор.")
    form = EmployeeForm()
    if form.validate_on_submit():
        try:
            user = staff.add(
                actor(),
                (form.name.data or "").strip(),
                (form.email.data or "").strip(),
                form.position.data or "",
                form.phone.data or "",
                form.roles.data or [],
            )
        except Invalid as error:
            show_errors(form, error)
        else:
            flash("Сотрудник добавлен, приглашение отправляется.", "success")
            return redirect(url_for("account_people.show", user_id=user.id))
    return render_template("account/employee.html", form=form), 422 if request.method == "POST" else 200


@bp.get("/people/<int:user_id>")
@login_required
def show(user_id: int) -> ResponseReturnValue:
    return _person_page(user_id)


def _person_page(
    user_id: int, form: RolesForm | None = None, block: BlockForm | None = None, status: int = 200
) -> ResponseReturnValue:
    policy.require(policy.may_manage_people(actor()), "Сотрудниками управляет администратор.")
    user = staff.person(user_id)
    page = render_template(
        "account/person.html",
        user=user,
        state=_state(user),
        form=form or RolesForm(formdata=None, roles=sorted(staff.roles_of(user))),
        block=block or BlockForm(formdata=None),
        seats=[
            (
                s.organisation.short_name,
                roles.title(s.role) + (f", до {short_date(s.valid_until)}" if s.valid_until else ""),
            )
            for s in user.seats
            if s.organisation
        ],
        sessions=[(device(s.agent), s.seen_at) for s in sessions.of_user(user.id)],
        events=journal.lines(journal.Sought(user_id=user.id, limit=20)),
        is_me=user.id == actor().user_id,
    )
    return page, status


@bp.post("/people/<int:user_id>/roles")
@login_required
def set_roles(user_id: int) -> ResponseReturnValue:
    form = RolesForm()
    if form.validate_on_submit():
        try:
            staff.set_roles(actor(), user_id, form.roles.data or [])
        except Invalid as error:
            show_errors(form, error)
        else:
            flash("Роли сохранены.", "success")
            return redirect(url_for("account_people.show", user_id=user_id))
    return _person_page(user_id, form=form, status=422)


@bp.post("/people/<int:user_id>/block")
@login_required
def block(user_id: int) -> ResponseReturnValue:
    form = BlockForm()
    if form.validate_on_submit():
        try:
            staff.block(actor(), user_id, form.reason.data or "")
        except (Invalid, Refused) as error:
            show_errors(form, error)
        else:
            flash("Учётная запись заблокирована, сеансы закрыты.", "success")
            return redirect(url_for("account_people.show", user_id=user_id))
    return _person_page(user_id, block=form, status=422)


@bp.post("/people/<int:user_id>/unblock")
@login_required
def unblock(user_id: int) -> ResponseReturnValue:
    staff.unblock(actor(), user_id)
    flash("Учётная запись разблокирована.", "success")
    return redirect(url_for("account_people.show", user_id=user_id))


@bp.post("/people/<int:user_id>/second-factor/drop")
@login_required
def drop_second_factor(user_id: int) -> ResponseReturnValue:
    staff.drop_second_factor(actor(), user_id)
    flash("Второй фактор отключён: человек войдёт по паролю и подключит новый телефон.", "success")
    return redirect(url_for("account_people.show", user_id=user_id))


@bp.post("/people/<int:user_id>/invite")
@login_required
def invite(user_id: int) -> ResponseReturnValue:
    invitations.invite_again(actor(), user_id)
    flash("Приглашение отправляется.", "success")
    return redirect(url_for("account_people.show", user_id=user_id))
