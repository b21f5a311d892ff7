"""A page given again from memory is never stale and never another's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from accounts import sessions
from records import parameters, query, service
from records.actor import Actor
from records.database import db
from records.revision import revision
from tests.world import World, draft, submitted
from views import _record_list


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever a list is really made."""
    made: list[int] = []
    real = _record_list.context

    def counted(who: Actor) -> dict[str, object]:
        made.append(1)
        return real(who)

    monkeypatch.setattr(_record_list, "context", counted)
    return made


def settle(browser: Any) -> None:
    """The first page brings the cookie that the following requests carry."""
    browser.get("/records")


def test_a_list_asked_again_while_nothing_changed_is_not_made_again(
    browser_of: Any, head: Actor, drawn: list[int]
) -> None:
    submitted(head)
    browser = browser_of("head")
    settle(browser)
    first = browser.get("/records")
    drawn.clear()
    again = browser.get("/records")
    assert again.data == first.data
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert again.headers["Cache-Control"] == "no-store"
    assert not drawn


def test_a_commit_by_anyone_makes_kept_pages_worthless(
    browser_of: Any, head: Actor, specialist: Actor
) -> None:
    browser = browser_of("head")
    settle(browser)
    browser.get("/records")
    submitted(specialist, subject="Новое письмо")
    assert "Новое письмо" in browser.get("/records").text


def test_a_closed_session_opens_no_kept_page(browser_of: Any, world: World, head: Actor) -> None:
    browser = browser_of("head")
    settle(browser)
    assert browser.get("/records").status_code == 200
    sessions.close_all(world.users["head"].id)
    assert browser.get("/records").status_code == 302


def test_another_person_never_gets_the_page_of_the_first(browser_of: Any, head: Actor) -> None:
    record = draft(head, subject="Только для Ромашки", text="Текст")
    mine, theirs = browser_of("head"), browser_of("stranger")
    for _ in range(3):
        assert mine.get(f"/records/{record.id}").status_code == 200
        assert theirs.get(f"/records/{record.id}").status_code == 404
        assert "Только для Ромашки" not in theirs.get("/records").text


def test_a_message_shown_once_is_not_shown_again(browser_of: Any, head: Actor) -> None:
    record = draft(head)
    browser = browser_of("head")
    settle(browser)
    browser.post(f"/records/{record.id}/trash")
    pages = [browser.get("/").text for _ in range(3)]
    assert pages[1] == pages[2]


def test_the_revision_changes_with_every_commit_and_only_then(ctx: Flask, head: Actor) -> None:
    before = revision()
    query.listing(head, query.ListQuery(), parameters.today())
    assert revision() == before
    service.create(head, "letter", fields={"subject": "Раз"})
    after = revision()
    assert after != before
    db.session.remove()
    assert revision() == after
