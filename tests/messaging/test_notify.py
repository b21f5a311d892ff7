"""Notices: the right people, one line, never an internal word to a member, never to the one who acted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from messaging import notify, preferences, pulse
from messaging.model import MailMessage, Notification
from records import service
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, now, writing
from records.model import Outbox
from tests.world import submitted


def lines_of(actor):
    return notify.lines(actor)


def texts(actor):
    return [event["text"] for line in lines_of(actor) for event in line.events]


@pytest.mark.requirement("C-43", "U-08")
def test_filing_gives_the_member_one_line_and_the_employee_one(world, head, clerk, curator, drain):
    submitted(head)
    drain(["event"])
    assert [line.count for line in lines_of(head)] == [1]
    assert [line.count for line in lines_of(clerk)] == [1]
    assert texts(clerk) == ["вам поручено исполнение"]


def test_nobody_is_told_of_what_he_did_himself(world, head, clerk, drain):
    record = submitted(head)
    drain(["event"])
    before = len(texts(clerk))
    service.remark(clerk, record.id, "Уточните адрес", public=True)
    drain(["event"])
    assert len(texts(clerk)) == before


@pytest.mark.requirement("R-12", "C-43")
def test_an_internal_remark_reaches_no_member_in_any_form(world, head, proxy, clerk, curator, drain):
    record = submitted(head)
    drain(["event"])
    told = {who: texts(who) for who in (head, proxy)}
    service.remark(curator, record.id, "СЕКРЕТ: проверить подпись", public=False)
    drain(["event"])
    drain(["notice"])
    assert {who: texts(who) for who in (head, proxy)} == told
    assert "новое внутреннее замечание" in texts(clerk)
    letters = db.session.query(MailMessage).all()
    assert not any("СЕКРЕТ" in letter.text for letter in letters)


def test_a_stranger_and_a_specialist_who_did_not_write_it_hear_nothing(
    world, head, specialist, stranger, drain
):
    submitted(head)
    drain(["event"])
    assert (texts(specialist), texts(stranger)) == ([], [])


@pytest.mark.requirement("U-08")
def test_five_events_of_a_record_in_an_hour_are_one_line(world, head, clerk, curator, drain):
    record = submitted(head)
    for number in range(4):
        service.remark(curator, record.id, f"Вопрос {number}", public=True)
    drain(["event"])
    lines = lines_of(head)
    assert [(line.count, len(line.events)) for line in lines] == [(5, 5)]


def test_an_event_handled_twice_is_told_once(world, head, clerk, drain):
    record = submitted(head)
    jobs = [
        notify.outbox.Job(row.id, row.topic, row.key, row.payload, 0)
        for row in db.session.query(Outbox).filter(Outbox.topic == "event")
    ]
    notify.event_jobs(jobs)
    notify.event_jobs(jobs)
    assert [line.count for line in lines_of(head)] == [1]
    assert lines_of(head)[0].record_id == record.id


@pytest.mark.requirement("C-15")
def test_a_new_item_raises_the_counters_and_reading_lowers_them(world, head, curator, drain):
    record = submitted(head)
    service.remark(curator, record.id, "Пришлите устав", public=True)
    drain(["event"])
    assert pulse.counters(head).as_dict() == {"notifications": 0, "messages": 1, "incoming": 0}
    notify.seen(head, record.id)
    assert pulse.counters(head) == pulse.Counters()


@pytest.mark.requirement("C-15")
def test_a_paper_taken_by_a_colleague_is_no_longer_new_for_the_rest(world, head, clerk, curator, drain):
    record = submitted(head)
    drain(["event"])
    assert pulse.counters(clerk).incoming == 1
    service.assign(clerk, record.id, curator.user_id, reason="по теме")
    drain(["event"])
    assert (pulse.counters(clerk).incoming, pulse.counters(curator).incoming) == (0, 1)


def _due_now(topic):
    with writing(gate()):
        db.session.query(Outbox).filter(Outbox.topic == topic).update(
            {"run_at": now() - timedelta(seconds=1)}
        )
        db.session.commit()


@pytest.mark.requirement("C-43")
def test_a_burst_is_one_letter_with_number_and_link(world, head, curator, drain):
    record = submitted(head)
    service.remark(curator, record.id, "Пришлите устав", public=True)
    drain(["event"])
    _due_now("notice")
    drain(["notice", "mail"])
    letters = db.session.query(MailMessage).filter(MailMessage.to_address == "head@member.example").all()
    assert len(letters) == 1
    assert f"/records/{record.id}" in letters[0].text and record.number_text in letters[0].subject
    assert letters[0].state == "sent"


def test_what_was_read_in_the_cabinet_is_not_written_by_mail(world, head, drain):
    record = submitted(head)
    drain(["event"])
    notify.seen(head, record.id)
    _due_now("notice")
    drain(["notice"])
    assert db.session.query(MailMessage).filter(MailMessage.to_address == "head@member.example").count() == 0


def test_a_letter_is_not_written_when_the_person_does_not_want_it(world, head, drain):
    user = world.users["head"]
    with writing(gate()):
        preferences.choose(user, {"documents": "off"})
        db.session.commit()
    submitted(head)
    drain(["event"])
    assert [line.mail_state for line in lines_of(head)] == [""]


@pytest.mark.requirement("C-43")
def test_legal_notices_cannot_be_switched_off(world, head):
    user = world.users["head"]
    preferences.choose(user, {"legal": "off", "documents": "daily", "nonsense": "off", "views": "sometimes"})
    assert (preferences.chosen(user, "legal"), preferences.chosen(user, "documents")) == ("now", "daily")
    assert user.preferences["mail"] == {"documents": "daily"}


@pytest.mark.requirement("R-33")
def test_a_subscription_tells_once_for_a_key(world, head):
    with writing(gate()):
        first = notify.tell(
            [head.user_id], "новых: 2", "/records?open=1", subject="Мои", group="views", key="v:1"
        )
        again = notify.tell(
            [head.user_id], "новых: 2", "/records?open=1", subject="Мои", group="views", key="v:1"
        )
        db.session.commit()
    assert (first, again, len(lines_of(head))) == (1, 0, 1)


@pytest.mark.requirement("C-28")
def test_lines_of_one_company_are_not_shown_while_working_for_another(world, head):
    with writing(gate()):
        for company in (world.company.id, world.other_company.id):
            notify.tell([head.user_id], "новое", "/", organisation_id=company)
        db.session.commit()
    assert [line.organisation_id for line in lines_of(head)] == [world.company.id]
    assert pulse.counters(head).notifications == 1


def test_a_line_of_another_person_cannot_be_read(world, head, proxy):
    with writing(gate()):
        notify.tell([proxy.user_id], "новое", "/")
        db.session.commit()
    line = db.session.query(Notification).one()
    assert notify.read(head, line.id) is None
    assert notify.read(SYSTEM_ACTOR, line.id) is None
