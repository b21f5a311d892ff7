"""From a kind's declared fields to a WTForms form: widgets, labels,
and the field's own check as validator."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms import (
    Field as FormField,
)
from wtforms.fields.choices import SelectChoice

from records import parameters
from records.fields import Choice, Field, Wrong
from records.kinds import RecordKind


class TypedText(StringField):
    """A line of text whose declared field gives the type; what was typed stays on the screen when wrong."""


class DateText(StringField):
    """A date typed as дд.мм.гггг or picked in the browser's calendar (ISO on the wire)."""

    widget = widgets.DateInput()


class RowsField(FormField):
    """A small table edited in place; travels as JSON, works without script as JSON text."""

    widget = widgets.TextArea()

    def _value(self) -> str:
        return json.dumps(self.data or [], ensure_ascii=False)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        try:
            self.data = json.loads(text) if text.strip() else None
        except json.JSONDecodeError as error:
            raise ValidationError("Таблицу не удалось прочитать. Обновите страницу.") from error


class RecordForm(FlaskForm):
    """The form of a record: declared fields, the version it was opened at, a token against double clicks."""

    version = HiddenField()
    once = HiddenField()

    declared: tuple[Field, ...] = ()

    def values(self) -> dict[str, object]:
        """What was typed, by field name, for the service (which checks it once more)."""
        return {field.name: self[field.name].data for field in self.declared if field.name in self}


@functools.lru_cache(maxsize=256)
def form_class(kind: RecordKind, *, staff: bool) -> type[RecordForm]:
    """The form class of a kind; staff-only fields are left out for members."""
    declared = tuple(f for f in kind.data_fields if staff or not f.staff_only)
    parts: dict[str, Any] = {field.name: _bound(field) for field in declared}
    parts["declared"] = declared
    return type(f"{kind.name.title().replace('_', '')}Form", (RecordForm,), parts)


def form_for(
    kind: RecordKind, *, staff: bool, data: Mapping[str, object] | None = None, formdata: Any = None
) -> Any:
    """A form filled from the payload, or from what was posted."""
    shown = {name: value for name, value in (data or {}).items()}
    return form_class(kind, staff=staff)(formdata=formdata, data=shown)


def _bound(field: Field) -> FormField:
    options: dict[str, Any] = {
        "label": field.label,
        "description": field.hint,
        "validators": [_check(field)],
        "render_kw": {"aria-required": "true"} if field.required else {},
    }
    return _MAKERS[field.widget](field, options)


def _check(field: Field) -> Callable[[object, FormField], None]:
    """The declared field's check; a missing required value is said at filing, a draft may have gaps."""

    def validate(_form: object, bound: FormField) -> None:
        try:
            field.clean(bound.data, parameters.today())
        except Wrong as wrong:
            raise ValidationError(str(wrong)) from wrong

    if field.required:
        validate.field_flags = {"required": True}  # type: ignore[attr-defined]
    return validate


def _select(field: Field, options: dict[str, Any]) -> FormField:
    assert isinstance(field, Choice)
    return SelectField(
        choices=choices([("", "— выберите —"), *field.choices.items()]),
        validate_choice=False,
        coerce=_code,
        **options,
    )


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Pairs of code and title as WTForms takes them."""
    return [SelectChoice(code, title) for code, title in pairs]


def _code(value: object) -> str:
    return "" if value is None else str(value)


def _checkboxes(field: Field, options: dict[str, Any]) -> FormField:
    assert isinstance(field, Choice)
    options["render_kw"] = {}  # a list of boxes cannot say «required»; its label does
    return SelectMultipleField(
        choices=choices(field.choices.items()),
        validate_choice=False,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        **options,
    )


def _area(field: Field, options: dict[str, Any]) -> FormField:
    options["render_kw"] = {**options["render_kw"], "rows": 6}
    return TextAreaField(**options)


_MAKERS: Mapping[str, Callable[[Field, dict[str, Any]], FormField]] = {
    "text": lambda field, options: TypedText(**options),
    "textarea": _area,
    "select": _select,
    "checkboxes": _checkboxes,
    "checkbox": lambda field, options: BooleanField(**options),
    "date": lambda field, options: DateText(**options),
    "number": lambda field, options: TypedText(**options),
    "money": lambda field, options: TypedText(**options),
    "record": lambda field, options: TypedText(**options),
    "rows": lambda field, options: RowsField(**options),
}
