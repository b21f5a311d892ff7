"""What is known before anybody types: the register, last year's report; each value says where it came from
(F-33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import select

from forms.reports.model import Form, Table
from records import parameters
from records.database import db
from records.model import Record
from register import history
from register.member_fields import FIELDS
from register.model import Contract, InsurancePolicy, MemberSpecialist

from . import cells, duplicate, editions, opening
from .controls import OF_REGISTER
from .model import ReportRow, ReportSheet

_REGISTER: Final = "из реестра"
FILED: Final = (
    "submitted",
    "registered",
    "in_review",
    "approved",
    "signed",
    "accepted",
    "exported",
    "closed",
    "archived",
)


def fill(record: Record, sheet: ReportSheet) -> None:
    """Put in what is known: rows of the last filed report first, then what the register says of itself."""
    form = editions.of(sheet)
    before = last_filed(sheet)
    if before is not None:
        sheet.based_on = before.record_id
        duplicate.copy_forward(before, sheet)
    today = parameters.today()
    if sheet.form == "f1":
        _card_of_register(sheet, form, today)
    elif before is None:
        rows = {"f2": _people, "f7": _contracts, "f11": _policies}.get(sheet.form)
        if rows is not None:
            table, values = rows(sheet.organisation_id)
            _add_rows(sheet, form.table(table), values, f"{_REGISTER}, {today:%d.%m.%Y}")


def last_filed(sheet: ReportSheet) -> ReportSheet | None:
    """The newest filed report on the same form for an earlier year."""
    return db.session.scalars(
        select(ReportSheet)
        .join(Record, Record.id == ReportSheet.record_id)
        .where(
            ReportSheet.organisation_id == sheet.organisation_id,
            ReportSheet.form == sheet.form,
            ReportSheet.place == sheet.place,
            ReportSheet.year < sheet.year,
            Record.state.in_(FILED),
            Record.trashed_at.is_(None),
        )
        .order_by(ReportSheet.year.desc(), ReportSheet.revision.desc())
        .limit(1)
    ).first()


def _card_of_register(sheet: ReportSheet, form: Form, today: date) -> None:
    """Form 1: requisites as they stand in the register today."""
    member = history.member_on(sheet.organisation_id, today)
    source = f"{_REGISTER}, {today:%d.%m.%Y}"
    for table in form.tables:
        if not table.is_single:
            continue
        known = {
            name: member.get(OF_REGISTER[name])
            for name in table.by_name
            if OF_REGISTER.get(name) in FIELDS and member.get(OF_REGISTER[name])
        }
        if known:
            row = next(r for r in opening_rows(sheet, table))
            put(sheet, table, row, known, source, today)


def opening_rows(sheet: ReportSheet, table: Table) -> list[ReportRow]:
    """Rows of a table in order."""
    wanted = select(ReportRow).where(ReportRow.record_id == sheet.record_id, ReportRow.table == table.code)
    return list(db.session.scalars(wanted.order_by(ReportRow.position)))


def put(
    sheet: ReportSheet, table: Table, row: ReportRow, values: Mapping[str, Any], source: str, today: date
) -> None:
    """Write known values into a row with their source; figures of the sheet follow."""
    origins = dict(row.origins)
    for name, value in values.items():
        column = table.by_name.get(name)
        if column is None or column.computed:
            continue
        cell = cells.read(column, value, today, {})
        if cell.error is None and cell.value not in (None, ""):
            cells.put(row, name, cell)
            origins[name] = source
    row.origins = origins
    lacking, wrong = cells.judge(table, row)
    sheet.lacking += lacking - row.lacking
    sheet.wrong += wrong - row.wrong
    row.lacking, row.wrong = lacking, wrong


def _add_rows(sheet: ReportSheet, table: Table, rows: Iterable[Mapping[str, Any]], source: str) -> None:
    today = parameters.today()
    needed = sum(column.required for column in table.columns)
    for number, values in enumerate(rows, start=1):
        row = new_row(sheet, table, number * opening.STEP)
        sheet.rows, sheet.wanted, sheet.lacking = (
            sheet.rows + 1,
            sheet.wanted + needed,
            sheet.lacking + needed,
        )
        row.lacking = needed
        put(sheet, table, row, values, source, today)


def new_row(sheet: ReportSheet, table: Table, position: int) -> ReportRow:
    """An empty row at a place; the caller counts it."""
    row = ReportRow(uid=str(uuid4()), record_id=sheet.record_id, table=table.code, position=position)
    row.cells, row.notes, row.marks, row.origins = {}, {}, {}, {}
    row.version, row.stamp, row.wrong, row.lacking, row.removed = 1, sheet.stamp, 0, 0, False
    db.session.add(row)
    return row


def _people(organisation_id: int) -> tuple[str, list[dict[str, Any]]]:
    """Specialists of НРС whom the register knows."""
    wanted = select(MemberSpecialist).where(
        MemberSpecialist.organisation_id == organisation_id, MemberSpecialist.employed_to.is_(None)
    )
    found = []
    for person in db.session.scalars(wanted.order_by(MemberSpecialist.name)):
        last, first, middle = [*person.name.split(maxsplit=2), "", "", ""][:3]
        found.append(
            {
                "last_name": last,
                "first_name": first,
                "middle_name": middle,
                "specialist_role": "chief",
                "employment_kind": "main" if person.main_work else "part_time",
                "hire_date": _iso(person.employed_from),
                "hire_order": person.order_number,
                "is_nrs": person.is_listed,
                "nrs_number": person.nrs_number,
                "nrs_date": _iso(person.nrs_on),
                "nrs_status": "active" if person.is_listed else "excluded",
                "nok_date": _iso(person.assessed_on),
            }
        )
    return "employee", found


def _contracts(organisation_id: int) -> tuple[str, list[dict[str, Any]]]:
    """Contracts in force by the register."""
    wanted = select(Contract).where(
        Contract.organisation_id == organisation_id, Contract.status.in_(("active", "suspended"))
    )
    return "contract", [
        {
            "contract_number": one.number,
            "contract_date": _iso(one.made_on),
            "subject": one.subject,
            "object_name": one.subject,
            "work_kind": one.kind,
            "member_role": one.member_role,
            "customer_name": one.customer,
            "customer_inn": one.customer_inn,
            "price_initial": str(one.price),
            "price_current": str(one.price),
            "start_plan": _iso(one.starts_on),
            "end_plan": _iso(one.ends_on),
            "status": one.status,
        }
        for one in db.session.scalars(wanted.order_by(Contract.made_on))
    ]


def _policies(organisation_id: int) -> tuple[str, list[dict[str, Any]]]:
    """Policies that the register knows."""
    wanted = select(InsurancePolicy).where(InsurancePolicy.organisation_id == organisation_id)
    return "policies", [
        {
            "policy_kind": "annual",
            "insurer_name": one.insurer,
            "insurer_license": one.licence,
            "insurer_address": one.address,
            "insurer_phone": one.phone,
            "policy_number": one.number,
            "policy_date": _iso(one.starts_on),
            "start_date": _iso(one.starts_on),
            "end_date": _iso(one.ends_on),
            "insured_sum": str(one.amount),
            "subject": one.subject,
        }
        for one in db.session.scalars(wanted.order_by(InsurancePolicy.ends_on))
    ]


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""
