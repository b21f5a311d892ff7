"""What reports put into the calendar: terms of campaigns, ends of qualifications, policies, orders and
stages."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from desk.events import Event
from records import query
from records.actor import Actor
from records.database import db
from records.model import Record
from records.people import Organisation

from .model import ReportCampaign, ReportControl, ReportSheet


def events(actor: Actor, since: date, until: date, today: date) -> list[Event]:
    """Days of reports within a period that the person may see."""
    found = _terms(since, until, today)
    wanted = (
        select(ReportControl, Organisation.short_name)
        .join(Record, Record.id == ReportControl.record_id)
        .join(Organisation, Organisation.id == ReportControl.organisation_id)
        .join(ReportSheet, ReportSheet.record_id == Record.id)
        .where(
            query.visible(actor),
            Record.trashed_at.is_(None),
            ReportControl.due_on >= since,
            ReportControl.due_on <= until,
        )
        .order_by(ReportControl.due_on, ReportControl.record_id)
        .limit(500)
    )
    seen = set()
    for control, company in db.session.execute(wanted):
        place = (control.organisation_id, control.due_on, control.row_title, control.field)
        if place in seen or control.due_on is None:
            continue
        seen.add(place)
        whose = f"{company}: " if actor.is_staff else ""
        about = f" ({control.row_title})" if control.row_title else ""
        found.append(
            Event(
                control.due_on,
                f"{whose}{control.text}{about}",
                "Отчёт",
                control.record_id,
                "due",
                control.due_on < today,
                f"/reports/{control.record_id}",
            )
        )
    return found


def _terms(since: date, until: date, today: date) -> list[Event]:
    wanted = select(ReportCampaign).where(ReportCampaign.due_on >= since, ReportCampaign.due_on <= until)
    return [
        Event(
            one.due_on,
            f"Срок отчёта за {one.year} год",
            "Отчётная кампания",
            0,
            "event",
            one.due_on < today,
            f"/reports?year={one.year}",
        )
        for one in db.session.scalars(wanted)
    ]
