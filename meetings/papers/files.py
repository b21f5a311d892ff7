"""Which documents a meeting has now, and each of them made anew from its journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from documents.model import Organisation
from documents.paper import Paper
from meetings import preparing
from meetings.casebook import read_case
from meetings.charter import Charter
from meetings.model import JournalEntry
from meetings.result import result
from meetings.service import here
from meetings.state import begin
from records import parameters
from records.database import db
from records.errors import NotFound, Refused
from records.model import Number, Record

from . import calling, lists, protocol, regulation
from .dossier import Book, Dossier, MemberLine, Person, Question


def dossier_of(record: Record) -> Dossier:
    """The meeting's dossier: from the journal once it is called, else from the plan."""
    plan = preparing.plan_of(record.id)
    meeting_id = preparing.meeting_of(record.id)
    if meeting_id is None:
        found, read, case = preparing.examined(plan.body)
        if read is None:
            raise Refused([row.title for row in found if not row.is_passed])
        state = begin(read_case(case))
        return Dossier(state, result(state, []), read_book(preparing.book_of(plan.body, parameters.today())))
    room = here().room(meeting_id)
    book = read_book({**plan.book, **_numbers(record.id)})
    return Dossier(room.state, room.result(), book, _times(meeting_id))


def _times(meeting_id: int) -> dict[str, datetime]:
    """When accepted things happened, by the journal."""
    rows = db.session.execute(
        select(JournalEntry.body, JournalEntry.verdict)
        .where(JournalEntry.meeting_id == meeting_id, JournalEntry.kind == "event")
        .order_by(JournalEntry.seq)
    )
    found = {}
    for body, verdict in rows:
        if json.loads(verdict).get("verdict") != "refused":
            event = json.loads(body)
            found[event["type"]] = datetime.fromisoformat(event["at"])
    return found


def _numbers(record_id: int) -> dict[str, Any]:
    """Numbers of sheets and ballots registered for this meeting."""
    sheets: dict[str, str] = {}
    days: dict[str, str] = {}
    ballots: dict[int, str] = {}
    rows = db.session.scalars(
        select(Record)
        .join(Number, Number.record_id == Record.id)
        .where(
            Record.kind.in_(("registration_sheet", "ballot")),
            Record.payload["meeting"].as_integer() == record_id,
        )
        .order_by(Record.id)
    )
    for row in rows:
        if row.kind == "ballot":
            ballots[int(str(row.payload.get("entry") or 0))] = row.number_text or ""
        elif row.registered_on:
            sheets[f"m{row.organisation_id}"] = row.number_text or ""
            days[f"m{row.organisation_id}"] = row.registered_on.isoformat()
    return {"sheet_numbers": sheets, "sheet_days": days, "ballot_numbers": ballots}


def read_book(kept: dict[str, Any]) -> Book:
    """The frozen names as values."""
    office = kept.get("office") or {}
    day = kept.get("decision_on")
    return Book(
        sro=Organisation(
            full_name=office.get("full_name") or "Саморегулируемая организация",
            short_name=office.get("short_name") or "",
            address=office.get("address") or "",
            phones=(office["phone"],) if office.get("phone") else (),
            email=office.get("email") or "",
        ),
        members={key: MemberLine(**row) for key, row in (kept.get("members") or {}).items()},
        people={key: Person(**row) for key, row in (kept.get("people") or {}).items()},
        questions={key: Question(**row) for key, row in (kept.get("questions") or {}).items()},
        decision_number=kept.get("decision_number") or "",
        decision_on=date.fromisoformat(day) if day else None,
        protocol_number=kept.get("protocol_number") or "",
        identification=kept.get("identification") or "cabinet",
        evidence=kept.get("evidence") or "",
        contact=kept.get("contact") or "",
        guests=tuple(kept.get("guests") or ()),
        count_is_filmed=bool(kept.get("count_is_filmed")),
        sheet_numbers=kept.get("sheet_numbers") or {},
        sheet_days={key: date.fromisoformat(text) for key, text in (kept.get("sheet_days") or {}).items()},
        ballot_numbers=kept.get("ballot_numbers") or {},
    )


_ALWAYS: dict[str, tuple[str, Callable[[Dossier], Paper]]] = {
    "decision": ("Решение совета о созыве", calling.decision),
    "notice": ("Извещение", calling.notice),
}
_AFTER: dict[str, tuple[str, Callable[[Dossier], Paper]]] = {
    "protocol": ("Протокол общего собрания", protocol.protocol),
    "counting": ("Протокол счётной комиссии", lists.counting),
}
_LIVE: dict[str, tuple[str, Callable[[Dossier], Paper]]] = {
    "participants": ("Список участников", lists.live_list),
    "credentials": ("Протокол мандатной комиссии", lists.credentials),
}
_WRITTEN: dict[str, tuple[str, Callable[[Dossier], Paper]]] = {
    "senders": ("Список направивших бюллетени", lists.absentee_list),
    "inventory": ("Опись бюллетеней", lists.inventory),
}


def available(dossier: Dossier, *, is_staff: bool) -> dict[str, str]:
    """Documents by their short names; members read those of a called meeting, boards' ones when "
    "all is counted."""
    found = {key: title for key, (title, _) in _ALWAYS.items()}
    if not dossier.state.is_called:
        return found
    if (is_staff and dossier.plan.has_live_part) or dossier.state.closed:
        found |= {key: title for key, (title, _) in _LIVE.items()} if dossier.plan.has_live_part else {}
    if dossier.state.counted and dossier.plan.has_absentee_part:
        found |= {key: title for key, (title, _) in _WRITTEN.items()}
    if dossier.outcome in {"held", "failed"} and (is_staff or not protocol.missing(dossier)):
        found |= {key: title for key, (title, _) in _AFTER.items()}
    return found


def paper(dossier: Dossier, name: str, *, is_staff: bool) -> Paper:
    """One of the available documents."""
    if name not in available(dossier, is_staff=is_staff):
        raise NotFound
    return {**_ALWAYS, **_AFTER, **_LIVE, **_WRITTEN}[name][1](dossier)


def regulation_of(charter: Charter, office: dict[str, Any], at: Any) -> Paper:
    return regulation.regulation(charter, read_book({"office": office}).sro, at)
