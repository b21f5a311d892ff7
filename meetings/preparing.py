"""From the plan to the call: the draft is saved, checked, and called; every member gets a numbered notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from records import parameters, service
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db
from records.errors import Forbidden, NotFound, Refused
from records.model import Record
from records.people import Seat
from records.service import work

from . import people, planning
from .charter import PROVISIONS, Edition, in_force
from .facts import Case
from .kinds import PREPARE
from .model import Meeting, MeetingPlan
from .planning import Check
from .service import here

CHARTER = "meetings.charter"


def charter_on(day: date) -> Mapping[str, Any]:
    """The charter's provisions in force on a day: only what differs from the defaults."""
    editions = [
        Edition(row.valid_from, dict(row.value) if isinstance(row.value, dict) else {})
        for row in parameters.history(CHARTER)
    ]
    return in_force(editions, day).chosen


def set_charter(actor: Actor, chosen: Mapping[str, Any], *, since: date, document: str) -> None:
    """A new edition of the charter's provisions from a day on, with the decision that made it."""
    if not actor.roles & {"sro_admin", "sro_director"}:
        raise Forbidden("Положения устава меняет администратор по решению общего собрания.")
    faults = [PROVISIONS[name].fault(value) for name, value in chosen.items() if name in PROVISIONS]
    if any(faults):
        raise Refused([fault for fault in faults if fault])
    with work(actor):
        parameters.put(actor, CHARTER, dict(chosen), valid_from=since, note=document)


def plan_of(record_id: int) -> MeetingPlan:
    found = db.session.get(MeetingPlan, record_id)
    if found is None:
        raise NotFound
    return found


def meeting_of(record_id: int) -> int | None:
    """The journal of a called meeting."""
    return db.session.scalar(select(Meeting.id).where(Meeting.record_id == record_id))


def begin(actor: Actor, body: Mapping[str, Any]) -> Record:
    """A draft of a meeting."""
    with work(actor):
        record = service.create(actor, "meeting", fields=_card(body))
        db.session.add(MeetingPlan(record_id=record.id, body=dict(body), book={}))
        return record


def save(actor: Actor, record_id: int, body: Mapping[str, Any]) -> Record:
    """The plan as it stands now; files of items named before stay with them."""
    with work(actor) as unit:
        record = unit.lock(record_id)
        if record.state != "draft":
            raise Refused("Собрание уже созвано: его план не меняется.")
        service.save(actor, record_id, fields=_card(body))
        plan_of(record_id).body = dict(body)
        return record


def _card(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "subject": body.get("subject") or "Общее собрание членов СРО",
        "form": body.get("form") or "absentee",
    }


def examined(
    body: Mapping[str, Any], *, on: date | None = None
) -> tuple[list[Check], Case | None, dict[str, Any]]:
    """The checks of a plan, the case as the law reads it, and the same as JSON."""
    day = on or parameters.today()
    companies = people.companies(day)
    staff = people.named(people.staff())
    heads = {f"{people.member_of(one.id)}.head": one.head_name or one.short_name for one in companies}
    names = {**heads, **{key: row["name"] for key, row in staff.items()}}
    names |= {str(name): str(name) for row in body.get("agenda", []) for name in row.get("candidates") or []}
    case = planning.case_json(
        body,
        people.member_rows(companies),
        names,
        zone=str(parameters.zone()),
        charter=charter_on(day),
        name=str(body.get("subject") or "Общее собрание")[:200],
        director=_holder("sro_director"),
        clerk=_holder("council_secretary"),
    )
    found, read = planning.checks(body, case, day)
    return found, read, case


def _holder(role: str) -> str | None:
    """Who leads or keeps the minutes by office, unless the plan or the meeting says another (Z.11)."""
    seat = db.session.scalar(
        select(Seat).where(Seat.role == role, Seat.organisation_id.is_(None)).order_by(Seat.id).limit(1)
    )
    return f"u{seat.user_id}" if seat else None


def call(actor: Actor, record_id: int) -> int:
    """Call the meeting: the journal is opened, the names are frozen, every member gets a notice. "
    "All or none."""
    if not actor.roles & PREPARE:
        raise Forbidden("Собрание созывает секретарь совета или директор по решению совета.")
    halls = here()
    with halls.turn(), work(actor) as unit:
        record = unit.lock(record_id)
        plan = plan_of(record_id)
        found, read, case = examined(plan.body, on=unit.today)
        if read is None or not all(row.is_passed for row in found):
            raise Refused([f"{row.title} ({row.norm})" for row in found if not row.is_passed])
        plan.book = book_of(plan.body, unit.today)
        service.act(actor, record_id, "activate")
        connection = db.session.connection()
        meeting_id = halls.open(case, record_id=record_id, within=connection)
        halls.record(meeting_id, {"at": unit.at.isoformat(), "type": "notice_sent"}, within=connection)
        if not halls.state(meeting_id, connection).is_called:
            raise Refused("Извещение не принято: проверьте сроки плана.")
        notify(record, plan, version=1)
    return meeting_id


def book_of(body: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Names and words the documents print, as they stand on a day."""
    office = parameters.get("office", {}, on=on)
    return {
        "office": dict(office) if isinstance(office, dict) else {},
        "members": people.cards(people.companies(on)),
        "people": people.named(people.staff()),
        "noticed_on": on.isoformat(),
        **{
            key: body.get(key, "")
            for key in ("decision_number", "decision_on", "contact", "identification", "evidence")
        },
        "questions": {
            f"q{n}": {"speaker": row.get("speaker", ""), "draft": row.get("draft", "")}
            for n, row in enumerate(body.get("agenda", []), 1)
        },
        "guests": list(body.get("guests") or []),
        "count_is_filmed": bool(body.get("count_is_filmed")),
    }


def notify(record: Record, plan: MeetingPlan, *, version: int) -> int:
    """A numbered notice to every member by the e-mail the register has now (M-18, M-20)."""
    cards = plan.book["members"]
    assert isinstance(cards, dict)
    agenda = "\n".join(f"{n}. {row['title']}" for n, row in enumerate(_rows(plan), 1))
    what = "Изменённая повестка" if version > 1 else "Извещение о собрании"
    for member, card in cards.items():
        notice = service.create(
            SYSTEM_ACTOR,
            "meeting_notice",
            organisation_id=people.organisation_of(member),
            fields={
                "subject": f"{what}: {record.title}",
                "text": f"{what} «{record.title}».\n\nПовестка дня:\n{agenda}\n\nМатериалы, бюллетень и лист "
                "регистрации – в разделе «Собрания» личного кабинета.",
                "address": card["email"] or "личный кабинет (адреса в реестре нет)",
                "agenda_version": version,
                "meeting": record.id,
            },
        )
        service.act(SYSTEM_ACTOR, notice.id, "sign")
    return len(cards)


def _rows(plan: MeetingPlan) -> list[dict[str, Any]]:
    rows = plan.body.get("agenda", [])
    return rows if isinstance(rows, list) else []


def add_materials(actor: Actor, record_id: int, found: Mapping[str, list[int]]) -> None:
    """Files of items by their places in the agenda (M-19)."""
    with work(actor) as unit:
        unit.lock(record_id)
        plan = plan_of(record_id)
        known = plan.body.get("files")
        kept: dict[str, list[int]] = dict(known) if isinstance(known, dict) else {}
        for place, ids in found.items():
            kept[place] = [*kept.get(place, []), *ids]
        plan.body = {**plan.body, "files": kept}
