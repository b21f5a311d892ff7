"""Reminders before and after the term, the head's list, the daily letter."""

from __future__ import annotations

from datetime import timedelta

import pytest

from messaging import digest, notify, preferences, reminders
from messaging.model import MailMessage
from records import parameters, service
from records.database import db, gate, writing
from records.model import Record
from tests.world import submitted


def due(record, days):
    with writing(gate()):
        db.session.get(Record, record.id).due_on = parameters.today() + timedelta(days=days)
        db.session.commit()


def reminders_of(actor):
    return [line.text for line in notify.lines(actor, group="deadlines")]


@pytest.mark.requirement("R-30")
@pytest.mark.parametrize(
    ("days", "text"),
    [
        (5, None),
        (3, "до срока 3\u00a0дня"),
        (1, "до срока 1\u00a0день"),
        (0, "срок сегодня"),
        (-1, "срок прошёл"),
    ],
)
def test_the_assignee_is_reminded_in_time(world, head, clerk, days, text):
    due(submitted(head), days)
    reminders.remind()
    reminders.remind()
    found = reminders_of(clerk)
    assert found == [] if text is None else (len(found) == 1 and found[0].startswith(text))


def test_no_reminder_while_the_term_stands_still(world, head, clerk):
    record = submitted(head)
    due(record, -1)
    with writing(gate()):
        db.session.get(Record, record.id).paused_on = parameters.today()
        db.session.commit()
    reminders.remind()
    assert reminders_of(clerk) == []


@pytest.mark.requirement("R-30")
def test_the_head_gets_one_list_of_what_is_overdue(world, head, director):
    numbers = []
    for _ in range(3):
        record = submitted(head)
        numbers.append(record.number_text)
        due(record, -2)
    reminders.remind()
    reminders.remind()
    letters = db.session.query(MailMessage).filter(MailMessage.to_address == "director@baikal.example").all()
    assert len(letters) == 1
    assert all(number in letters[0].text for number in numbers)
    assert "Канцелярова" in letters[0].text
    assert reminders_of(director) == ["просрочено: 3\u00a0документа"]


@pytest.mark.requirement("U-08", "C-43")
def test_five_events_of_a_record_are_one_line_of_the_daily_letter(world, head, curator, drain):
    with writing(gate()):
        user = db.session.merge(world.users["head"])
        preferences.choose(user, {"documents": "daily", "messages": "daily"})
        db.session.commit()
    record = submitted(head)
    other = submitted(head)
    for number in range(4):
        service.remark(curator, record.id, f"Вопрос {number}", public=True)
    drain(["event"])
    digest.send_all()
    digest.send_all()
    letters = db.session.query(MailMessage).filter(MailMessage.about == "digest").all()
    assert [letter.to_address for letter in letters] == ["head@member.example"]
    assert (
        letters[0].text.count(f"/records/{record.id}\n") + letters[0].text.count(f"/records/{record.id}:")
        == 1
    )
    assert "всего событий: 5" in letters[0].text and f"/records/{other.id}" in letters[0].text


def test_what_was_read_is_not_in_the_daily_letter(world, head, drain):
    with writing(gate()):
        preferences.choose(db.session.merge(world.users["head"]), {"documents": "daily"})
        db.session.commit()
    record = submitted(head)
    drain(["event"])
    notify.seen(head, record.id)
    digest.send_all()
    assert db.session.query(MailMessage).filter(MailMessage.about == "digest").count() == 0
