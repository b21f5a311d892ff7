"""What reports do after commits and by the clock; app.py connects it once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, time, timedelta

from sqlalchemy import select

from archive import integrity
from desk import events
from messaging import notify
from records import outbox, parameters, timers
from records.actor import AUTHORISED_ROLES, SYSTEM_ACTOR
from records.database import db
from records.model import Record
from records.people import Organisation, Seat
from records.service import work
from records.service.moving import continue_as_system

from . import books, calendar_lines, campaign, controls
from .model import ReportControl, ReportPackage

WARN_DAYS = (60, 30, 7, 0)
"""Days before something ends at which both sides are told (C-35)."""


def connect() -> None:
    """Name the handlers of the outbox, the clock and the places that ask reports."""
    outbox.on("report_book", books.book_jobs, batch=5)
    timers.daily("reports.controls", night, at=time(3, 0))
    timers.daily("reports.reminders", remind, at=time(8, 15))
    timers.every("reports.signatures", 300, accept_signed)
    if calendar_lines.events not in events.sources:
        events.sources.append(calendar_lines.events)
    if _package_bytes not in integrity.also_kept:
        integrity.also_kept.append(_package_bytes)


def _package_bytes() -> Iterable[str]:
    return db.session.scalars(select(ReportPackage.sha256)).all()


def night() -> int:
    """Warnings are counted anew: what was good yesterday may have ended."""
    with work(SYSTEM_ACTOR):
        return controls.refresh_all(parameters.today())


def remind() -> int:
    """Terms of campaigns, and what ends soon by the filed forms."""
    with work(SYSTEM_ACTOR) as unit:
        return campaign.remind() + _tell_of_ends(unit.today)


def _tell_of_ends(today: date) -> int:
    days = [today + timedelta(days=left) for left in WARN_DAYS]
    wanted = select(ReportControl).where(ReportControl.due_on.in_(days))
    told = 0
    for control in db.session.scalars(wanted).all():
        company = db.session.get(Organisation, control.organisation_id)
        if company is None or control.due_on is None:
            continue
        about = f": {control.row_title}" if control.row_title else ""
        text = f"{control.text}{about}"[:300]
        who = hashlib.sha256(control.row_title.encode()).hexdigest()[:12]
        key = f"control:{control.organisation_id}:{control.field}:{who}:{control.due_on}:{today}"
        url = f"/reports/{control.record_id}"
        told += notify.tell(
            _seated(control.organisation_id), text, url, organisation_id=control.organisation_id, key=key
        )
        if company.curator_id:
            staff = [company.curator_id]
            told += notify.tell(staff, f"{company.short_name}: {text}", url, key=f"{key}:s")
    return told


def _seated(organisation_id: int) -> list[int]:
    wanted = select(Seat.user_id).where(
        Seat.organisation_id == organisation_id, Seat.role.in_(AUTHORISED_ROLES)
    )
    return list(db.session.scalars(wanted))


def accept_signed() -> int:
    """Signed reports whose signature has been verified meanwhile are accepted; the rest wait."""
    ids = db.session.scalars(select(Record.id).where(Record.kind == "report", Record.state == "signed")).all()
    return sum(continue_as_system(record_id, "accept") for record_id in ids)
