"""Reading a form: rows page by page, all rows at once, the declaration as the page takes it, who is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from forms.messages import cell_text
from forms.reports.model import Column, Form, Table
from records import parameters, query
from records.actor import Actor
from records.database import db, now
from records.model import Record, StoredFile
from records.people import User
from records.service import work

from . import cells, computed, editions, titles
from .filling import table_of
from .model import ReportPresence, ReportRow, ReportSheet
from .opening import find

MOST: Final = 5_000
_HERE: Final = timedelta(seconds=40)


def live(record_id: int, table: str = "") -> list[ReportRow]:
    """The rows of a report in order, without the deleted."""
    wanted = select(ReportRow).where(ReportRow.record_id == record_id, ReportRow.removed.is_(False))
    if table:
        wanted = wanted.where(ReportRow.table == table)
    return list(db.session.scalars(wanted.order_by(ReportRow.table, ReportRow.position)))


def content(sheet: ReportSheet) -> dict[str, list[dict[str, Any]]]:
    """Values of every row by table, `uid` and the computed columns among them."""
    form = editions.of(sheet)
    rows: dict[str, list[dict[str, Any]]] = {table.code: [] for table in form.tables}
    wanted = (
        select(ReportRow.table, ReportRow.uid, ReportRow.cells)
        .where(ReportRow.record_id == sheet.record_id, ReportRow.removed.is_(False))
        .order_by(ReportRow.position)
    )
    for table, uid, values in db.session.execute(wanted):
        rows.setdefault(table, []).append({**values, "uid": uid})
    counted = computed.of_form(form, rows, parameters.today())
    for listed in rows.values():
        for row in listed:
            row |= counted.get(row["uid"], {})
    return rows


def page(actor: Actor, record_id: int, code: str, first: int, count: int) -> dict[str, Any]:
    """Rows of a table from a place on, with the number of all."""
    _, sheet = find(actor, record_id)
    form = editions.of(sheet)
    table = table_of(form, code)
    of_table = (ReportRow.record_id == record_id, ReportRow.table == code, ReportRow.removed.is_(False))
    total = db.session.scalar(select(func.count()).select_from(ReportRow).where(*of_table)) or 0
    rows = db.session.scalars(
        select(ReportRow)
        .where(*of_table)
        .order_by(ReportRow.position)
        .offset(max(first, 0))
        .limit(min(max(count, 0), MOST))
    ).all()
    counted = _counted(sheet, form, table)
    kept = files(record_id, [row.uid for row in rows])
    shown = [
        {**row_json(table, row, counted.get(row.uid), kept.get(row.uid, 0)), "no": max(first, 0) + n}
        for n, row in enumerate(rows, start=1)
    ]
    return {"rows": shown, "total": total, "stamp": sheet.stamp}


def _counted(sheet: ReportSheet, form: Form, table: Table) -> Mapping[str, Mapping[str, Any]]:
    """Computed columns, only for the tables that have any."""
    if not any(column.computed for column in table.columns):
        return {}
    rows: dict[str, list[dict[str, Any]]] = {}
    wanted = (
        select(ReportRow.table, ReportRow.uid, ReportRow.cells)
        .where(ReportRow.record_id == sheet.record_id, ReportRow.removed.is_(False))
        .order_by(ReportRow.position)
    )
    for code, uid, values in db.session.execute(wanted):
        rows.setdefault(code, []).append({**values, "uid": uid})
    return computed.of_form(form, rows, parameters.today())


def row_json(
    table: Table, row: ReportRow, counted: Mapping[str, Any] | None = None, kept: int = 0
) -> dict[str, Any]:
    """A row as the contract says: {uid, version, cells: {column: {v, raw?, error?, warning?, source?}},
    files}."""
    shown = cells.shown(table, row)
    for name, value in (counted or {}).items():
        if name in table.by_name and value is not None:
            shown[name] = {"v": value}
    return {"uid": row.uid, "version": row.version, "cells": shown, "files": kept}


def changed_rows(sheet: ReportSheet, table: Table, rows: Iterable[ReportRow]) -> list[dict[str, Any]]:
    """Rows after a save. Computed columns that need only the row are told at once, the rest on reading."""
    listed = list(rows)
    kept = files(sheet.record_id, [row.uid for row in listed]) if len(listed) < 50 else {}
    counted: dict[str, dict[str, Any]] = {}
    if sheet.form == "f7_1" and table.code == "works":
        header = [dict(row.cells, uid=row.uid) for row in live(sheet.record_id, "header")]
        works = [dict(row.cells, uid=row.uid) for row in listed]
        counted = computed.of_form(editions.of(sheet), {"header": header, "works": works}, parameters.today())
    return [row_json(table, row, counted.get(row.uid), kept.get(row.uid, 0)) for row in listed]


def files(record_id: int, uids: Iterable[str] | None = None) -> dict[str, int]:
    """How many files each of the named rows has."""
    wanted = (
        select(StoredFile.slot, func.count())
        .where(
            StoredFile.record_id == record_id,
            StoredFile.removed_at.is_(None),
            StoredFile.signature_of.is_(None),
        )
        .group_by(StoredFile.slot)
    )
    slots = [f"row:{uid}" for uid in uids or ()]
    if uids is not None and len(slots) < 500:
        wanted = wanted.where(StoredFile.slot.in_(slots))
    return {
        slot.removeprefix("row:"): count for slot, count in db.session.execute(wanted) if slot[:4] == "row:"
    }


def column_json(column: Column, choices: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """A column as the grid takes it."""
    listed = choices if choices is not None else [(choice.code, choice.title) for choice in column.choices]
    return {
        "name": column.name,
        "title": column.title,
        "type": column.type,
        "required": column.required,
        "conditional": column.conditional,
        "requirement": column.requirement,
        "computed": column.computed,
        "staff_only": column.staff_only,
        "help": column.help,
        "choices": [{"code": code, "title": title} for code, title in listed],
        "target": column.target,
        "item": column.item,
        "length": column.length,
        "scale": column.scale,
        "width": column.width,
    }


def declaration(sheet: ReportSheet) -> dict[str, Any]:
    """The form as the page draws it; lists of references hold the rows they may point at."""
    form = editions.of(sheet)
    targets = {column.target for table in form.tables for column in table.columns if column.target}
    known = {
        target: [(uid, title) for uid, title, _ in titles.rows_of(sheet, target)]
        for target in targets & set(titles.TARGETS)
    }
    return {
        "code": form.code,
        "number": form.number,
        "title": form.title,
        "purpose": form.purpose,
        "mode": form.mode,
        "may_be_nil": form.may_be_nil,
        "year": sheet.year,
        "tables": [_table_json(table, known) for table in form.tables],
        "attachments": [
            {"kind": one.kind, "title": one.title, "requirement": one.requirement, "slot": f"form:{one.kind}"}
            for one in form.attachments
        ],
    }


def _table_json(table: Table, known: Mapping[str, list[tuple[str, str]]]) -> dict[str, Any]:
    return {
        "code": table.code,
        "title": table.title,
        "is_single": table.is_single,
        "unique": list(table.unique),
        "columns": [
            column_json(column, known.get(column.target) if column.target else None)
            for column in table.columns
        ],
    }


def progress(sheet: ReportSheet) -> dict[str, Any]:
    """The completeness bar of one form: required cells that are filled."""
    done = sheet.wanted - sheet.lacking
    if sheet.is_nil:
        return {"done": 1, "total": 1, "percent": 100, "wrong": 0, "lacking": 0}
    percent = done * 100 // sheet.wanted if sheet.wanted else 0
    return {
        "done": done,
        "total": sheet.wanted,
        "percent": percent,
        "wrong": sheet.wrong,
        "lacking": sheet.lacking,
    }


def faults(actor: Actor, record_id: int, *, most: int = 500) -> list[dict[str, Any]]:
    """Every cell that cannot be filed: empty required ones and unread ones, with their places."""
    _, sheet = find(actor, record_id)
    form = editions.of(sheet)
    found: list[dict[str, Any]] = []
    wanted = (
        select(ReportRow)
        .where(
            ReportRow.record_id == record_id,
            ReportRow.removed.is_(False),
            (ReportRow.lacking > 0) | (ReportRow.wrong > 0),
        )
        .order_by(ReportRow.table, ReportRow.position)
        .limit(most)
    )
    for row in [] if sheet.is_nil else db.session.scalars(wanted):
        table = table_of(form, row.table)
        place = {"table": table.code, "uid": row.uid, "row": titles.of_row(table.code, row.cells)}
        for name, note in row.notes.items():
            if "error" in note and name in table.by_name:
                said = cell_text(note["error"])
                found.append({**place, "column": name, "text": f"{table.column(name).title}: {said}"})
        for column in table.columns:
            if column.required and column.name not in row.cells and column.name not in row.notes:
                found.append({**place, "column": column.name, "text": f"Заполните: {column.title}"})
    return found[:most]


def pulse(actor: Actor, record_id: int, since: int) -> dict[str, Any]:
    """Who else has the form open, rows changed after `since`, how many remarks are open."""
    record, sheet = find(actor, record_id)
    form = editions.of(sheet)
    changed: dict[str, list[dict[str, Any]]] = {}
    removed: list[str] = []
    if since < sheet.stamp:
        newer = select(ReportRow).where(ReportRow.record_id == record_id, ReportRow.stamp > since).limit(1000)
        for row in db.session.scalars(newer):
            if row.removed:
                removed.append(row.uid)
            else:
                table = table_of(form, row.table)
                changed.setdefault(row.table, []).append(row_json(table, row))
    open_remarks = sum(r.resolved_at is None for r in query.remarks(actor, record) if r.purpose == "remark")
    return {
        "stamp": sheet.stamp,
        "state": record.state,
        "here": _here(actor, record),
        "rows": changed,
        "removed": removed,
        "remarks": open_remarks,
        "progress": progress(sheet),
    }


def _here(actor: Actor, record: Record) -> list[dict[str, Any]]:
    wanted = (
        select(User.id, User.name)
        .join(ReportPresence, ReportPresence.user_id == User.id)
        .where(
            ReportPresence.record_id == record.id,
            ReportPresence.seen_at > now() - _HERE,
            User.id != (actor.user_id or 0),
        )
        .order_by(User.name)
    )
    return [{"id": user_id, "name": name} for user_id, name in db.session.execute(wanted)]


def arrive(actor: Actor, record_id: int) -> None:
    """Say that the person has the form open; written at most every twenty seconds."""
    if actor.user_id is None or actor.read_only:
        return
    moment = now()
    seen = db.session.get(ReportPresence, (record_id, actor.user_id))
    if seen is not None and moment - seen.seen_at < _HERE / 2:
        return
    with work(actor) as unit:
        unit.lock(record_id)
        seen = db.session.get(ReportPresence, (record_id, actor.user_id))
        if seen is None:
            db.session.add(ReportPresence(record_id=record_id, user_id=actor.user_id, seen_at=moment))
        else:
            seen.seen_at = moment
