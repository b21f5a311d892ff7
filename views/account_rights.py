"""Rights seen from aside: the matrix, why a document is visible, substitutions, the journal."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired

from accounts import explain as explain_service
from accounts import journal as security_journal
from accounts import lookup, policy, roles, substitution
from accounts import matrix as rights_matrix
from forms.derive import choices
from records import policy as record_policy
from records.errors import Forbidden, Invalid, NotFound, Refused

from . import _menu
from ._context import moment
from ._forms import DayField, read_day, show_errors
from ._security import actor

bp = Blueprint("account_rights", __name__)

MENU = (
    _menu.Item("people", "Замещение", "account_rights.substitutions", "hand", _menu.staff, order=50),
    _menu.Item("people", "Матрица прав", "account_rights.matrix", "table", policy.may_see_matrix, order=60),
    _menu.Item("people", "Проверка прав", "account_rights.explain", "key", policy.may_explain, order=70),
    _menu.Item(
        "people", "Журнал безопасности", "account_rights.journal", "shield", policy.may_read_journal, order=80
    ),
)

JOURNAL_COLUMNS = [
    {"key": "at", "title": "Когда"},
    {"key": "what", "title": "Что", "primary": True},
    {"key": "who", "title": "Кто"},
    {"key": "organisation", "title": "Организация"},
    {"key": "address", "title": "Адрес"},
    {"key": "details", "title": "Подробности"},
]


class ExplainForm(FlaskForm):
    """A person and a record."""

    person = StringField("Кто", description="E-mail или имя.", validators=[DataRequired("Укажите человека.")])
    record = StringField(
        "Документ", description="Регистрационный номер или номер записи из адреса страницы.",
        validators=[DataRequired("Укажите документ.")],
    )  # fmt: skip


class SubstitutionForm(FlaskForm):
    """Who is away, who takes over, when."""

    user = SelectField("Кто отсутствует", coerce=int, validate_choice=False)
    substitute = SelectField("Кто замещает", coerce=int, validate_choice=False)
    starts_on = DayField("С какого дня", validators=[DataRequired("Укажите первый день.")])
    ends_on = DayField("По какой день", validators=[DataRequired("Укажите последний день.")])
    reason = StringField("Причина", description="Например, «Отпуск».")
    hand_over = BooleanField("Передать и те документы, что уже в работе")


@bp.get("/rights")
@login_required
def matrix() -> ResponseReturnValue:
    """Who creates what and who makes which move (C-02)."""
    policy.require(policy.may_see_matrix(actor()), "Матрица прав открыта сотрудникам СРО.")
    role = request.args.get("role", "")
    offered = [*roles.member_choices(), *roles.staff_choices()]
    kinds = [
        {
            "title": kind.title,
            "columns": [
                {"key": "move", "title": "Действие", "primary": True},
                *({"key": code, "title": rights_matrix.role_title(code)} for code in kind.used),
            ],
            "rows": [
                {"id": row.move, "cells": {"move": row.move, **{c: "да" for c in row.roles}}}
                for row in kind.rows
            ],
        }
        for kind in rights_matrix.everything(role)
    ]
    return render_template("account/matrix.html", kinds=kinds, choices=offered, role=role)


@bp.get("/rights/explain")
@login_required
def explain() -> ResponseReturnValue:
    """Why a person sees or does not see a document (R-43). A GET form: the question is a link."""
    policy.require(policy.may_explain(actor()), "Проверять чужие права могут администратор и аудитор.")
    form = ExplainForm(request.args, meta={"csrf": False})
    answer = None
    if "person" in request.args and form.validate():
        try:
            user = lookup.person(form.person.data or "")
            answer = explain_service.explain(actor(), user.id, form.record.data or "")
        except (Invalid, Refused) as error:
            show_errors(form, error)
        except NotFound:
            form.record.errors = [*form.record.errors, "Такого документа нет."]
    elif "person" not in request.args:
        form = ExplainForm(formdata=None, meta={"csrf": False}, record=request.args.get("record", ""))
    return render_template("account/explain.html", form=form, answer=answer), 422 if form.errors else 200


@bp.route("/substitutions", methods=["GET", "POST"])
@login_required
def substitutions() -> ResponseReturnValue:
    """Name a substitute; see who is away (R-31)."""
    who = actor()
    if not who.is_staff:
        raise Forbidden
    form = SubstitutionForm(user=who.user_id)
    people = [(str(user.id), user.name) for user in substitution.employees()]
    form.substitute.choices = choices([("0", "— выберите —"), *people])
    form.user.choices = choices((uid, name) for uid, name in people if policy.may_substitute(who, int(uid)))
    if form.validate_on_submit():
        starts_on, ends_on = form.starts_on.day, form.ends_on.day
        try:
            assert starts_on is not None and ends_on is not None
            substitution.set_(
                who,
                form.user.data,
                form.substitute.data,
                starts_on,
                ends_on,
                reason=form.reason.data or "",
                hand_over=bool(form.hand_over.data) and record_policy.may_assign(who),
            )
        except Invalid as error:
            show_errors(form, error)
        else:
            flash("Замещение назначено.", "success")
            return redirect(url_for("account_rights.substitutions"))
    page = render_template(
        "account/substitutions.html",
        form=form,
        lines=[(line, policy.may_substitute(who, line.user_id)) for line in substitution.listed()],
        may_hand_over=record_policy.may_assign(who),
        open_papers=substitution.open_papers(who.user_id or 0),
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/substitutions/<int:substitution_id>/end")
@login_required
def end_substitution(substitution_id: int) -> ResponseReturnValue:
    substitution.end(actor(), substitution_id)
    flash("Замещение прекращено.", "success")
    return redirect(url_for("account_rights.substitutions"))


@bp.get("/security")
@login_required
def journal() -> ResponseReturnValue:
    """The journal of security events, for the auditor and the administrator."""
    policy.require(policy.may_read_journal(actor()), "Журнал безопасности открыт администратору и аудитору.")
    chosen = request.args.get("verb", "")
    since, until = (read_day(request.args.get(name)) for name in ("day_from", "day_to"))
    lines = security_journal.lines(
        security_journal.Sought(
            verbs=(chosen,) if chosen in security_journal.VERBS else (),
            since=since,
            until=until,
            before=request.args.get("before", type=int),
        )
    )
    older: dict[str, Any] | None = (
        {**request.args.to_dict(), "before": lines[-1].id} if len(lines) == 50 else None
    )
    return render_template(
        "account/journal.html",
        columns=JOURNAL_COLUMNS,
        rows=[_line(line) for line in lines],
        verbs=sorted(security_journal.VERBS.items(), key=lambda pair: pair[1]),
        chosen=chosen,
        next_url=url_for("account_rights.journal", **older) if older else None,
    )


def _line(line: security_journal.Line) -> dict[str, object]:
    return {
        "id": line.id,
        "tone": "waiting" if line.verb in ("login.refused", "login.code_refused", "user.blocked") else None,
        "cells": {
            "at": moment(line.at),
            "what": line.title,
            "who": line.person,
            "organisation": line.organisation,
            "address": line.address,
            "details": line.details,
        },
    }
