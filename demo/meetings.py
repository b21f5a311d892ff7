"""Meetings of the demo: a remote and an absentee one of the past with their protocols, one called "
"and to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from meetings import people, preparing, taking
from meetings.service import here
from records import parameters
from records.actor import Actor
from records.database import db
from records.model import Record
from records.people import Organisation
from records.service import work

from .people import Town

MOST_MEMBERS = 300
"""A demo of thousands of members shows lists, not meetings: their notices alone would double its time."""
AGENDA = [
    {"title": title, "draft": draft, "speaker": speaker}
    for title, draft, speaker in (
        ("Утверждение отчёта совета", "Утвердить отчёт совета о работе за год", "Председателев П. С."),
        ("Утверждение сметы", "Утвердить смету СРО на следующий год", "Счетова О. Ф."),
        ("О размере членских взносов", "Сохранить размер членских взносов", "Директоров О. И."),
    )
]


def past(town: Town, start: datetime) -> int:
    """Two meetings held before the papers of the demo begin. Returns how many papers they made."""
    if len(town.companies) > MOST_MEMBERS:
        return 0
    _remote(town, _at(start - timedelta(days=120), 12))
    _absentee(town, _at(start - timedelta(days=60), 12))
    return _papers()


def coming(town: Town, end: datetime) -> int:
    """A remote meeting that is called today. Returns how many papers it made."""
    if len(town.companies) > MOST_MEMBERS:
        return 0
    before = _papers()
    plan = _remote_plan(town, end, ahead=28)
    _call(town, end, {**plan, "subject": "Очередное общее собрание", "decision_number": "74-26"})
    return _papers() - before


def _papers() -> int:
    return db.session.scalar(select(func.count()).select_from(Record)) or 0


def _at(moment: datetime, hour: int) -> datetime:
    return moment.astimezone(parameters.zone()).replace(hour=hour, minute=0, second=0, microsecond=0)


def _plan(town: Town, called_at: datetime) -> dict[str, Any]:
    """What both plans have in common."""
    board = [
        f"u{town.staff[role][0].user_id}" for role in ("comm_counting", "council_secretary", "sro_clerk")
    ]
    return {
        "kind": "regular",
        "basis": "charter",
        "basis_document": "Устав, п. 8.4",
        "place": "664025, г. Иркутск, ул. Примерная, д. 1",
        "counting_chair": board[0],
        "counting_secretary": board[1],
        "counting_members": [board[2]],
        "credentials_chair": f"u{town.staff['comm_mandate'][0].user_id}",
        "credentials_secretary": board[2],
        "decision_on": (called_at - timedelta(days=3)).date().isoformat(),
        "contact": "Настройкин П. П., +7 (3952) 00-00-00, office@demo.example",
        "identification": "cabinet",
        "evidence": "video",
        "agenda": AGENDA,
    }


def _remote_plan(town: Town, called_at: datetime, *, ahead: int) -> dict[str, Any]:
    starts = _at(called_at + timedelta(days=ahead), 10)
    return {
        **_plan(town, called_at),
        "form": "remote",
        "starts_at": starts.isoformat(),
        "registration_opens_at": _at(starts - timedelta(days=6), 9).isoformat(),
        "tool_name": "Видеозал",
        "tool_public": True,
        "tool_free": True,
        "voting_way": "кнопки кабинета",
    }


def _call(town: Town, at: datetime, body: Mapping[str, Any]) -> Record:
    secretary = town.staff["council_secretary"][0]
    with here().turn(), work(secretary, at=at):
        record = preparing.begin(secretary, body)
        preparing.call(secretary, record.id)
        return record


def _absentee(town: Town, at: datetime) -> None:
    """Most send ballots through the cabinet, one comes on paper; the board counts them."""
    body = {
        **_plan(town, at),
        "subject": "Заочное собрание",
        "form": "absentee",
        "intake_opens_at": _at(at + timedelta(days=16), 9).isoformat(),
        "intake_closes_at": _at(at + timedelta(days=30), 18).isoformat(),
        "counting_at": _at(at + timedelta(days=31), 11).isoformat(),
        "channels": ["cabinet", "email", "paper"],
        "decision_number": "51-24",
    }
    record_id = _call(town, at, body).id
    voters = _taking_part(town, at)
    sent = _at(at + timedelta(days=18), 11)
    for n, company in enumerate(voters[1:]):
        head = town.people[company.id][0]
        marks = {"q1": "for", "q2": "for" if n % 4 else "abstain", "q3": "against" if n % 5 == 0 else "for"}
        with here().turn(), work(head, at=sent + timedelta(minutes=7 * n)):
            taking.send_ballot(head, record_id, marks)
    clerk = town.staff["sro_clerk"][0]
    with here().turn(), work(clerk, at=_at(at + timedelta(days=29), 15)):
        spoilt: dict[str, object] = {"q1": "for", "q2": ["for", "against"], "q3": "for"}
        taking.take_ballot(
            clerk, record_id, voters[0].id, spoilt, channel="paper", is_signed=True, has_seal=True
        )
    counter = town.staff["comm_counting"][0]
    with here().turn(), work(counter, at=_at(at + timedelta(days=31), 11)):
        taking.count(counter, record_id)


def _remote(town: Town, at: datetime) -> None:
    """Sheets, the waiting room, three votes by buttons."""
    plan = {
        **_remote_plan(town, at, ahead=30),
        "subject": "Дистанционное собрание",
        "decision_number": "47-24",
    }
    record_id = _call(town, at, plan).id
    opens = datetime.fromisoformat(plan["registration_opens_at"])
    voters = _taking_part(town, at)
    for n, company in enumerate(voters):
        head = town.people[company.id][0]
        with here().turn(), work(head, at=opens + timedelta(minutes=3 * n + 5)):
            taking.hand_in_sheet(head, record_id)
    starts = datetime.fromisoformat(plan["starts_at"])
    members = [people.member_of(company.id) for company in voters]
    here().record(taking.hall(record_id), *_session(members, starts))
    secretary: Actor = town.staff["council_secretary"][0]
    with work(secretary, at=starts + timedelta(hours=1)):
        taking.finish(record_id)


def _taking_part(town: Town, called_at: datetime) -> list[Organisation]:
    """Three quarters of the members of that day that have a head with an account."""
    able = [company for company in people.companies(called_at.date()) if town.people.get(company.id)]
    return able[: max(len(able) * 3 // 4, len(able) // 2 + 1)]


def _session(members: list[str], starts: datetime) -> list[dict[str, Any]]:
    def event(minute: int, type_: str, **fields: Any) -> dict[str, Any]:
        return {"at": (starts + timedelta(minutes=minute)).isoformat(), "type": type_, **fields}

    half = len(members) // 5
    found = [
        event(-20, "code_entered", members=members),
        event(-15, "admitted", members=members),
        event(0, "list_closed"),
    ]
    for n in (1, 2, 3):
        item, minute = f"q{n}", 10 * n
        found.append(event(minute, "question_opened", item=item))
        found.append(event(minute + 1, "vote", members=members[half:], item=item, mark="for"))
        rest = "against" if n == 3 else "abstain"
        found.append(event(minute + 2, "vote", members=members[:half], item=item, mark=rest))
        found.append(event(minute + 4, "question_closed", item=item))
    return [*found, event(50, "meeting_closed")]
