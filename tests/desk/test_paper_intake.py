"""A letter on paper is registered on one screen: its number, the shelf of the original, no double."""

from __future__ import annotations

from datetime import date

import pytest

from records import query
from records.actor import SYSTEM_ACTOR
from records.database import db
from records.model import Record

PAPER = {
    "kind": "letter",
    "organisation": "7701677668",
    "subject": "О переносе проверки",
    "channel": "post",
    "received_on": "2026-11-20",
    "their_number": "15/к",
    "their_date": "2026-11-12",
    "original_place": "Шкаф 2, полка 3",
    "once": "token-1",
}


@pytest.mark.requirement("R-23", "R-05")
def test_a_paper_letter_gets_its_number_and_the_shelf(browser_of, ctx):
    clerk = browser_of("clerk")
    answer = clerk.post("/intake/paper", PAPER)
    record = db.session.scalars(db.select(Record)).one()
    assert answer.location.endswith(f"/records/{record.id}")
    assert record.number_text.startswith("Вх-00001/")
    assert (record.channel, record.original_place, record.their_number) == ("post", "Шкаф 2, полка 3", "15/к")
    queue = clerk.get("/intake").text
    assert "О переносе проверки" in queue
    assert "Почта" in queue


def test_a_double_click_registers_once(browser_of, ctx):
    clerk = browser_of("clerk")
    clerk.post("/intake/paper", PAPER)
    clerk.post("/intake/paper", PAPER)
    assert db.session.query(Record).count() == 1


def test_an_unknown_member_is_said_by_the_field_and_nothing_is_lost(browser_of, ctx):
    page = browser_of("clerk").post("/intake/paper", {**PAPER, "organisation": "Неизвестные"})
    assert page.status_code == 422
    assert "Не нашли такого члена СРО" in page.text
    assert "О переносе проверки" in page.text


def test_a_stranger_correspondent_may_write_too(browser_of, ctx):
    paper = {**PAPER, "organisation": "", "correspondent": "Прокуратура Иркутской области"}
    browser_of("clerk").post("/intake/paper", paper)
    assert db.session.scalars(db.select(Record)).one().correspondent == "Прокуратура Иркутской области"


def test_only_the_clerk_takes_paper(browser_of, ctx):
    assert browser_of("curator").get("/intake/paper").status_code == 403
    assert browser_of("head").get("/intake").status_code == 403
    assert query.listing(SYSTEM_ACTOR, query.ListQuery(), date(2026, 11, 21)).total == 0


def test_the_librarys_own_messages_are_russian(browser_of, ctx):
    page = browser_of("clerk").post("/intake/paper", {**PAPER, "sheets": "много", "their_date": "вчера"}).text
    assert "Not a valid" not in page
    assert "Неправильное" in page or "Некорректн" in page or "Неверн" in page
