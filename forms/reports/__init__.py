"""Forms 1–11 and 7.1 of the member's report as declarations, one edition of the reference per year (F-37).

`all_forms(year)` gives the edition in force for the reporting year: a report keeps the forms of its year.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from forms.reports.loading import form_of
from forms.reports.model import Attachment, Choice, Column, ControlRule, Form, Layout, PrintColumn, Table

_DATA = Path(__file__).resolve().parent.parent / "data"
_EDITION = re.compile(r"report-forms-(\d{4})\.json")


@cache
def editions() -> tuple[int, ...]:
    """The reporting years from which an edition of the forms is in force."""
    found = (_EDITION.fullmatch(path.name) for path in _DATA.iterdir())
    return tuple(sorted(int(match[1]) for match in found if match))


def edition_of(year: int | None) -> int:
    """The edition for a reporting year: the latest that has begun; the first for years before it."""
    begun = [edition for edition in editions() if year is None or edition <= year]
    return begun[-1] if begun else editions()[0]


@cache
def _edition(first_year: int) -> tuple[Form, ...]:
    raw = json.loads((_DATA / f"report-forms-{first_year}.json").read_text(encoding="utf-8"))
    return tuple(form_of(form, raw["enums"]) for form in raw["forms"])


def all_forms(year: int | None = None) -> tuple[Form, ...]:
    """The forms of a reporting year; of the latest edition when no year is named."""
    return _edition(edition_of(year))


def form(code: str, year: int | None = None) -> Form:
    """One form by its code («f7_1») or number («7.1»); KeyError when there is none."""
    for one in all_forms(year):
        if code in (one.code, one.number):
            return one
    raise KeyError(code)


__all__ = [
    "Attachment",
    "Choice",
    "Column",
    "ControlRule",
    "Form",
    "Layout",
    "PrintColumn",
    "Table",
    "all_forms",
    "edition_of",
    "editions",
    "form",
]
