"""Control warnings of a form, told with what the register and the other forms say; kept for lists and
reminders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, insert, select

from forms.printed_cells import years_after
from forms.progress import day
from forms.warnings import TERMS, Control, Facts, Rows, Term, controls
from records import parameters
from records.actor import Actor
from records.database import db
from records.people import Organisation
from register import decisions, history
from register.member_fields import FIELDS
from workflows.calendar import WorkingCalendar

from . import editions, opening, sheets, titles
from .model import ReportControl, ReportRow, ReportSheet

# What of the entry in the register is what of form 1 (F-33, warning F1_REG_DIFF).
OF_REGISTER: Mapping[str, str] = {
    "full_name": "full_name", "short_name": "short_name", "member_type": "member_type", "inn": "inn",
    "kpp": "kpp", "ogrn": "ogrn", "state_reg_date": "state_reg_date", "register_number": "register_number",
    "register_date": "register_date", "legal_address": "legal_address", "postal_address": "postal_address",
    "phone": "phone", "email_official": "email_official", "website": "website", "head_fio": "head_name",
    "head_position": "head_position",
}  # fmt: skip


def facts(sheet: ReportSheet, rows: Rows, today: date) -> Facts:
    """What the rules are told besides the rows of the form."""
    member = history.member_on(sheet.organisation_id, today)
    vv, odo = decisions.tables(today)
    vv_level, odo_level = member.number("vv_level"), member.number("odo_level")
    others: dict[str, Rows] = {}
    if sheet.form in ("f1", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11"):
        others = _others(sheet)
    calendar = WorkingCalendar.load()
    return Facts(
        today=today,
        year=sheet.year,
        sro_kind=decisions.sro_kind(today),
        min_nrs=decisions.minimum_specialists(today),
        register={
            name: member.get(field)
            for name, field in OF_REGISTER.items()
            if field in FIELDS and member.get(field)
        },
        register_date=member.day("register_date"),
        vv_limit=_limit(vv, vv_level),
        odo_level=odo_level,
        odo_limit=_limit(odo, odo_level),
        others=others,
        documented=_documented(sheet, rows) if sheet.form == "f3" else None,
        insured_minimum=_insured(),
        add_working_days=calendar.add_working_days,
    )


def _limit(table: object, number: int | None) -> Decimal | None:
    from register.levels import Table

    assert isinstance(table, Table)
    if not number:
        return None
    found = table.level(number)
    return found.limit if found is not None else None


def _insured() -> Decimal | None:
    said = parameters.get("reports.insured_minimum")
    return Decimal(str(said)) if said else None


def _others(sheet: ReportSheet) -> dict[str, Rows]:
    wanted = {"f1", "f2", "f8"} - {sheet.form}
    return {
        one.form: sheets.content(one)
        for one in opening.present(sheet.organisation_id, sheet.year)
        if one.form in wanted
    }


def _documented(sheet: ReportSheet, rows: Rows) -> dict[str, frozenset[int]]:
    """Rows of form 3 that have a file: a leased thing without its contract is warned of (F-20)."""
    kept = sheets.files(sheet.record_id)
    return {
        table: frozenset(index for index, row in enumerate(listed) if kept.get(str(row.get("uid"))))
        for table, listed in rows.items()
    }


def of_sheet(sheet: ReportSheet, today: date) -> list[tuple[Control, str, str]]:
    """Every warning of a form as it stands now, with the uid and the name of its row."""
    if sheet.is_nil:
        return []
    rows = sheets.content(sheet)
    found = []
    for control in controls(sheet.form, rows, facts(sheet, rows, today), earlier=_earlier(sheet)):
        uid = name = ""
        listed = rows.get(control.table, [])
        if control.row is not None and control.row < len(listed):
            row = listed[control.row]
            uid, name = str(row["uid"]), titles.of_row(control.table, row)
        found.append((control, uid, name))
    return found


def _earlier(sheet: ReportSheet) -> Rows | None:
    """The period before, for form 7.1."""
    if sheet.form != "f7_1" or sheet.based_on is None:
        return None
    before = db.session.get(ReportSheet, sheet.based_on)
    return sheets.content(before) if before is not None else None


def shown(actor: Actor, record_id: int) -> list[dict[str, object]]:
    """The warnings of a form for its page."""
    _, sheet = opening.find(actor, record_id)
    return [
        {
            "code": control.code,
            "level": control.level,
            "text": control.text,
            "table": control.table,
            "uid": uid,
            "row": name,
            "column": control.field,
            "due_on": control.due_on.isoformat() if control.due_on else None,
        }
        for control, uid, name in of_sheet(sheet, parameters.today())
    ]


def refresh(sheet: ReportSheet, today: date) -> int:
    """Keep the warnings of a form as they are today; the caller commits."""
    db.session.execute(delete(ReportControl).where(ReportControl.record_id == sheet.record_id))
    rows: list[dict[str, object]] = [
        {
            "record_id": sheet.record_id,
            "organisation_id": sheet.organisation_id,
            "code": control.code,
            "level": control.level,
            "text": control.text[:500],
            "table": control.table,
            "row_uid": uid,
            "row_title": name,
            "field": control.field,
            "due_on": control.due_on,
        }
        for control, uid, name in of_sheet(sheet, today)
    ]
    near = {(row["row_uid"], row["field"], row["due_on"]) for row in rows}
    rows += [r for r in _coming(sheet, today) if (r["row_uid"], r["field"], r["due_on"]) not in near]
    if rows:
        db.session.execute(insert(ReportControl), rows)
    return len(rows)


_ENDS: Mapping[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    "f7": (("contract", "end_plan", "Окончание работ по договору", ("completed", "terminated")),),
    "f10": (("orders", "due_date", "Срок исполнения предписания", ("done", "cancelled")),),
    "f11": (("policies", "end_date", "Окончание полиса", ()),),
}
"""Days that stand in the calendar whether near or far: table, field, words, statuses that end the matter."""


def _coming(sheet: ReportSheet, today: date) -> list[dict[str, object]]:
    """Ends of documents, orders and policies, long before they warn (F-18, F-27, F-28)."""
    found: list[dict[str, object]] = []
    if sheet.is_nil:
        return found
    rows = sheets.live(sheet.record_id)
    for term in TERMS:
        for row in rows if term.form == sheet.form else ():
            since = day(row.cells.get(term.field)) if row.table == term.table else None
            if since is not None and term.applies(row.cells):
                until = years_after(since, term.years) if term.years else since
                text = f"{term_words(sheet, term)}: действует до {until:%d.%m.%Y}"
                found += _day_of(sheet, row, term.field, until, text, today)
    for table, field, words, ended in _ENDS.get(sheet.form, ()):
        for row in rows:
            until_day = day(row.cells.get(field)) if row.table == table else None
            if until_day is not None and row.cells.get("status") not in ended:
                found += _day_of(sheet, row, field, until_day, f"{words} {until_day:%d.%m.%Y}", today)
    return found


def term_words(sheet: ReportSheet, term: Term) -> str:
    """What a term is of, by the title of its field."""
    table = next((t for t in editions.of(sheet).tables if t.code == term.table), None)
    column = table.by_name.get(term.field) if table is not None else None
    return column.title if column is not None else term.text


def _day_of(
    sheet: ReportSheet, row: ReportRow, field: str, until: date, text: str, today: date
) -> list[dict[str, object]]:
    if until < today:
        return []
    return [
        {
            "record_id": sheet.record_id,
            "organisation_id": sheet.organisation_id,
            "code": "DAY",
            "level": "info",
            "text": text[:500],
            "table": row.table,
            "row_uid": row.uid,
            "row_title": titles.of_row(row.table, row.cells),
            "field": field,
            "due_on": until,
        }
    ]


def refresh_all(today: date, *, years: int = 2) -> int:
    """Every newest form of the last reporting years (the night)."""
    since = today.year - years
    companies = db.session.scalars(select(Organisation.id).where(Organisation.role == "member")).all()
    count = 0
    for organisation_id in companies:
        for year in range(since, today.year + 1):
            for sheet in opening.present(organisation_id, year):
                count += refresh(sheet, today) > 0
    return count
