"""A forgotten password."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.model import OneTimeLink
from records.database import db, gate, now, writing
from tests.world import PASSWORD

NEW = "девять белых птиц"
HEAD = "head@member.example"


@pytest.fixture
def asked(browser, world):
    browser.post("/password/forgot", {"name": HEAD})


@pytest.mark.requirement("C-08")
def test_the_link_changes_the_password(asked, browser, link_to):
    answer = browser.post(link_to(HEAD), {"password": NEW, "again": NEW})
    assert answer.location == "/login"
    assert browser.login(HEAD, PASSWORD).status_code == 422
    assert browser.login(HEAD, NEW).location == "/"


@pytest.mark.requirement("C-08")
def test_the_link_works_once(asked, browser, link_to):
    link = link_to(HEAD)
    browser.post(link, {"password": NEW, "again": NEW})
    again = browser.get(link)
    assert again.status_code == 410
    assert "уже использована" in again.text


@pytest.mark.requirement("C-08")
def test_the_link_lives_an_hour(asked, browser, link_to):
    link = link_to(HEAD)
    entry = db.session.scalars(db.select(OneTimeLink)).one()
    assert timedelta(minutes=55) < entry.expires_at - now() <= timedelta(hours=1)
    with writing(gate()):
        entry.expires_at = now() - timedelta(seconds=1)
        db.session.commit()
    assert browser.post(link, {"password": NEW, "again": NEW}).status_code == 410


@pytest.mark.requirement("C-08")
def test_all_sessions_close(asked, browser, link_to, browser_of):
    open_one = browser_of("head")
    browser.post(link_to(HEAD), {"password": NEW, "again": NEW})
    assert open_one.get("/").status_code == 302


@pytest.mark.requirement("C-08")
def test_only_the_hash_of_the_token_is_kept(asked, link_to):
    token = link_to(HEAD).rpartition("/")[2]
    assert db.session.scalars(db.select(OneTimeLink)).one().token_hash != token


def test_by_inn_everybody_of_the_company_gets_his_own_link(browser, world, letters):
    browser.post("/password/forgot", {"name": world.company.inn})
    assert [len(letters(f"{name}@member.example")) for name in ("head", "proxy", "stranger")] == [1, 1, 0]


def test_a_person_without_a_password_gets_no_reset(browser, world, letters):
    with writing(gate()):
        world.users["head"].password_hash = None
        db.session.merge(world.users["head"])
        db.session.commit()
    browser.post("/password/forgot", {"name": HEAD})
    assert letters(HEAD) == []


def test_too_many_requests_wait(browser, world):
    statuses = [browser.post("/password/forgot", {"name": HEAD}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [422]
