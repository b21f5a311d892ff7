"""The campaign: start, tasks, reminders, the dashboard and its workbook."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest

from desk import events
from messaging.model import Notification
from records import parameters, service
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from reports import analytics, campaign, section, sending, wiring
from tests.reports.filled import ORDER, insert, nil, opened, with_order


@pytest.mark.requirement("F-13")
def test_a_campaign_gives_every_member_a_task_with_the_usual_term(curator, head, stranger):
    entry = campaign.start(curator, 2026)
    assert entry.due_on == date(2027, 3, 1)
    lines = db.session.query(Notification).filter(Notification.text.contains("кампания за 2026")).all()
    assert {head.user_id, stranger.user_id} <= {line.user_id for line in lines}
    listed = events.events(head, date(2027, 3, 1), date(2027, 3, 31), date(2026, 11, 21))
    assert [(e.title, e.url) for e in listed] == [("Срок отчёта за 2026 год", "/reports?year=2026")]
    with pytest.raises(Refused, match="уже начата"):
        campaign.start(curator, 2026)
    assert section.of(head, head.organisation_id, 2026).has_campaign


def test_a_term_on_a_day_off_moves_to_the_next_working_day():
    assert campaign.usual_term(2025) == date(2026, 3, 2)  # 1 March 2026 is a Sunday


def test_members_and_other_staff_do_not_start_campaigns(head, accountant, curator):
    for who in (head, accountant):
        with pytest.raises(Forbidden):
            campaign.start(who, 2026)
    with pytest.raises(Invalid):
        campaign.start(curator, 2026, asked=("f99",))
    with pytest.raises(Invalid):
        campaign.start(curator, 2025, due_on=date(2020, 3, 1))


@pytest.mark.requirement("F-13")
def test_only_those_who_have_not_filed_are_reminded_and_each_once(curator, head, stranger):
    due_on = parameters.today() + timedelta(days=7)
    campaign.start(curator, 2026, due_on=due_on, asked=("f8",))
    sending.submit(head, nil(head, "f8"))
    assert wiring.remind() == 1
    assert wiring.remind() == 0
    line = db.session.query(Notification).filter(Notification.text.contains("не полностью")).one()
    assert line.user_id == stranger.user_id


@pytest.mark.requirement("F-13")
def test_the_dashboard_shows_who_filed_what_is_wrong_and_the_totals(curator, head, stranger):
    campaign.start(curator, 2026, asked=("f8", "f10"))
    sending.submit(head, nil(head, "f8"))
    record_id = opened(head, "f10")
    insert(head, record_id, "orders", {**ORDER, "fine": "50 000", "due_date": "01.11.2026"})
    sending.submit(head, record_id)
    opened(stranger, "f10")
    found = analytics.summary(curator, 2026)
    assert {line.name: line.stage for line in found.members} == {
        "ООО «Ромашка»": "filed",
        "АО «Лютик»": "begun",
    }
    assert {line.form: dict(line.counts) for line in found.forms}["f10"] == {"filed": 1, "draft": 1}
    assert any("росрочено" in t.title for t in found.troubles)
    assert [(title, str(total)) for title, total, _ in found.totals] == [("Штрафы, руб.", "50000.00")]
    with pytest.raises(Forbidden):
        analytics.summary(head, 2026)


def test_the_workbook_of_a_campaign_keeps_its_types(curator, head):
    campaign.start(curator, 2026, asked=("f10",))
    record_id = opened(head, "f10")
    insert(head, record_id, "orders", {**ORDER, "fine": "50 000,50"})
    sending.submit(head, record_id)
    book = openpyxl.load_workbook(io.BytesIO(analytics.as_book(curator, 2026)))
    assert book["Итоги"]["B2"].value == 50000.5
    rows = {row[1].value: row for row in book["Члены СРО"].iter_rows(min_row=2)}
    assert rows["ООО «Ромашка»"][2].value == "Рассматривается"
    assert rows["ООО «Ромашка»"][3].value == 1


def test_a_prolonged_term_is_told(curator, head):
    campaign.start(curator, 2026)
    campaign.prolong(curator, 2026, date(2027, 3, 15))
    assert campaign.due(2026) == date(2027, 3, 15)
    assert db.session.query(Notification).filter(Notification.text.contains("15.03.2027")).count() >= 1


@pytest.mark.requirement("F-36")
def test_the_whole_bar_is_full_when_everything_can_be_sent(curator, head):
    campaign.start(curator, 2026, asked=("f8", "f10"))
    nil(head, "f8")
    assert section.of(head, head.organisation_id, 2026).percent == 50
    record_id = with_order(head)
    found = section.of(head, head.organisation_id, 2026)
    assert (found.percent, found.ready) == (100, 2)
    assert {bool(one.number) for one in sending.submit_all(head, 2026)} == {True}
    service.act(curator, record_id, "take")
    assert section.of(curator, head.organisation_id, 2026).percent == 100
