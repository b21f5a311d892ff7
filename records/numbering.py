"""Registration numbers: gapless, never reused, given inside the transaction that registers (records.md §3).

Numbers are never reused: the register is read by an inspector. The counter row is locked last, so that
a long approval does not stop the whole office; a rollback gives the number back.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from workflows.calendar import WorkingCalendar

from . import parameters
from .database import db
from .journals import Journal, journals, kind_mark
from .kinds import RecordKind
from .model import Counter, Number, Record
from .number_template import render
from .people import Organisation


def legal_date(received_at: datetime, zone: ZoneInfo) -> date:
    """The date a filing counts from: a filing on a non-working day belongs to the next working day.

    Calendar §3: «поступило в нерабочий день → дата регистрации следующий рабочий день».
    """
    day = received_at.astimezone(zone).date()
    calendar = WorkingCalendar.load()
    return day if calendar.is_working(day) else calendar.next_working_day(day)


def next_value(series: str, year: int) -> int:
    """Take the next value of a counter; its row stays locked until the transaction ends."""
    taken = db.session.execute(
        update(Counter)
        .where(Counter.series == series, Counter.year == year)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is not None:
        return int(taken)
    try:
        with db.session.begin_nested():
            db.session.execute(insert(Counter).values(series=series, year=year, value=1))
    except IntegrityError:  # another transaction opened the year at the same moment
        return next_value(series, year)
    return 1


def issue(record: Record, kind: RecordKind, verb: str, *, on: date, at: datetime) -> Number | None:
    """Give the number that this move of this kind gives, unless the record has it already."""
    code = kind.numbers.get(verb)
    if code is None:
        return None
    journal = journals()[code]
    series = series_of(journal, record)
    if any(
        isinstance(new, Number) and (new.record_id, new.series) == (record.id, series)
        for new in db.session.new
    ):
        return None
    # A record without a number of its own has none in any series: nothing to look up at its first filing.
    if record.number_text is not None and _has_number(record, series):
        return None
    year = on.year if journal.yearly else 0
    seq = next_value(series, year)
    text = number_text(journal, kind, record, seq, on)
    number = Number(
        record_id=record.id,
        series=series,
        year=year,
        seq=seq,
        text=text,
        direction=journal.direction,
        issued_on=on,
        issued_at=at,
    )
    db.session.add(number)
    return number


def _has_number(record: Record, series: str) -> bool:
    query = select(Number.id).where(Number.record_id == record.id, Number.series == series).limit(1)
    return db.session.execute(query).first() is not None


def series_of(journal: Journal, record: Record) -> str:
    """The counter a number is taken from: the journal itself, or the journal within its meeting."""
    return journal.code


def number_text(journal: Journal, kind: RecordKind, record: Record, seq: int, on: date) -> str:
    template = str(parameters.get(f"numbering.{journal.code}", journal.template, on=on))
    asks_company = "{reg" in template or "{inn" in template
    organisation = (
        db.session.get(Organisation, record.organisation_id)
        if record.organisation_id and asks_company
        else None
    )
    return render(
        template,
        seq=seq,
        on=on,
        case=record.case_index or kind.case_index,
        journal=journal.code,
        kind=kind_mark(kind.name),
        register_number=(organisation.register_number or "") if organisation else "",
        inn=(organisation.inn or "") if organisation else "",
    )


def latest_date(series: str) -> date | None:
    """The date of the last number of a series: a later number may not bear an earlier date."""
    return db.session.scalar(
        select(Number.issued_on).where(Number.series == series).order_by(Number.id.desc()).limit(1)
    )
