"""What a list of records shows: columns, rows, tabs, filters, views; plain values for the template."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import request, url_for

from desk import saved_views
from language.dates import short_date
from records import directory, parameters, query
from records.actor import Actor
from records.database import db
from records.kinds import COMMON_COLUMNS, RecordKind, registry
from records.model import Record
from records.people import Organisation, User
from signatures import ours

from ._list_query import describe, list_query
from ._state_words import state_words

DEFAULT_COLUMNS = ("number", "registered_on", "title", "organisation", "state", "assignee", "due_on")
MEMBER_COLUMNS = ("number", "registered_on", "title", "kind", "state", "expected", "assignee")
CHANNELS = {
    "cabinet": "Кабинет",
    "email": "E-mail",
    "post": "Почта",
    "courier": "Нарочно",
    "edo": "ЭДО",
    "site": "Сайт",
    "import": "Загрузка",
    "api": "Программа",
}

STAFF_TABS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Все", {}),
    ("Мои", {"mine": "1", "open": "1"}),
    ("Входящие", {"direction": "in"}),
    ("Исходящие", {"direction": "out"}),
    ("Внутренние", {"direction": "internal"}),
    ("Просроченные", {"due": "overdue"}),
)
MEMBER_TABS: tuple[tuple[str, dict[str, str]], ...] = (
    ("Все", {}),
    ("Отправленные", {"direction": "in", "filed": "1"}),
    ("Полученные", {"direction": "out"}),
    ("Черновики", {"state": "draft"}),
    ("Ждут меня", {"state": "returned"}),
)
BULK = (
    {"verb": "claim", "title": "Взять себе", "icon": "hand"},
    {"verb": "take", "title": "Взять в работу", "icon": "check"},
    {"verb": "approve", "title": "Одобрить", "confirm": "Одобрить отмеченные: {n}?"},
    {"verb": "assign", "title": "Назначить", "icon": "user"},
    {"verb": "close", "title": "В дело", "icon": "archive", "confirm": "Закрыть в дело отмеченные: {n}?"},
    {"verb": "annul", "title": "Аннулировать", "icon": "close", "tone": "bad"},
)


def _bulk(who: Actor) -> list[dict[str, str]]:
    """What may be done with the marked rows."""
    if not who.is_staff or who.read_only:
        return []
    own = {"verb": "own_signature", "title": "Подписать ключом СРО", "confirm": "Подписать отмеченные: {n}?"}
    return [*BULK, own] if ours.may_use(who) and ours.active() is not None else list(BULK)


def context(who: Actor) -> dict[str, object]:
    """Everything the list page needs, for the query in the address."""
    q = list_query(request.args, who)
    page = query.listing(who, q, parameters.today())
    names = chosen_columns(who, q)
    columns, rows = table_of(page.rows, names)
    every = [_column(name, _one_kind(q)) for name in available_columns(who, q)]
    for column in every:
        column["hidden"] = column["key"] not in names
    return {
        "q": q,
        "columns": columns,
        "every_column": every,
        "rows": rows,
        "page": page,
        "total": "более 1 000" if page.more_than else page.total,
        "filters": describe(q, who),
        "tabs": tabs(who),
        "views": views(who),
        "kinds": query.kinds_for(who),
        "sort": q.sort,
        "bulk": _bulk(who),
        "employees": directory.employees() if who.is_staff else [],
        "active": _active(q),
    }


def _one_kind(q: query.ListQuery) -> RecordKind | None:
    return registry[q.kind[0]] if len(q.kind) == 1 else None


def available_columns(who: Actor, q: query.ListQuery) -> list[str]:
    """Columns one may choose: the common ones and those of the one chosen kind."""
    names = [*DEFAULT_COLUMNS, "kind", "channel", "updated_at", "expected"]
    kind = _one_kind(q)
    if kind is not None:
        names += [c for c in kind.columns if c not in names]
    return names


def chosen_columns(who: Actor, q: query.ListQuery) -> Sequence[str]:
    """The columns of the address, or the kind's, or the usual ones."""
    asked = [c for part in request.args.getlist("columns") for c in part.split(",")]
    known = available_columns(who, q)
    picked = [c for c in asked if c in known]
    if picked:
        return picked if "title" in picked else ["title", *picked]
    kind = _one_kind(q)
    if kind is not None and kind.columns:
        return kind.columns if "title" in kind.columns else (*kind.columns[:1], "title", *kind.columns[1:])
    return DEFAULT_COLUMNS if who.is_staff else MEMBER_COLUMNS


