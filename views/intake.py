"""The clerk's screens: paper intake on one page, and the single queue of what has come (R-05, R-23)."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import DateField
from wtforms.validators import Length, Optional

from desk import intake
from forms.derive import choices
from records import directory, parameters, query
from records.errors import Forbidden, Invalid
from records.kinds import registry

from . import _menu
from ._record_list import table_of
from ._security import actor

bp = Blueprint("intake", __name__)

CLERKS = _menu.roles("sro_clerk", "sro_director", "sro_admin")
MENU = (
    _menu.Item("office", "Входящая очередь", "intake.queue", "inbox", CLERKS, order=10),
    _menu.Item(
        "office", "Принять бумажный документ", "intake.paper", "paperclip", _menu.roles("sro_clerk"), order=12
    ),
)


class PaperForm(FlaskForm):
    """The card of a paper that lies on the desk."""

    kind = SelectField("Вид документа")
    organisation = StringField(
        "Член СРО", description="ИНН или начало названия. Если пишет не член СРО, заполните следующее поле."
    )
    correspondent = StringField("Иной корреспондент", validators=[Length(max=300)])
    subject = StringField("О чём документ", validators=[Length(max=300)])
    text = TextAreaField("Краткое содержание", render_kw={"rows": 3})
    channel = SelectField("Как поступил", choices=choices(intake.WAYS.items()))
    received_on = DateField("Дата поступления", validators=[Optional("Введите дату.")])
    their_number = StringField("Их исходящий номер", validators=[Length(max=60)])
    their_date = DateField("Дата их документа", validators=[Optional()])
    sheets = IntegerField("Листов", validators=[Optional()])
    original_place = StringField(
        "Где лежит оригинал", description="Шкаф, полка, папка", validators=[Length(max=200)]
    )
    once = HiddenField()


@bp.route("/intake/paper", methods=["GET", "POST"])
@login_required
def paper() -> ResponseReturnValue:
    """Register a paper: one screen, the number at once, then the scan."""
    who = actor()
    if "sro_clerk" not in who.roles:
        raise Forbidden("Бумажную почту регистрирует канцелярия.")
    form = PaperForm()
    form.kind.choices = choices((k.name, k.title) for k in intake.kinds())
    if request.method == "GET":
        form.kind.data, form.received_on.data = "letter", parameters.today()
        form.once.data = secrets.token_urlsafe(12)
        return _page(form)
    if not form.validate():
        return _page(form, 422)
    try:
        record = _receive(form)
    except Invalid as invalid:
        for name, texts in invalid.errors.items():
            target = form[name] if name in form else form.subject  # noqa: SIM401 - a form has no get
            target.errors = [*target.errors, *texts]
        return _page(form, 422)
    flash(f"Зарегистрирован: {record.number_text}. Приложите скан и напечатайте этикетку.", "success")
    return redirect(url_for("records.show", record_id=record.id))


def _page(form: PaperForm, status: int = 200) -> ResponseReturnValue:
    members = directory.organisations("", limit=500)
    return render_template("desk/paper.html", form=form, members=members), status


def _receive(form: PaperForm):  # type: ignore[no-untyped-def]
    who = actor()
    kind = registry[form.kind.data]
    name = (form.organisation.data or "").strip()
    company = directory.organisation_named(name) if name else None
    if name and company is None:
        raise Invalid({"organisation": ["Не нашли такого члена СРО. Выберите из подсказки или введите ИНН."]})
    fields = {}
    if kind.title_field and form.subject.data:
        fields[kind.title_field] = form.subject.data
    if kind.field("text") and form.text.data:
        fields["text"] = form.text.data
    card = {
        "channel": form.channel.data,
        "correspondent": (form.correspondent.data or "").strip(),
        "received_on": form.received_on.data,
        "their_number": form.their_number.data or "",
        "their_date": form.their_date.data,
        "original_place": form.original_place.data or "",
    }
    record = intake.receive(
        who,
        kind.name,
        card=card,
        fields=fields,
        organisation_id=company.id if company else None,
        once=form.once.data,
    )
    return intake.register(who, record.id) if record.state == kind.workflow.initial else record


@bp.get("/intake")
@login_required
def queue() -> ResponseReturnValue:
    """What has come by every channel and nobody has taken yet."""
    who = actor()
    if not who.is_staff:
        raise Forbidden
    q = query.ListQuery(
        state=("registered",), direction="in", open_only=True, sort="id", after=request.args.get("after", "")
    )
    page = query.listing(who, q, parameters.today())
    columns, rows = table_of(page.rows, ("number", "channel", "title", "organisation", "assignee", "due_on"))
    for column in columns:
        column.pop("sort", None)
    return render_template(
        "desk/queue.html",
        columns=columns,
        rows=rows,
        page=page,
        employees=directory.employees(),
        can_take_paper="sro_clerk" in who.roles,
    )
