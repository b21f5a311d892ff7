"""Pages of notices, journals and subscriptions: who may open them and what they show."""

from __future__ import annotations

import pytest

from messaging import mail, notify
from messaging.model import MailMessage, Webhook
from records import service
from records.database import db, gate, writing
from tests.world import submitted


@pytest.mark.requirement("C-15")
def test_the_pulse_answers_304_until_something_happens(world, head, curator, drain, browser_of):
    record = submitted(head)
    page = browser_of("head")
    first = page.get("/pulse")
    assert first.json == {"notifications": 0, "messages": 0, "incoming": 0}
    same = page.get("/pulse", headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    service.remark(curator, record.id, "Пришлите устав", public=True)
    drain(["event"])
    news = page.get("/pulse", headers={"If-None-Match": first.headers["ETag"]})
    assert (news.status_code, news.json["messages"]) == (200, 1)


def test_the_pulse_of_an_ended_session_is_401(browser):
    assert browser.get("/pulse").status_code == 401


@pytest.mark.requirement("C-15", "U-08")
def test_opening_the_record_lowers_the_counter_at_once(world, head, drain, browser_of):
    record = submitted(head)
    drain(["event"])
    page = browser_of("head")
    assert page.get("/pulse").json["notifications"] == 1
    page.get(f"/records/{record.id}")
    assert page.get("/pulse").json["notifications"] == 0


def test_the_list_leads_to_the_record_and_marks_the_line_read(world, head, drain, browser_of):
    record = submitted(head)
    drain(["event"])
    line = notify.lines(head)[0]
    page = browser_of("head")
    text = page.get("/notifications").text
    assert record.number_text in text and f"/notifications/{line.id}" in text
    answer = page.get(f"/notifications/{line.id}")
    assert answer.headers["Location"] == f"/records/{record.id}"
    assert page.get("/pulse").json["notifications"] == 0


def test_a_line_never_leads_out_of_the_site(world, head, browser_of):
    with writing(gate()):
        notify.tell([head.user_id], "новое", "//evil.example/x")
        db.session.commit()
    line = notify.lines(head)[0]
    assert browser_of("head").get(f"/notifications/{line.id}").headers["Location"] == "/notifications"


def test_all_is_read_by_one_button(world, head, drain, browser_of):
    submitted(head)
    drain(["event"])
    page = browser_of("head")
    page.post("/notifications/read")
    assert page.get("/pulse").json == {"notifications": 0, "messages": 0, "incoming": 0}


@pytest.mark.requirement("C-43")
def test_preferences_are_kept_and_the_legal_group_stays(world, browser_of):
    page = browser_of("head")
    page.post("/notifications/preferences", {"documents": "daily", "legal": "off"})
    text = page.get("/notifications/preferences").text
    assert '<option value="daily" selected>' in text
    assert 'name="legal" aria-describedby="hint-legal" disabled' in text


@pytest.mark.requirement("X-10")
def test_an_undelivered_letter_is_seen_in_the_report_and_sent_again_to_a_right_address(
    world, clerk, browser_of
):
    with writing(gate()):
        mail_id = mail.send("не адрес", "О проверке", "plain", {"lines": ["Текст"]})
        db.session.commit()
    page = browser_of("clerk")
    assert "не доставлено" in page.get("/mail?state=failed").text
    page.post(f"/mail/{mail_id}/resend", {"to": "right@member.example"})
    db.session.expire_all()
    letter = db.session.get(MailMessage, mail_id)
    assert (letter.state, letter.to_address) == ("queued", "right@member.example")


def test_members_do_not_open_the_journals(world, browser_of):
    page = browser_of("head")
    assert {page.get(url).status_code for url in ("/mail", "/mail/intake", "/webhooks", "/webhooks/new")} == {
        403
    }


def test_a_one_time_link_is_not_shown_in_the_journal(world, browser_of):
    with writing(gate()):
        mail_id = mail.send(
            "head@member.example", "Вход", "plain", {"lines": ["ссылка-12345"]}, about="reset"
        )
        db.session.commit()
    assert "ссылка-12345" not in browser_of("admin").get(f"/mail/{mail_id}").text


def test_the_demo_mailbox_shows_the_letter(world, browser):
    with writing(gate()):
        mail_id = mail.send(
            "head@member.example", "Вход", "plain", {"lines": ["ссылка-12345"]}, about="reset"
        )
        db.session.commit()
    assert "Вход" in browser.get("/mailbox").text
    assert "ссылка-12345" in browser.get(f"/mailbox/{mail_id}").text


@pytest.mark.requirement("X-13")
def test_the_administrator_adds_a_subscription_and_private_addresses_are_refused(world, admin, browser_of):
    page = browser_of("admin")
    owner = f"{admin.user_id}:0"
    refused = page.post(
        "/webhooks/new", {"title": "1С", "url": "http://127.0.0.1/x", "owner": owner, "is_active": "1"}
    )
    assert refused.status_code == 422 and "внутренней сети" in refused.text
    page.post("/webhooks/new", {"title": "1С", "url": "https://8.8.8.8/x", "owner": owner, "is_active": "1"})
    hook = db.session.query(Webhook).one()
    shown = page.get(f"/webhooks/{hook.id}").text
    assert hook.secret in shown
    assert page.get(f"/webhooks/{hook.id}/edit").status_code == 200
    page.post(f"/webhooks/{hook.id}/ping")
    assert "Пробное событие" in page.get(f"/webhooks/{hook.id}").text


@pytest.mark.requirement("X-10", "R-04")
def test_an_undelivered_letter_is_seen_on_the_card_by_staff_alone(world, head, clerk, browser_of):
    record = submitted(head)
    with writing(gate()):
        mail.send("не адрес", "О проверке", "plain", {"lines": ["Текст"]}, record_id=record.id)
        db.session.commit()
    assert "не доставлено" in browser_of("clerk").get(f"/records/{record.id}").text
    assert "не доставлено" not in browser_of("head").get(f"/records/{record.id}").text
