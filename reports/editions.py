"""Which declaration a form has in a year: as the program ships it, or as the staff published it (F-37,
F-38)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

import forms.reports as shipped
from forms.reports.loading import form_of
from forms.reports.model import Column, Form
from records.database import db

from .model import ReportEdition, ReportSheet

_DATA = Path(shipped.__file__).resolve().parent.parent / "data"
CODES: tuple[str, ...] = ("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f7_1", "f8", "f9", "f10", "f11")


def current(code: str, year: int) -> tuple[Form, int]:
    """The form in force for a reporting year and the id of its edition (0: shipped)."""
    row = _newest(code, year)
    return (at(code, year, 0), 0) if row is None else (at(code, year, row), row)


def _newest(code: str, year: int) -> int | None:
    return db.session.scalar(
        select(ReportEdition.id)
        .where(
            ReportEdition.form == code, ReportEdition.from_year <= year, ReportEdition.is_published.is_(True)
        )
        .order_by(ReportEdition.from_year.desc(), ReportEdition.number.desc())
        .limit(1)
    )


def at(code: str, year: int, edition: int) -> Form:
    """The form of an edition; a published one never changes, so it is read once."""
    if edition == 0:
        return _shipped(code, shipped.edition_of(year))
    made_at = db.session.scalar(select(ReportEdition.made_at).where(ReportEdition.id == edition))
    return _published(edition, str(made_at))


OF_CONTRACT = Column(
    name="parent",
    title="Договор",
    type="ref",
    requirement="C: договоров несколько",
    help="номер договора или объект из таблицы «Договоры»",
    target="f7",
)
"""Tables that in the card of an object stand under its contract (reference, form 7) name it in a column."""


@cache
def _shipped(code: str, year: int) -> Form:
    return _tied(shipped.form(code, year))


def _tied(form: Form) -> Form:
    if form.code != "f7":
        return form
    tables = [
        table
        if table.code == "contract" or "parent" in table.by_name
        else replace(table, columns=(OF_CONTRACT, *table.columns))
        for table in form.tables
    ]
    return replace(form, tables=tuple(tables))


@lru_cache(maxsize=200)
def _published(edition: int, _made_at: str) -> Form:
    row = db.session.get(ReportEdition, edition)
    if row is None:
        raise KeyError(edition)
    return _tied(form_of(row.content, {**raw_enums(row.from_year), **row.enums}))


def of(sheet: ReportSheet) -> Form:
    """The form as it was when the sheet was begun."""
    return at(sheet.form, sheet.year, sheet.edition)


def for_year(year: int) -> list[Form]:
    """Every form of a year in order."""
    return [current(code, year)[0] for code in CODES]


def raw(code: str, year: int) -> Mapping[str, Any]:
    """The declaration of a form as it is edited: words of the reference."""
    row = _newest(code, year)
    if row is not None:
        found = db.session.get(ReportEdition, row)
        assert found is not None
        return found.content
    return next(form for form in _book(shipped.edition_of(year))["forms"] if form["id"] == code)


def raw_enums(year: int) -> Mapping[str, Any]:
    """The lists of choices the program ships."""
    enums: Mapping[str, Any] = _book(shipped.edition_of(year))["enums"]
    return enums


@cache
def _book(first_year: int) -> Mapping[str, Any]:
    text = (_DATA / f"report-forms-{first_year}.json").read_text("utf-8")
    book: Mapping[str, Any] = json.loads(text)
    return book
