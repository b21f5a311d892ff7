"""The form builder: staff add columns, lists, sums, formulas and tables, and publish for a year to come
(F-21, F-26, F-38).

A draft is a copy of the form in force; published, it never changes, and reports of earlier years keep
their own.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import func, select
from xlsxwriter.utility import xl_col_to_name

from forms.reports.loading import form_of
from forms.reports.model import Form
from records import parameters
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.service import work

from . import campaign, editions, formulas
from .model import ReportEdition, ReportSheet

TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "str": ("Строка", "str(300)"),
    "text": ("Многострочный текст", "text"),
    "int": ("Целое число", "int"),
    "dec": ("Сумма", "dec(18,2)"),
    "pct": ("Процент", "pct"),
    "date": ("Дата", "date"),
    "year": ("Год", "year"),
    "bool": ("Да или нет", "bool"),
    "enum": ("Выбор из списка", "enum"),
    "inn": ("ИНН", "inn"),
    "formula": ("Формула", "dec(18,2)"),
}
_LONGEST: Final = 200


def may_build(actor: Actor) -> bool:
    """Who changes forms."""
    return campaign.may_keep(actor)


def _allowed(actor: Actor) -> None:
    if not may_build(actor):
        raise Forbidden("Состав форм меняет куратор или администратор.")


def draft_of(form: str) -> ReportEdition | None:
    """The unpublished draft of a form, if there is one."""
    return db.session.scalars(
        select(ReportEdition).where(ReportEdition.form == form, ReportEdition.is_published.is_(False))
    ).first()


def published(form: str) -> list[ReportEdition]:
    """Published editions, the newest first."""
    wanted = select(ReportEdition).where(ReportEdition.form == form, ReportEdition.is_published.is_(True))
    return list(
        db.session.scalars(wanted.order_by(ReportEdition.from_year.desc(), ReportEdition.number.desc()))
    )


def first_free_year(form: str) -> int:
    """The earliest year a new edition may begin with: after every year the form was filled for."""
    last = db.session.scalar(select(func.max(ReportSheet.year)).where(ReportSheet.form == form))
    this = parameters.today().year
    return max(last + 1, this) if last is not None else this


def begin(actor: Actor, form: str) -> ReportEdition:
    """Start a draft from the newest form."""
    _allowed(actor)
    if form not in editions.CODES:
        raise NotFound
    with work(actor) as unit:
        found = draft_of(form)
        if found is not None:
            return found
        year = max([first_free_year(form), *(one.from_year for one in published(form))])
        number = (
            db.session.scalar(select(func.max(ReportEdition.number)).where(ReportEdition.form == form)) or 0
        )
        newest = published(form)
        entry = ReportEdition(
            form=form,
            from_year=year,
            number=number + 1,
            content=copy.deepcopy(dict(editions.raw(form, year))),
            enums=dict(newest[0].enums) if newest else {},
            is_published=False,
            note="",
            made_by=actor.user_id,
            made_at=unit.at,
        )
        db.session.add(entry)
        db.session.flush()
        return entry


def shown(entry: ReportEdition) -> Form:
    """The draft as a form."""
    return form_of(entry.content, {**editions.raw_enums(entry.from_year), **entry.enums})


class Change:
    """A draft being changed: everything is checked by building the form of it before it is kept."""

    def __init__(self, actor: Actor, form: str) -> None:
        _allowed(actor)
        found = draft_of(form)
        if found is None:
            raise NotFound
        self.entry = found
        self.content: dict[str, Any] = copy.deepcopy(dict(found.content))
        self.enums: dict[str, Any] = copy.deepcopy(dict(found.enums))

    def table(self, code: str) -> dict[str, Any]:
        """A table of the draft. Raises NotFound."""
        for section in self.content["sections"]:
            if section["code"] == code:
                return section  # type: ignore[no-any-return]
        raise NotFound

    def column(self, code: str, name: str) -> dict[str, Any]:
        """A column of a table. Raises NotFound."""
        for field in self.table(code)["fields"]:
            if field["id"] == name:
                return field  # type: ignore[no-any-return]
        raise NotFound

    def keep(self) -> ReportEdition:
        """Write the draft."""
        form_of(self.content, {**editions.raw_enums(self.entry.from_year), **self.enums})
        self.entry.content, self.entry.enums = self.content, self.enums
        return self.entry


def rename(actor: Actor, form: str, *, title: str, purpose: str = "") -> ReportEdition:
    """Another title and purpose of the form."""
    with work(actor):
        change = Change(actor, form)
        change.content["title"] = _line(title, "title")
        if purpose.strip():
            change.content["purpose"] = purpose.strip()[:1000]
        return change.keep()


def add_table(actor: Actor, form: str, *, title: str) -> ReportEdition:
    """A new table with rows; its columns follow."""
    with work(actor):
        change = Change(actor, form)
        code = _free("own_table", {section["code"] for section in change.content["sections"]})
        first = {"id": "own_1", "label": "Наименование", "type": "str(300)", "req": "R", "check": ""}
        change.content["sections"].append(
            {"code": code, "title": _line(title, "title"), "mode": "rows", "fields": [first]}
        )
        return change.keep()


def add_column(
    actor: Actor,
    form: str,
    table: str,
    *,
    title: str,
    kind: str,
    required: bool = False,
    choices: Sequence[str] = (),
    is_summed: bool = False,
    formula: str = "",
    help: str = "",
) -> ReportEdition:
    """A column at the end of a table: with a list of its own, with a sum in the printed form, or counted."""
    if kind not in TYPES:
        raise Invalid({"kind": ["Выберите тип графы."]})
    with work(actor):
        change = Change(actor, form)
        section = change.table(table)
        taken = {field["id"] for one in change.content["sections"] for field in one["fields"]}
        name = _free("own", taken)
        said = _line(title, "title")
        if said.casefold() in {field["label"].casefold() for field in section["fields"]}:
            raise Invalid({"title": ["Такая графа в таблице уже есть."]})
        stored = TYPES[kind][1]
        requirement = "R" if required else "O"
        if kind == "enum":
            change.enums[name] = _choices(choices)
            stored = f"enum:{name}"
        if kind == "formula":
            numeric = {f["id"]: f["label"] for f in section["fields"] if re.match(r"dec|int|pct", f["type"])}
            requirement = f"вычисл. = {formulas.compiled(formula, numeric)}"
        section["fields"].append(
            {"id": name, "label": said, "type": stored, "req": requirement, "check": help.strip()[:300]}
        )
        _print_column(change.content["print"], said, name, is_summed and kind in ("dec", "int", "formula"))
        return change.keep()


def change_column(
    actor: Actor,
    form: str,
    table: str,
    name: str,
    *,
    title: str,
    required: bool,
    choices: Sequence[str] = (),
) -> ReportEdition:
    """Another title, another strictness, another list of an own column."""
    with work(actor):
        change = Change(actor, form)
        field = change.column(table, name)
        before, field["label"] = field["label"], _line(title, "title")
        if not str(field["req"]).startswith(("вычисл", "ставит")):
            field["req"] = "R" if required else "O" if field["req"] == "R" else field["req"]
        if choices and field["type"] == f"enum:{name}":
            change.enums[name] = _choices(choices, change.enums.get(name, []))
        for column in change.content["print"]["cols"]:
            if column["field"] == name and column["header"] == before:
                column["header"] = field["label"]
        return change.keep()


def remove_column(actor: Actor, form: str, table: str, name: str) -> ReportEdition:
    """A column that will not be asked any more; earlier reports keep it."""
    with work(actor):
        change = Change(actor, form)
        section = change.table(table)
        change.column(table, name)
        if len(section["fields"]) == 1:
            raise Refused("В таблице должна остаться хотя бы одна графа.")
        section["fields"] = [field for field in section["fields"] if field["id"] != name]
        page = change.content["print"]
        page["cols"] = [column for column in page["cols"] if column["field"] != name]
        page["merges"] = merges(page["cols"]) if page["kind"] != "kv" else page["merges"]
        return change.keep()


def move_column(actor: Actor, form: str, table: str, name: str, step: int) -> ReportEdition:
    """A column nearer to the beginning or to the end."""
    with work(actor):
        change = Change(actor, form)
        fields = change.table(table)["fields"]
        at = next((i for i, field in enumerate(fields) if field["id"] == name), None)
        if at is None:
            raise NotFound
        to = min(max(at + step, 0), len(fields) - 1)
        fields.insert(to, fields.pop(at))
        return change.keep()


def publish(actor: Actor, form: str, from_year: int, note: str = "") -> ReportEdition:
    """Put the draft in force from a year on; years already filled stay as they are."""
    _allowed(actor)
    with work(actor):
        entry = draft_of(form)
        if entry is None:
            raise NotFound
        earliest = first_free_year(form)
        if from_year < earliest:
            raise Refused(
                f"За {from_year} год форма уже заполняется: новая редакция возможна с {earliest} года."
            )
        entry.from_year, entry.note, entry.is_published = from_year, note.strip()[:500], True
        return entry


def discard(actor: Actor, form: str) -> None:
    """Throw the draft away."""
    _allowed(actor)
    with work(actor):
        entry = draft_of(form)
        if entry is not None:
            db.session.delete(entry)


# --- the parts --------------------------------------------------------------------------------------------


def _line(text: str, name: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Invalid({name: ["Укажите название."]})
    if len(said) > _LONGEST:
        raise Invalid({name: [f"Не длиннее {_LONGEST} знаков."]})
    return said


def _free(stem: str, taken: set[str]) -> str:
    return next(f"{stem}_{n}" for n in range(1, 1000) if f"{stem}_{n}" not in taken)


def _choices(lines: Sequence[str], before: Sequence[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """Lines of a list as codes and titles; a title that was there keeps its code, so old values stay
    readable."""
    titles = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    if len(titles) < 2:
        raise Invalid({"choices": ["В списке должно быть хотя бы два значения, каждое с новой строки."]})
    known = {one["label"]: one["code"] for one in before}
    used = set(known.values())
    found = []
    for title in titles:
        code = known.get(title) or _free("v", used)
        used.add(code)
        found.append({"code": code, "label": title[:_LONGEST]})
    return found


def _print_column(page: dict[str, Any], title: str, name: str, is_summed: bool) -> None:
    """The new column stands last on the printed page; a page of pairs prints every field by itself."""
    if page["kind"] == "kv":
        return
    page["cols"].append(
        {"group": "", "header": title, "field": name, "width": 14, "total": "sum" if is_summed else ""}
    )
    page["merges"] = merges(page["cols"])


def merges(columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """Merged cells of the two-storey heading: a group over its columns, a column without a group over both
    rows."""
    found, at = [], 0
    while at < len(columns):
        group, end = columns[at]["group"], at
        while group and end + 1 < len(columns) and columns[end + 1]["group"] == group:
            end += 1
        first, last = xl_col_to_name(at), xl_col_to_name(end)
        if not group:
            found.append(f"{first}10:{first}11")
        elif end > at:
            found.append(f"{first}10:{last}10")
        at = end + 1
    return found
