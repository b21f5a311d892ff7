"""A report form in words: cards as pairs, tables by their main columns, documents; for reading and paper."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from forms.printed_cells import as_words, typed
from forms.reports.model import Column, Form, Table
from records import query
from records.model import Record
from reports import books, editions, sheets
from reports.model import ReportSheet

SHOWN_ROWS = 300
SHOWN_COLUMNS = 8


def tables(sheet: ReportSheet) -> list[dict[str, Any]]:
    """Every table of a form."""
    form = editions.of(sheet)
    rows, known = sheets.content(sheet), books.linked(sheet, form.tables)
    return [_table(table, rows.get(table.code, []), known) for table in form.tables]


def _table(table: Table, rows: list[dict[str, Any]], known: dict[str, Any]) -> dict[str, Any]:
    if table.is_single:
        row = rows[0] if rows else {}
        pairs = [(column.title, _words(column, row, known) or "—") for column in table.columns]
        uid = row.get("uid", "")
        return {"code": table.code, "title": table.title, "is_single": True, "pairs": pairs, "uid": uid}
    columns = _main(table, rows)
    heads: list[dict[str, Any]] = [
        {"key": column.name, "title": column.title, "primary": index == 0, **_align(column)}
        for index, column in enumerate(columns)
    ]
    shown = [
        {"id": row["uid"], "cells": {c.name: _words(c, row, known) or "—" for c in columns}}
        for row in rows[:SHOWN_ROWS]
    ]
    return {
        "code": table.code,
        "title": table.title,
        "is_single": False,
        "columns": heads,
        "rows": shown,
        "total": len(rows),
    }


def _main(table: Table, rows: list[dict[str, Any]]) -> list[Column]:
    """The columns a person looks at first: required ones that are filled, then the rest, in their order."""
    filled = [
        c for c in table.columns if not rows or any(row.get(c.name) not in (None, "", []) for row in rows)
    ]
    best = sorted(filled, key=lambda c: not (c.required or c.computed))[:SHOWN_COLUMNS]
    return [c for c in table.columns if c in best] or list(table.columns[:SHOWN_COLUMNS])


def _align(column: Column) -> dict[str, Any]:
    return {"kind": "number"} if column.type in ("dec", "int", "pct") else {}


def _words(column: Column, row: dict[str, Any], known: dict[str, Any]) -> str:
    if column.type == "ref":
        about = known.get(column.target or "", {}).get(str(row.get(column.name) or ""), {})
        return str(about.get("title", ""))
    return as_words(typed(column, known)(row))


def documents(record: Record, form: Form) -> list[tuple[str, Any]]:
    """Declared documents of a form and the files handed in for each."""
    kept: dict[str, list[Any]] = {}
    for file in query.files(record):
        head, _, kind = file.slot.partition(":")
        if head == "form":
            kept.setdefault(kind, []).append(file)
    found = []
    for one in form.attachments:
        links = [
            Markup('<a href="/files/{}">{}</a>').format(f.id, escape(f.name)) for f in kept.get(one.kind, [])
        ]
        found.append((one.title, Markup(", ").join(links) if links else "—"))
    return found


def places(sheet: ReportSheet, remarks: list[dict[str, Any]]) -> dict[int, str]:
    """Where each remark stands, in words."""
    form = editions.of(sheet)
    named = {table.code: table for table in form.tables}
    found = {}
    for one in remarks:
        table = named.get(one["table"])
        column = table.by_name.get(one["column"]) if table else None
        found[one["id"]] = column.title if column else table.title if table else "Вся форма"
    return found
