"""Pages and the table's addresses, as a browser meets them."""

from __future__ import annotations

import io
import json
import re

import pytest

from records import service
from records.database import db
from records.model import Record
from reports import campaign, sending
from tests.reports.filled import ORDER, insert, nil, opened, with_order


@pytest.mark.requirement("F-01")
def test_a_member_opens_the_section_and_begins_a_form(world, head, browser_of):
    browser = browser_of("head")
    page = browser.get("/reports?year=2026").text
    assert "Деятельность члена СРО" in page
    assert "Сведения о страховании" in page
    assert "01.03.2027" in page
    began = browser.get("/reports/begin/f10/2026")
    assert began.status_code == 302
    assert browser.get(began.headers["Location"]).status_code == 200


def test_rows_are_read_and_saved_by_the_table(world, head, browser_of):
    record_id = opened(head, "f10")
    browser = browser_of("head")
    base = f"/reports/{record_id}"
    answer = browser.patch(
        f"{base}/tables/orders/rows", json={"changes": [{"insert": {"after": None, "cells": ORDER}}]}
    )
    said = answer.get_json()
    assert answer.status_code == 200
    assert (said["conflicts"], len(said["rows"]), said["progress"]["percent"]) == ([], 1, 100)
    read = browser.get(f"{base}/tables/orders?from=0&count=50").get_json()
    assert (read["total"], read["rows"][0]["no"]) == (1, 1)
    assert read["rows"][0]["cells"]["order_number"] == {"v": "17-П"}
    refused = browser.patch(f"{base}/tables/orders/rows", json={"changes": "all"})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid")
    assert browser.get(f"{base}/tables/nothing").status_code == 404


def test_fields_pastes_files_and_remarks_have_their_addresses(world, head, curator, browser_of):
    record_id = opened(head, "f10")
    browser, base = browser_of("head"), f"/reports/{record_id}"
    assert browser.patch(f"{base}/fields", json={"fields": {"nil": True}}).get_json()["nil"] is True
    browser.patch(f"{base}/fields", json={"fields": {"nil": False}})
    preview = browser.post(
        f"{base}/tables/orders/paste", json={"payload": "17-П\n", "at": {"column": "order_number"}}
    )
    token = preview.get_json()["token"]
    done = browser.post(f"{base}/tables/orders/paste/{token}", json={}).get_json()
    (uid,) = done["added"]
    sent = browser.post(f"{base}/rows/{uid}/files", {"file": (io.BytesIO(b"paper"), "paper.txt")})
    assert [f["slot"] for f in sent.get_json()["files"]] == [f"row:{uid}"]
    assert len(browser.get(f"{base}/rows/{uid}/files").get_json()["files"]) == 1
    book = browser.get(f"{base}/tables/orders/export.xlsx")
    back = browser.post(f"{base}/tables/orders/upload", {"file": (io.BytesIO(book.data), "Форма 10.xlsx")})
    assert back.get_json()["error"] is None
    insert(head, record_id, "orders", ORDER)
    browser.patch(f"{base}/tables/orders/rows", json={"changes": [{"delete": uid}]})
    sending.submit(head, record_id)
    staff = browser_of("curator")
    kept = staff.get(f"{base}/tables/orders").get_json()["rows"][0]["uid"]
    said = staff.post(f"{base}/cells/orders/{kept}/norm/remarks", json={"text": "Какая норма?"}).get_json()
    assert [r["column"] for r in said["remarks"]] == ["norm"]
    assert "Какая норма?" in staff.get(f"{base}/view").text


