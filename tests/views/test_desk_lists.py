"""Lists, news, settings, the calendar and the trash, as their pages show them."""

from __future__ import annotations

import io

import pytest

from records import query, service
from records.database import db
from records.model import Record
from tests.world import draft, submitted


@pytest.mark.requirement("R-33", "U-05")
def test_a_saved_view_is_on_the_start_page_with_its_counter(world, head, browser_of):
    submitted(head)
    page = browser_of("clerk")
    page.post("/views", {"title": "Неразобранные", "query": "state=registered", "alerts": "1"})
    text = page.get("/").text
    assert "Неразобранные" in text
    assert 'chip-count">1<' in text


@pytest.mark.requirement("R-33")
def test_the_owner_of_a_view_is_told_once_of_what_is_new(world, head, clerk, browser_of):
    from desk import alerts
    from messaging import notify

    submitted(head)
    browser_of("clerk").post("/views", {"title": "Неразобранные", "query": "state=registered", "alerts": "1"})
    db.session.rollback()
    alerts.tell_all()
    assert [line for line in notify.lines(clerk) if "Неразобранные" in line.text] == []
    submitted(head)
    alerts.tell_all()
    alerts.tell_all()
    assert len([line for line in notify.lines(clerk) if "Неразобранные" in line.text]) == 1


@pytest.mark.requirement("U-05")
def test_a_colleague_sees_by_the_link_only_what_he_may(world, head, browser_of):
    record = submitted(head)
    link = f"/records?state=registered&columns=title,organisation&number={record.number_text}"
    assert record.title in browser_of("clerk").get(link).text
    assert record.title not in browser_of("stranger").get(link).text


def test_somebody_elses_view_is_not_dropped(world, clerk, browser_of):
    from desk.model import SavedView

    browser_of("clerk").post("/views", {"title": "Мой", "query": "mine=1"})
    view = db.session.scalars(db.select(SavedView)).one()
    assert browser_of("curator").post(f"/views/{view.id}/drop").status_code == 404
    assert browser_of("clerk").post(f"/views/{view.id}/drop").status_code == 302


@pytest.mark.parametrize(
    "url",
    [
        "/records?sort=нет&after=zzz&kind=нет&date_from=32.13.2026&organisation=x",
        "/records?after=-1&columns=,,",
        "/calendar?month=2026-99",
        "/calendar?month=кот",
        "/archive?after=x&kind=нет",
        "/desk?at=abc",
        "/samples/нет",
        "/news?topic=нет",
        "/journals?journal=in&period_from=x",
    ],
)
def test_a_broken_address_breaks_nothing(url, world, browser_of):
    assert browser_of("clerk").get(url).status_code in (200, 404)


def test_a_number_template_is_tried_before_it_is_kept(world, browser_of):
    page = browser_of("admin")
    trial = page.post(
        "/settings/numbering", {"journal": "in", "template": "В-{seq}/{yyyy}", "verb": "try"}
    ).text
    assert "Следующий номер будет: В-1/2026" in trial
    wrong = page.post("/settings/numbering", {"journal": "in", "template": "без номера", "verb": "save"})
    assert wrong.status_code == 422


def test_a_template_of_next_year_leaves_this_year_alone_and_stays_in_the_history(world, head, browser_of):
    page = browser_of("admin")
    later = {"journal": "in", "template": "НОВ-{seq}/{yyyy}", "verb": "save", "valid_from": "2031-01-01"}
    page.post("/settings/numbering", later)
    assert "НОВ-{seq}/{yyyy} — с 01.01.2031" in page.get("/settings/numbering").text
    assert submitted(head).number_text.startswith("Вх-")


def test_a_rule_is_not_changed_with_a_past_date(world, browser_of):
    rule = {"kind": "letter", "contains": "", "role": "sro_lawyer", "valid_from": "2020-01-01"}
    page = browser_of("admin").post("/settings/routing", rule)
    assert page.status_code == 422
    assert "Задним числом" in page.text


def test_office_with_a_wrong_inn_is_not_kept(world, browser_of):
    page = browser_of("admin").post("/settings/office", {"full_name": "СРО", "inn": "123"})
    assert page.status_code == 422


def test_a_term_out_of_range_is_refused(world, browser_of):
    page = browser_of("admin").post("/settings/terms", {"code": "DL_LETTER", "value": "9999", "verb": "save"})
    assert page.status_code == 422


@pytest.mark.requirement("R-06")
def test_a_routing_rule_sends_the_next_filing_to_its_department(world, head, browser_of):
    rule = {"kind": "letter", "contains": "", "role": "sro_lawyer"}
    assert browser_of("admin").post("/settings/routing", rule).status_code == 302
    db.session.rollback()
    db.session().info.clear()
    assert db.session.get(Record, submitted(head).id).assignee_id == world.users["lawyer"].id


@pytest.mark.requirement("R-44", "U-15")
def test_a_draft_in_the_trash_comes_back(world, head, browser_of):
    record = draft(head)
    page = browser_of("head")
    page.post(f"/records/{record.id}/trash")
    assert record.title in page.get("/trash").text
    assert record.title not in browser_of("clerk").get("/trash").text
    page.post(f"/records/{record.id}/restore")
    assert record.title not in page.get("/trash").text


@pytest.mark.requirement("X-08")
def test_the_list_goes_out_as_excel_with_only_visible_rows(world, head, stranger, browser_of):
    from openpyxl import load_workbook

    record = submitted(head)
    answer = browser_of("clerk").get("/records/export?state=registered")
    if answer.status_code == 404:
        answer = browser_of("clerk").get("/records.xlsx?state=registered")
    book = load_workbook(io.BytesIO(answer.data))
    assert record.number_text in {str(c.value) for row in book.active.iter_rows() for c in row}


@pytest.mark.requirement("C-44")
def test_the_calendar_shows_the_term_of_a_visible_record_only(world, head, browser_of):
    record = submitted(head)
    month = f"{query.get(head, record.id).due_on:%Y-%m}"
    assert record.title in browser_of("head").get(f"/calendar?month={month}&view=list").text
    assert record.title not in browser_of("stranger").get(f"/calendar?month={month}&view=list").text


@pytest.mark.requirement("C-52")
def test_the_reference_names_the_curator_and_the_requisites(world, browser_of):
    text = browser_of("head").get("/reference").text
    assert "Кураторова Нина Львовна" in text
    assert "3808641522" in text


@pytest.mark.requirement("C-18", "C-16")
def test_news_by_topic_and_pinned_notice_by_role(world, clerk, browser_of):
    for subject, topic in (("О взносах", "dues"), ("О законах", "law")):
        made = service.create(clerk, "news", fields={"subject": subject, "text": "Текст", "topic": topic})
        service.act(clerk, made.id, "publish")
    notice = {
        "subject": "Совет",
        "text": "т",
        "topic": "meeting",
        "pinned": True,
        "audience": ["member_head", "member_proxy"],
    }
    service.act(clerk, service.create(clerk, "announcement", fields=notice).id, "publish")
    feed = browser_of("head").get("/news?topic=dues").text
    assert "О взносах" in feed
    assert "О законах" not in feed
    assert "Совет" in browser_of("head").get("/").text
    assert "Совет</a>" not in browser_of("specialist").get("/").text