def tabs(who: Actor) -> list[dict[str, object]]:
    """The tabs above the list (R-18)."""
    present = {k: v for k, v in request.args.items() if k not in {"after", "sort", "columns"}}
    return [
        {
            "title": title,
            "url": f"{url_for('records.index')}?{urlencode(args)}" if args else url_for("records.index"),
            "current": present == args,
        }
        for title, args in (STAFF_TABS if who.is_staff else MEMBER_TABS)
    ]


def views(who: Actor) -> list[dict[str, object]]:
    """Saved views as chips."""
    here = request.query_string.decode()
    return [
        {
            "title": view.title,
            "url": f"{url_for('records.index')}?{view.query}",
            "current": view.query == here,
            "shared": view.shared,
            "drop_url": url_for("saved_views.drop", view_id=view.id) if view.mine else None,
        }
        for view in saved_views.of(who)
    ]


def _active(q: query.ListQuery) -> list[dict[str, str]]:
    """Filters that came by a link and have no control of their own, as removable marks."""
    marks = []
    if q.organisation:
        company = db.session.get(Organisation, q.organisation)
        marks.append(("organisation", company.short_name if company else "организация"))
    if q.assignee:
        person = db.session.get(User, q.assignee)
        marks.append(("assignee", person.name if person else "исполнитель"))
    if q.due:
        marks.append(
            (
                "due",
                {"overdue": "просроченные", "soon": "срок не прошёл", "any": "со сроком"}.get(q.due, q.due),
            )
        )
    if q.open_only:
        marks.append(("open", "незакрытые"))
    return [{"title": title, "remove_url": _without(name)} for name, title in marks]


def _without(name: str) -> str:
    args = [(k, v) for k, v in request.args.items(multi=True) if k not in {name, "after"}]
    return f"{request.path}?{urlencode(args)}"


def table_of(
    rows: Sequence[Record], names: Sequence[str]
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Columns and rows for the table component."""
    kind = registry[rows[0].kind] if rows and len({r.kind for r in rows}) == 1 else None
    return [_column(name, kind) for name in names], [_row(record, names) for record in rows]


def _column(name: str, kind: RecordKind | None) -> dict[str, object]:
    declared = kind.field(name) if kind else None
    title = declared.label if declared else {**COMMON_COLUMNS, "expected": "Ожидается"}.get(name, name)
    column: dict[str, object] = {"key": name, "title": title, "primary": name == "title"}
    if name in query.SORTS:
        column["sort"] = True
    if name == "state":
        column["kind"] = "status"
    if name in ("due_on", "registered_on", "updated_at"):
        column["kind"] = "date"
    if name == "number":
        column["kind"] = "code"
    return column


def is_late(record: Record) -> bool:
    """The term has passed and nothing was done."""
    return bool(
        record.is_open and record.done_on is None and record.due_on and record.due_on < parameters.today()
    )


def _row(record: Record, names: Sequence[str]) -> dict[str, object]:
    kind = registry.of(record)
    cells = {name: _value(record, kind, name) for name in names}
    url = url_for("records.show", record_id=record.id)
    return {"id": record.id, "url": url, "cells": cells, "tone": "bad" if is_late(record) else None}


def cell(record: Record, name: str) -> object:
    """One value of a list row."""
    return _value(record, registry.of(record), name)


def _value(record: Record, kind: RecordKind, name: str) -> object:
    match name:
        case "number":
            return record.number_text or ("черновик" if record.state == "draft" else "без номера")
        case "registered_on":
            return short_date(record.registered_on) if record.registered_on else ""
        case "title":
            return record.title
        case "kind":
            return kind.title
        case "organisation":
            return record.organisation.short_name if record.organisation else record.correspondent
        case "state":
            return (record.state, state_words(kind, record.state))
        case "assignee":
            return record.assignee.name if record.assignee else ""
        case "due_on":
            return short_date(record.due_on) if record.due_on else ""
        case "expected":
            return (
                f"до {short_date(record.due_on)}"
                if record.due_on and record.is_open and not record.done_on
                else ""
            )
        case "updated_at":
            return record.updated_at.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M")
        case "channel":
            return CHANNELS.get(record.channel, record.channel)
        case "author":
            return ""
    declared = kind.field(name)
    return declared.show((record.payload or {}).get(name)) if declared else ""
