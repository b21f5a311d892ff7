"""Workbooks of a report: a table as it stands, to edit and load back, and the printed form after approval."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from sqlalchemy import select

from forms import printout
from forms.printed_cells import Printed, typed
from forms.printout import Card, Filled
from forms.reports.model import Table
from language.names import surname_initials
from records import parameters, service
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.model import Record
from records.outbox import Job
from records.people import Organisation, User
from register import history

from . import editions, sheets, titles
from .filling import table_of
from .model import ReportSheet
from .opening import find
from .sending import BOOK_NAME, BOOK_SLOT, printed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS: Mapping[str, str] = {
    "money": "#,##0.00", "fraction": "#,##0.000", "percent": "0.00", "whole": "0", "day": "dd.mm.yyyy",
    "moment": "dd.mm.yyyy hh:mm", "text": "@",
}  # fmt: skip


def of_table(actor: Actor, record_id: int, code: str) -> tuple[bytes, str]:
    """A table with its titles and real types; read back by the same titles (F-03). Content and file name."""
    _, sheet = find(actor, record_id)
    form = editions.of(sheet)
    table = table_of(form, code)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    _write_table(book, table, sheets.content(sheet)[code], linked(sheet, [table]))
    book.close()
    return stream.getvalue(), f"Форма {form.number} {table.title} {sheet.year}.xlsx"


def _write_table(
    book: Any, table: Table, rows: Sequence[Mapping[str, Any]], known: Mapping[str, Any]
) -> None:
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:31])
    heading = book.add_format({"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True})
    formats = {name: book.add_format({"num_format": one}) for name, one in _FORMATS.items()}
    columns = [typed(column, known) for column in table.columns]
    for index, column in enumerate(table.columns):
        page.write_string(0, index, column.title, heading)
        page.set_column(index, index, max(10, column.width // 8), formats["text"])
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for index, one in enumerate(columns):
            put(page, number, index, one(row), formats)


def put(page: Any, row: int, column: int, cell: Printed, formats: Mapping[str, Any]) -> None:
    """A typed cell; text is always a string, so nothing that was typed becomes a formula."""
    if cell.value in ("", None):
        return
    style = formats[cell.style]
    if isinstance(cell.value, str):
        page.write_string(row, column, cell.value, style)
    elif cell.style in ("day", "moment"):
        page.write_datetime(row, column, cell.value, style)
    else:
        page.write_number(row, column, cell.value, style)


def linked(sheet: ReportSheet, tables: Sequence[Table]) -> dict[str, dict[str, dict[str, str]]]:
    """Words about the rows that references point at."""
    targets = {column.target for table in tables for column in table.columns if column.target}
    found: dict[str, dict[str, dict[str, str]]] = {}
    for target in targets & set(titles.TARGETS):
        found[target] = {
            uid: {
                "title": title,
                "name": str(values.get("object_name") or title),
                "fio": _short_name(values) or title,
                "position": str(values.get("position") or ""),
                "nrs_number": str(values.get("nrs_number") or ""),
            }
            for uid, title, values in titles.rows_of(sheet, target)
        }
    return found


def _short_name(values: Mapping[str, Any]) -> str:
    whole = " ".join(str(values[n]) for n in ("last_name", "first_name", "middle_name") if values.get(n))
    return surname_initials(whole) if whole else ""


def card(record: Record, sheet: ReportSheet) -> Card:
    """What stands above and below the printed form."""
    office = parameters.office()
    today = parameters.today()
    member = history.member_on(sheet.organisation_id, today)
    company = db.session.get(Organisation, sheet.organisation_id)
    assert company is not None
    author = db.session.get(User, record.author_id) if record.author_id else None
    curator = db.session.get(User, sheet.approved_by) if sheet.approved_by else None
    moment = sheet.approved_at.astimezone(parameters.zone()) if sheet.approved_at else None
    approved = f"одобрен {moment:%d.%m.%Y}" if moment else ""
    if approved and curator:
        approved += f", куратор {surname_initials(curator.name)}"
    incoming = (
        f"Вх. № {record.number_text} от {record.registered_on:%d.%m.%Y}" if record.registered_on else ""
    )
    return Card(
        sro_short=str(office.get("short_name") or ""),
        sro_name=str(office.get("full_name") or office.get("short_name") or ""),
        member_name=member.get("full_name") or company.full_name,
        inn=company.inn or "",
        ogrn=company.ogrn or "",
        register_number=company.register_number or "",
        register_date=member.day("register_date") or company.joined_on,
        year=sheet.year,
        as_of=moment.date() if moment else today,
        incoming=incoming,
        approved=approved,
        head_position=company.head_position or "Руководитель",
        head_name=surname_initials(company.head_name) if company.head_name else "",
        executor=", ".join(part for part in (surname_initials(author.name), author.phone) if part)
        if author
        else "",
        is_trader=member.get("member_type") == "ip",
    )


def of_form(record: Record, sheet: ReportSheet) -> bytes:
    """The printed form by the reference layout."""
    form = editions.of(sheet)
    stream = io.BytesIO()
    filled = Filled(form=form, rows=sheets.content(sheet), is_nil=sheet.is_nil)
    printout.write(stream, [filled], card(record, sheet), linked(sheet, form.tables))
    return stream.getvalue()


def book_jobs(jobs: Sequence[Job]) -> None:
    """Topic «report_book»: an approved form gets its printed file, once for every approval."""
    for job in jobs:
        record_id = int(str(job.payload["record"]))
        record = db.session.scalars(select(Record).where(Record.id == record_id)).first()
        sheet = db.session.get(ReportSheet, record_id)
        if record is None or sheet is None or record.state != "approved" or printed(record_id) is not None:
            continue
        content = of_form(record, sheet)
        name = BOOK_NAME.format(number=editions.of(sheet).number, year=sheet.year)
        service.attach_bytes(SYSTEM_ACTOR, record_id, content, name, media_type=XLSX, slot=BOOK_SLOT)
