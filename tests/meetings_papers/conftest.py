"""A small СРО that calls an absentee meeting; days pass by the clock of the unit of work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from meetings import preparing
from meetings.model import Meeting
from meetings.service import here
from records.database import db
from records.service import work
from tests.world import add_user

ZONE = ZoneInfo("Europe/Moscow")


def at(day: str, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}:00").replace(tzinfo=ZONE)


@pytest.fixture
def board(app, world) -> list[int]:
    """Three people of the counting board, by their accounts."""
    with app.app_context():
        found = [
            add_user(f"Счётов {name}", f"counter{n}@baikal.example", ("comm_counting",))
            for n, name in enumerate(("Иван Ильич", "Пётр Саввич", "Яков Олегович"))
        ]
        for n, user in enumerate(found):
            world.users[f"counter{n}"] = user
        db.session.commit()
        return [user.id for user in found]


@pytest.fixture
def plan(board: list[int]) -> dict[str, Any]:
    """A lawful plan of an absentee meeting called on 23.11.2026."""
    chair, secretary, member = (f"u{user}" for user in board)
    return {
        "subject": "Заочное собрание",
        "form": "absentee",
        "kind": "regular",
        "basis": "charter",
        "basis_document": "Устав, п. 8.4",
        "place": "664025, г. Иркутск, ул. Примерная, д. 1",
        "intake_opens_at": "2026-12-02T09:00",
        "intake_closes_at": "2026-12-14T18:00",
        "counting_at": "2026-12-15T11:00",
        "channels": ["cabinet", "email", "paper"],
        "counting_chair": chair,
        "counting_secretary": secretary,
        "counting_members": [member],
        "decision_number": "51-26",
        "decision_on": "2026-11-20",
        "contact": "Настройкин П. П., +7 (3952) 00-00-00",
        "agenda": [
            {"title": "Утверждение отчёта совета", "draft": "Утвердить отчёт совета за 2025 год"},
            {"title": "Утверждение сметы", "draft": "Утвердить смету на 2027 год"},
        ],
    }


@pytest.fixture
def on(world) -> Callable[..., Any]:
    """Do something on a day: `on("12-03", taking.send_ballot, "head", record_id, marks)`."""

    def act(day: str, verb: Callable[..., Any], who: str, *args: Any, **more: Any) -> Any:
        actor = world.actor(who)
        clock = more.pop("clock", "12:00")
        with here().turn(), work(actor, at=at(day, clock)):
            found = verb(actor, *args, **more)
        return found

    return act


@pytest.fixture
def called(ctx, world, plan, on) -> int:
    """The record of the meeting, called and noticed on 23.11.2026."""
    record = preparing.begin(world.actor("secretary"), plan)
    record_id = record.id
    on("11-23", preparing.call, "secretary", record_id)
    assert db.session.query(Meeting).count() == 1
    return record_id
