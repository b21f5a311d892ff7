"""A remote meeting of the small СРО that begins now: the sheet is in, the boards sit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from meetings.model import MeetingPlan
from meetings.service import here
from records import service
from records.database import db, now
from records.people import Organisation
from records.service import work


def moment(**ago: int) -> str:
    return (now() - timedelta(**ago)).isoformat(timespec="seconds")


@pytest.fixture
def member(world) -> str:
    return f"m{world.company.id}"


@pytest.fixture
def other(world) -> str:
    return f"m{world.other_company.id}"


@pytest.fixture
def begun(ctx, world, member, other) -> Callable[..., int]:
    """`begun()`: a meeting whose hour has come; its record's id."""

    def begin(form: str = "remote", **plan: Any) -> int:
        secretary, control = world.actor("secretary"), world.actor("control")
        with work(secretary):
            record = service.create(secretary, "meeting", fields={"subject": "Собрание", "form": form})
            companies = db.session.query(Organisation).filter(Organisation.role == "member").all()
            cards = {f"m{one.id}": {"name": one.short_name, "email": ""} for one in companies}
            db.session.add(MeetingPlan(record_id=record.id, body={}, book={"members": cards}))
            service.act(secretary, record.id, "activate")
            record_id = record.id
        board = {"chair": f"u{control.user_id}", "secretary": f"u{secretary.user_id}", "members": []}
        officers = {f"u{one.user_id}": one.name for one in (secretary, control, world.actor("proxy"))}
        officers |= {"c1": "Иванов И. И.", "c2": "Петров П. П."}
        meeting = {
            "form": form,
            "kind": "regular",
            "place": "г. Иркутск",
            "basis": {"kind": "charter", "document": "Устав, п. 8.4"},
            "starts_at": moment(minutes=5),
            "registration": {"opens_at": moment(days=3)},
            "chair": f"u{secretary.user_id}",
            "secretary": f"u{secretary.user_id}",
            "counting_board": board,
            "credentials_board": board,
            "tool": {"name": "Видеозал", "public": True, "free": True, "special_gear": False},
            "voting_way": "кнопки кабинета",
            "evidence": {"kind": "chat"},
            **plan,
        }
        if form != "remote":
            for name in ("registration", "tool", "voting_way", "evidence"):
                meeting.pop(name)
        case = {
            "format": "meeting-scenario/1",
            "id": "room",
            "sro": {"zone": "Asia/Irkutsk"},
            "people": officers,
            "members": [{"ids": member}, {"ids": other}],
            "meeting": meeting,
            "agenda": [
                {"id": "q1", "class": "ordinary", "title": "Отчёт совета"},
                {
                    "id": "q2",
                    "class": "ordinary",
                    "title": "Избрание ревизора",
                    "kind": "election",
                    "secret": True,
                    "candidates": ["c1", "c2"],
                    "seats": 1,
                },
            ],
        }
        meeting_id = here().open(case, record_id=record_id)
        rows: list[dict[str, Any]] = [{"at": moment(days=40), "type": "notice_sent"}]
        if form == "remote":
            rows.append({"at": moment(days=4 - 2), "type": "registration_sheet", "members": [member, other]})
        verdicts = here().record(meeting_id, *rows)
        assert [row.word for row in verdicts] == ["accepted"] * len(rows)
        db.session.rollback()  # what this session has read is older than the journal
        return record_id

    return begin
