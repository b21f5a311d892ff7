"""Addresses and forms typed by hand: odd digits and huge numbers are answered plainly, never with 500."""

from __future__ import annotations

import pytest

from tests.world import draft, submitted

BIG = "9" * 25


@pytest.mark.parametrize(
    "address",
    [
        "/records?sort=-id&after=²",
        "/records?sort=title&after=o²",
        f"/records/{BIG}",
        f"/files/{BIG}",
        f"/records?organisation={BIG}",
        f"/records?assignee={BIG}",
        f"/records/{BIG}/print",
        f"/notifications?before={BIG}",
        "/calendar?month=²²²²-²²",
        "/calendar?month=9999-12",
        "/journals?period_from=0001-01-01&period_to=9999-12-31",
        f"/jobs/{BIG}",
        f"/chat/{BIG}",
        f"/organisations/{BIG}/case.zip",
        f"/check/{BIG}",
        "/search?q=%00",
    ],
)
def test_an_odd_address_is_answered_plainly(browser_of, address):
    assert browser_of("clerk").get(address).status_code < 500


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/records/bulk", {"verb": "claim", "ids": "²"}),
        ("/records/bulk", {"verb": "claim", "ids": BIG}),
        ("/records/{id}/act/approve", {"version": "²"}),
        ("/records/{id}/act/approve", {"version": BIG}),
        ("/records/{id}/assign", {"user_id": BIG}),
        (f"/records/{BIG}/act/approve", {}),
        ("/records/{id}/redirect", {"role": "x" * 500, "reason": "y"}),
    ],
)
def test_an_odd_form_is_answered_plainly(browser_of, head, address, form):
    record = submitted(head).id
    assert browser_of("clerk").post(address.format(id=record), form).status_code < 500


def test_no_filter_offers_the_word_none(browser_of):
    clerk = browser_of("clerk")
    for page in ("/search", "/journals", "/records"):
        assert ">None<" not in clerk.get(page).text


@pytest.mark.parametrize("name", ["director", "admin", "curator"])
def test_the_queue_shows_no_button_that_leads_to_a_refusal(browser_of, name):
    browser = browser_of(name)
    assert "/intake/paper" not in browser.get("/intake").text
    assert "/intake/paper" in browser_of("clerk").get("/intake").text


@pytest.mark.parametrize(
    "body", [[1], {"fields": [1, 2]}, {"fields": "x"}, {"version": "²"}, {"version": []}, "x"]
)
def test_a_draft_saved_with_an_odd_body_is_answered_plainly(browser_of, head, body):
    record = draft(head).id
    assert browser_of("head").post(f"/records/{record}/autosave", json=body).status_code < 500


def test_the_character_zero_is_refused_at_the_door(browser_of, head):
    record = submitted(head).id
    member = browser_of("head")
    assert member.post(f"/records/{record}/remarks", {"text": "а\0б"}).status_code == 400
    assert member.get("/records?q=%00").status_code == 400


def test_a_view_named_and_kept_with_a_line_break_writes_no_header(browser_of):
    clerk = browser_of("clerk")
    answer = clerk.post("/views", {"title": "Мой вид", "query": "q=1\r\nX-Evil: 1"})
    assert answer.status_code == 302
    assert "X-Evil" not in answer.headers
