"""Forms of pages that are not records: errors of a service put beside the fields they speak of."""

from __future__ import annotations

from datetime import date, datetime

from flask import request
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError, widgets

from records.errors import Invalid, Refused


def show_errors(form: FlaskForm, error: Invalid | Refused) -> None:
    """Put each sentence by its field; what has no field goes on top of the form."""
    if isinstance(error, Refused):
        form.form_errors = [*form.form_errors, *error.reasons]
        return
    for name, texts in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, *texts]
        else:
            form.form_errors = [*form.form_errors, *texts]


def address() -> str:
    return request.remote_addr or ""


class DayField(StringField):
    """A day: ISO on the wire, дд.мм.гггг typed by hand; what was typed stays on the screen."""

    widget = widgets.DateInput()

    @property
    def day(self) -> date | None:
        return read_day(self.data)

    def pre_validate(self, form: object) -> None:
        if self.data and read_day(self.data) is None:
            raise ValidationError("Введите дату в виде дд.мм.гггг.")


def read_day(text: str | None) -> date | None:
    """A day as the browser sends it or as a person types it; None when it is none."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime((text or "").strip(), pattern).date()
        except ValueError:
            continue
    return None