def test_the_pulse_is_not_sent_twice(world, head, browser_of):
    record_id = with_order(head)
    browser = browser_of("head")
    first = browser.get(f"/reports/{record_id}/pulse?since=0")
    assert first.get_json()["rows"]["orders"]
    again = browser.get(
        f"/reports/{record_id}/pulse?since=0", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.requirement("F-07", "F-08")
def test_the_member_sends_and_the_curator_decides_on_the_pages(world, head, curator, browser_of):
    record_id = with_order(head)
    member, staff = browser_of("head"), browser_of("curator")
    assert staff.get(f"/reports/{record_id}").status_code == 404
    sent = member.post(f"/reports/{record_id}/submit")
    assert sent.headers["Location"].endswith(f"/reports/{record_id}")
    assert "вх. №" in member.get(f"/reports/{record_id}").text.lower()
    staff.post(f"/reports/{record_id}/act/take")
    staff.post(f"/reports/{record_id}/act/return", {"note": "Нет нормы"})
    assert db.session.get(Record, record_id, populate_existing=True).state == "returned"
    assert "Отклонена" in member.get("/reports?year=2026").text


def test_ready_forms_are_sent_by_one_button(world, head, browser_of):
    nil(head, "f8")
    opened(head, "f2")
    browser = browser_of("head")
    assert "Отправить готовые" in browser.get("/reports?year=2026").text
    page = browser.post("/reports/submit/2026", follow_redirects=True).text
    assert "Отправлено форм: 1" in page
    assert "Форма 2 не отправлена" in page


@pytest.mark.requirement("F-13")
def test_the_campaign_is_started_and_read_on_its_page(world, curator, head, browser_of):
    browser = browser_of("curator")
    assert "кампания не начата" in browser.get("/reports/campaigns").text
    browser.post("/reports/campaigns", {"year": "2026", "forms": ["f8", "f10"], "due_on": "2027-03-10"})
    sending.submit(head, nil(head, "f8"))
    page = browser.get("/reports/campaigns?year=2026").text
    assert "10.03.2027" in page
    assert "1 из 2" in page
    assert browser.get("/reports/campaigns/2026.xlsx").data[:2] == b"PK"
    assert browser.get(f"/reports?organisation={head.organisation_id}&year=2026").status_code == 200
    assert browser_of("head").get("/reports/campaigns").status_code == 403
    assert campaign.due(2026).isoformat() == "2027-03-10"


@pytest.mark.requirement("F-38")
def test_the_builder_adds_a_column_on_its_page(world, curator, browser_of):
    browser = browser_of("curator")
    browser.post("/reports/forms/f10/draft")
    sent = {"title": "Кем выявлено", "kind": "enum", "choices": "Проверкой\nЗаказчиком", "required": "1"}
    browser.post("/reports/forms/f10/tables/orders/columns", sent)
    assert "Кем выявлено" in browser.get("/reports/forms/f10").text
    browser.post("/reports/forms/f10/publish", {"year": "2026", "note": "Решение Совета"})
    page = browser.get("/reports/forms/f10").text
    assert "Решение Совета" in page
    assert browser.get("/reports/forms").status_code == 200
    assert browser_of("head").get("/reports/forms").status_code == 403


@pytest.mark.requirement("X-01")
def test_the_queue_to_1c_has_a_page_and_a_published_scheme(world, browser, browser_of):
    assert "Пакетов ещё нет" in browser_of("curator").get("/reports/packages").text
    assert b"urn:sro-cabinet:exchange:1.0" in browser.get("/reports/packages/scheme.xsd").data
    assert browser_of("head").get("/reports/packages").status_code == 403


@pytest.mark.requirement("F-12")
def test_years_and_the_reading_page_open(world, head, curator, browser_of):
    record_id = with_order(head)
    service.act(head, record_id, "submit")
    browser = browser_of("curator")
    assert "17-П" in browser.get(f"/reports/{record_id}/view").text
    assert "2026" in browser.get(f"/reports/{record_id}/years").text
    assert json.loads(browser.get(f"/reports/{record_id}/faults").data)["errors"] == []


def test_a_form_is_filled_without_script(world, head, browser_of):
    browser = browser_of("head")
    first = opened(head, "f1")
    browser.post(f"/reports/{first}/plain/bank", {"bank_name": "Банк «Ангара»", "bik": "12"})
    page = browser.get(f"/reports/{first}/plain").text
    assert "Банк «Ангара»" in page
    assert 'aria-invalid="true"' in page
    record_id = opened(head, "f10")
    shown = browser.post(
        f"/reports/{record_id}/plain/orders/preview", {"payload": "Номер\tДата\n17-П\t01.10.2026\n"}
    )
    assert "Предпросмотр" in shown.text
    address = re.search(r'action="([^"]*/apply/[^"]+)"', shown.text)[1]
    assert "новых строк 1" in browser.post(address, follow_redirects=True).text
    browser.post(f"/reports/{record_id}/plain/nil", {"nil": "1"})
    assert "есть строки" in browser.get(f"/reports/{record_id}/plain").text
