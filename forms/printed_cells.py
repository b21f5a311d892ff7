"""What stands in a cell of the printed form: a field as a typed cell, or several fields joined as words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from forms.reports.model import Column, Form, PrintColumn, Table

Row = Mapping[str, Any]
Linked = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Rows that references point at: target («f2») → uid → words about it («title», «fio», «position»…)."""


class Printed(NamedTuple):
    """A value and the style of its cell: text, money, fraction, whole, percent, day, moment."""

    style: str
    value: Any


BLANK: Final = Printed("text", "")
Printer = Callable[[Row], Printed]
_STAYS_TYPED: Final = {"dec": "money", "pct": "percent", "int": "whole", "year": "whole", "date": "day"}
# Columns of form 3 stand for different fields in its four tables (reference, layout of form 3).
_BY_TABLE: Final[Mapping[str, Mapping[str, str]]] = {
    "premises": {
        "name_all": "premises_kind",
        "ident_all": "purpose+cadastral",
        "quantity_or_area": "area",
    },
    "vehicles": {
        "name_all": "vehicle_kind+model",
        "ident_all": "plate+vin",
        "quantity_or_area": "quantity",
    },
    "machines": {
        "name_all": "machine_kind+model",
        "ident_all": "serial+condition",
        "quantity_or_area": "quantity",
        "verification_or_inspection": "inspection_until",
    },
    "equipment": {
        "name_all": "equipment_kind+name",
        "ident_all": "serial+verification_number",
        "quantity_or_area": "quantity",
        "verification_or_inspection": "verification_until",
    },
}
_YEARS_VALID: Final = 5


def printer(form: Form, table: Table, column: PrintColumn, linked: Linked) -> Printer:
    """How a column of the page shows the rows of a table; nothing when the table has no such field."""
    field = _BY_TABLE.get(table.code, {}).get(column.field, column.field)
    names = field.split("+")
    if names[-1] == "5y":
        return lambda row: _day_after(row.get(names[0]))
    if len(names) == 1:
        return _one(table, names[0], linked)
    parts = [_one(table, name, linked) for name in names]

    def joined(row: Row) -> Printed:
        words = [as_words(part(row)) for part in parts]
        return Printed("text", "\n".join(word for word in words if word))

    return joined


def _one(table: Table, name: str, linked: Linked) -> Printer:
    head, _, tail = name.partition(".")
    found = table.by_name.get(head)
    if found is None:
        # «nrs_number» of form 7 is said of the employee that the row refers to.
        owner = next((c for c in table.columns if c.target == "f2"), None)
        return _about(owner, name, linked) if owner is not None else lambda row: BLANK
    if found.target and found.type == "ref":
        return _about(found, tail or "title", linked)
    return typed(found, linked)


def _about(column: Column, word: str, linked: Linked) -> Printer:
    known = linked.get(column.target or "", {})

    def told(row: Row) -> Printed:
        about = known.get(str(row.get(column.name) or ""), {})
        return Printed("text", about.get(word) or (about.get("title", "") if word in ("name", "fio") else ""))

    return told


def typed(column: Column, linked: Linked) -> Printer:
    """A field by its type: numbers and days stay numbers and days."""
    name, kind = column.name, column.type
    titles = {choice.code: choice.title for choice in column.choices}

    def told(row: Row) -> Printed:
        value = row.get(name)
        if value is None or value in ("", []):
            return BLANK
        if kind in ("dec", "pct"):
            style = "fraction" if column.scale == 3 else _STAYS_TYPED[kind]
            return Printed(style, float(Decimal(str(value))))
        if kind in ("int", "year"):
            return Printed("whole", int(value))
        if kind == "date":
            return Printed("day", dt.date.fromisoformat(str(value)[:10]))
        if kind == "datetime":
            return Printed("moment", dt.datetime.fromisoformat(str(value)))
        if kind == "bool":
            return Printed("text", "да" if value else "нет")
        if kind == "enum":
            return Printed("text", titles.get(str(value), str(value)))
        if isinstance(value, list):
            known = linked.get(column.target or "", {})
            return Printed("text", "; ".join(_item(one, titles, known) for one in value))
        return Printed("text", str(value))

    return told


def _item(value: object, titles: Mapping[str, str], known: Mapping[str, Mapping[str, str]]) -> str:
    text = str(value)
    return titles.get(text) or known.get(text, {}).get("title") or text


def _day_after(value: object) -> Printed:
    """A certificate is good for five years (reference, form 2): 29.02 ends on 28.02."""
    if not value:
        return BLANK
    return Printed("day", years_after(dt.date.fromisoformat(str(value)[:10]), _YEARS_VALID))


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day some years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def as_words(cell: Printed) -> str:
    """A typed cell as a part of a sentence."""
    if cell.style == "day":
        return f"{cell.value:%d.%m.%Y}"
    if cell.style == "moment":
        return f"{cell.value:%d.%m.%Y %H:%M}"
    if cell.style in ("money", "fraction", "percent") and cell.value != "":
        places = 3 if cell.style == "fraction" else 2
        text = f"{cell.value:,.{places}f}".replace(",", "\u00a0").replace(".", ",")
        return f"{text}\u00a0%" if cell.style == "percent" else text
    return str(cell.value)
