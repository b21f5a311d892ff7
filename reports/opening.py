"""Beginning a form: the record, its sheet, rows of its cards, what is known already."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import func, select

from records import parameters, policy, query, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.kinds import registry
from records.model import Record
from records.service import Work, work

from . import editions
from .model import ReportRow, ReportSheet

STEP = 1 << 20
"""Rows stand so far apart that twenty can be put between any two before they are numbered anew."""


def find(actor: Actor, record_id: int) -> tuple[Record, ReportSheet]:
    """A report the actor may see. Raises NotFound."""
    record = query.get(actor, record_id)
    sheet = db.session.get(ReportSheet, record_id)
    if sheet is None:
        raise NotFound
    return record, sheet


def editable(unit: Work, record_id: int) -> tuple[Record, ReportSheet]:
    """A report the actor may write in, locked. Raises NotFound, Forbidden, Refused."""
    record = unit.lock(record_id)
    sheet = db.session.get(ReportSheet, record_id)
    if sheet is None:
        raise NotFound
    kind = registry.of(record)
    if policy.may_edit(unit.actor, record, kind):
        return record, sheet
    if record.state in kind.editable_in:
        raise Forbidden("Эту форму заполняет член СРО.")
    state = kind.state_title(record.state)
    raise Refused(f"Форма в состоянии «{state}»: изменить её нельзя. Начните новую редакцию или отзовите.")


def present(organisation_id: int, year: int, form: str = "") -> list[ReportSheet]:
    """The newest revision of every form of a member for a year."""
    wanted = (
        select(ReportSheet)
        .join(Record, Record.id == ReportSheet.record_id)
        .where(
            ReportSheet.organisation_id == organisation_id,
            ReportSheet.year == year,
            Record.trashed_at.is_(None),
            Record.state != "annulled",
        )
        .order_by(ReportSheet.revision)
    )
    if form:
        wanted = wanted.where(ReportSheet.form == form)
    newest = {(sheet.form, sheet.place): sheet for sheet in db.session.scalars(wanted)}
    order = {code: number for number, code in enumerate(editions.CODES)}
    return sorted(newest.values(), key=lambda sheet: (order.get(sheet.form, 99), sheet.place))


def open_form(actor: Actor, form: str, year: int, *, place: str = "", title: str = "") -> int:
    """The record of a form for a year: the one there is, or a new one with what is known put in."""
    if actor.organisation_id is None:
        raise Forbidden("Форму заполняет представитель члена СРО.")
    _known(form, year)
    for sheet in present(actor.organisation_id, year, form):
        if sheet.place == place:
            return sheet.record_id
    with work(actor):
        record = service.create(actor, "report", fields={"form": form, "year": year, "object": title})
        sheet = _sheet(record.id)
        sheet.place = place
        from . import prefill  # the register and last year are asked only when a form begins

        prefill.fill(record, sheet)
        return record.id


def revise(actor: Actor, record_id: int) -> int:
    """A new revision of a form that stands approved or further; the former one stays as it is (F-06)."""
    record, sheet = find(actor, record_id)
    if record.state in ("draft", "returned"):
        return record_id
    if record.state in ("submitted", "registered", "in_review"):
        raise Refused("Форма на проверке: отзовите её или дождитесь решения куратора.")
    newest = [s for s in present(sheet.organisation_id, sheet.year, sheet.form) if s.place == sheet.place]
    if newest and newest[0].record_id != record_id:
        return newest[0].record_id
    with work(actor):
        fields = {"form": sheet.form, "year": sheet.year, "object": (record.payload or {}).get("object")}
        made = service.create(actor, "report", fields=fields)
        own = _sheet(made.id)
        own.place, own.is_nil, own.based_on = sheet.place, sheet.is_nil, record_id
        from . import duplicate

        duplicate.copy_all(sheet, own)
        service.link(actor, made.id, record_id, "supplements")
        return made.id


def _sheet(record_id: int) -> ReportSheet:
    sheet = db.session.get(ReportSheet, record_id)
    assert sheet is not None
    return sheet


def _known(form: str, year: int) -> None:
    if form not in editions.CODES:
        raise Invalid({"form": ["Нет такой формы."]})
    if not 2000 <= year <= parameters.today().year + 1:
        raise Invalid({"year": ["Отчётный год вне допустимых пределов."]})


def begin(unit: Work) -> None:
    """Effect of creation: the sheet, and a row for every card of the form."""
    record = unit.record
    assert record is not None
    payload = dict(record.payload or {})
    code, year = str(payload.get("form") or ""), int(str(payload.get("year") or 0))
    _known(code, year)
    if record.organisation_id is None:
        raise Invalid({"organisation": ["Отчёт подаёт организация."]})
    form, edition = editions.current(code, year)
    record.payload = {**payload, "form_number": form.number, "form_title": form.title}
    about = f" · {payload['object']}" if payload.get("object") else ""
    record.title = f"Форма {form.number} за {year} год: {form.title}{about}"[:500]
    last = db.session.scalar(
        select(func.max(ReportSheet.revision)).where(
            ReportSheet.organisation_id == record.organisation_id,
            ReportSheet.form == code,
            ReportSheet.year == year,
        )
    )
    sheet = ReportSheet(
        record_id=record.id,
        organisation_id=record.organisation_id,
        form=code,
        year=year,
        revision=(last or 0) + 1,
        edition=edition,
        stamp=0,
        rows=0,
        wanted=0,
        lacking=0,
        wrong=0,
        place="",
        is_nil=False,
        changed_at=unit.at,
    )
    db.session.add(sheet)
    for table in form.tables:
        if table.is_single:
            needed = sum(column.required for column in table.columns)
            row = ReportRow(
                uid=str(uuid4()), record_id=record.id, table=table.code, position=STEP, lacking=needed
            )
            row.cells, row.notes, row.marks, row.origins = {}, {}, {}, {}
            row.version, row.stamp, row.wrong, row.removed = 1, 0, 0, False
            db.session.add(row)
            sheet.wanted += needed
            sheet.lacking += needed
    db.session.flush()
