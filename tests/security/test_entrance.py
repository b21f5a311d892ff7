"""Attacks on the entrance: guessing, naming, fixing a session, luring elsewhere, forging a form."""

from __future__ import annotations

import io
import re
import time
from datetime import timedelta

import pytest

from accounts import attempts, login, passwords
from accounts.model import LoginAttempt, LoginSession, SecurityEvent
from messaging.model import MailMessage
from records import outbox
from records.database import db, gate, now, writing
from records.people import User
from tests.world import PASSWORD, attach, draft, submitted

HEAD = "head@member.example"
NOBODY = "nobody@member.example"


def without_tokens(page: str) -> str:
    """A page without what is drawn by chance and without what the visitor typed himself."""
    page = re.sub(r'(name="csrf[_-]token"[^>]*(?:value|content)=")[^"]+', r"\1", page)
    return page.replace(HEAD, "…").replace(NOBODY, "…")


@pytest.fixture
def quick(monkeypatch):
    """Refusals without their even pace, for tests that make many."""
    monkeypatch.setattr(login, "EVEN", 0.001)


@pytest.mark.requirement("C-04")
def test_a_refusal_looks_the_same_whether_the_account_exists(browser, world, quick):
    known, unknown = browser.login(HEAD, "не тот"), browser.login(NOBODY, "не тот")
    assert (known.status_code, without_tokens(known.text)) == (
        unknown.status_code,
        without_tokens(unknown.text),
    )


@pytest.mark.requirement("C-05")
def test_a_refusal_by_inn_looks_the_same_too(browser, world, quick):
    known = browser.login(world.company.inn, "не тот").text.replace(world.company.inn, "…")
    unknown = browser.login("7707083893", "не тот").text.replace("7707083893", "…")
    assert without_tokens(known) == without_tokens(unknown)


@pytest.mark.requirement("C-04", "C-05")
def test_a_refusal_takes_the_same_time(browser, world, monkeypatch):
    monkeypatch.setattr(login, "FREE_TRIES", 100)

    def took(name):
        began = time.perf_counter()
        browser.login(name, "не тот")
        return time.perf_counter() - began

    browser.token()
    names = {"known": HEAD, "unknown": NOBODY, "three of one company": world.company.inn}
    times = {who: min(took(name) for _ in range(4)) for who, name in names.items()}
    assert max(times.values()) - min(times.values()) < login.EVEN / 2, times


@pytest.mark.requirement("C-08")
def test_a_reset_answers_the_same_and_writes_to_nobody_unknown(browser, world):
    known = browser.post("/password/forgot", {"name": HEAD})
    unknown = browser.post("/password/forgot", {"name": NOBODY})
    assert without_tokens(known.text) == without_tokens(unknown.text)
    db.session.rollback()
    outbox.drain(["password_reset"])
    assert list(db.session.scalars(db.select(MailMessage.to_address))) == [HEAD]


@pytest.mark.requirement("C-07")
def test_an_application_answers_the_same_for_a_member_and_a_newcomer(browser, world):
    given = {"organisation_name": "ООО «Ромашка»", "person_name": "Иванов Иван", "email": HEAD}
    known = browser.post("/register", {**given, "inn": world.company.inn})
    unknown = browser.post("/register", {**given, "inn": "3808641522", "email": NOBODY})
    assert without_tokens(known.text) == without_tokens(unknown.text)


@pytest.mark.requirement("C-04")
@pytest.mark.parametrize("name", [HEAD, NOBODY])
def test_five_wrong_tries_delay_the_next_even_with_the_right_password(browser, world, quick, name):
    for _ in range(5):
        browser.login(name, "не тот")
    answer = browser.login(name, PASSWORD)
    assert answer.status_code == 422
    assert "Повторите через" in answer.text


@pytest.mark.requirement("C-04")
def test_the_delay_passes_and_the_right_password_lets_in(browser, world, quick):
    for _ in range(5):
        browser.login(HEAD, "не тот")
    db.session.rollback()
    with writing(gate()):
        db.session.execute(db.update(LoginAttempt).values(at=now() - timedelta(seconds=16)))
        db.session.commit()
    assert browser.login(HEAD).status_code == 302


@pytest.mark.requirement("C-04")
def test_the_delay_doubles(ctx):
    waits = []
    for count in range(5, 9):
        with writing(gate()):
            db.session.query(LoginAttempt).delete()
            attempts.failed(*["name:x"] * count)
            db.session.commit()
        waits.append(attempts.seconds_left("name:x", 5))
    assert waits == [15, 30, 60, 120]


@pytest.mark.requirement("C-49")
def test_codes_of_the_second_factor_are_not_guessed(browser, world):
    with writing(gate()):
        db.session.get(User, world.users["head"].id).totp_secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        db.session.commit()
    browser.login(HEAD)
    answers = [browser.post("/login/code", {"code": f"{n:06}"}).text for n in range(6)]
    assert "Повторите через" in answers[-1]


def test_failures_stand_in_the_journal_without_the_password(browser, world, quick):
    browser.login(HEAD, "мой-пароль-от-почты")
    db.session.rollback()
    event = db.session.scalars(db.select(SecurityEvent)).one()
    assert event.verb == "login.refused"
    assert "мой-пароль" not in str(event.details)


def test_the_cookie_changes_at_login(app, world, browser):
    browser.get("/login")
    before = browser.client.get_cookie("session").value
    browser.login(HEAD)
    with browser.client.session_transaction() as cookie:
        token = cookie["token"]
    assert browser.client.get_cookie("session").value != before
    assert token


def test_a_cookie_fixed_by_a_stranger_does_not_let_him_in(app, world, browser):
    browser.get("/login")
    fixed = browser.client.get_cookie("session").value
    browser.login(HEAD)
    thief = app.test_client()
    thief.set_cookie("session", fixed)
    assert thief.get("/").status_code == 302


def test_a_cookie_kept_after_logout_is_worth_nothing(app, world, browser):
    browser.login(HEAD)
    kept = browser.client.get_cookie("session").value
    browser.post("/logout")
    thief = app.test_client()
    thief.set_cookie("session", kept)
    assert thief.get("/").status_code == 302


def test_only_the_hash_of_a_session_is_kept(browser, world):
    browser.login(HEAD)
    with browser.client.session_transaction() as cookie:
        token = cookie["token"]
    db.session.rollback()
    assert db.session.scalars(db.select(LoginSession)).one().token_hash != token


def test_the_cookie_is_out_of_reach_of_scripts(browser, world):
    answer = browser.login(HEAD)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example",
    "\t//evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:/evil.example",
    "//evil.example@127.0.0.1/",
    "/%5c/../\\evil.example",
    " //evil.example",
    "//[::1",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_login_leads_nowhere_else(browser, world, target):
    answer = browser.post("/login", {"name": HEAD, "password": PASSWORD}, query_string={"next": target})
    assert answer.location == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_neither_does_the_login_page_of_one_who_is_in(browser_of, world, target):
    assert browser_of("head").get("/login", query_string={"next": target}).location == "/"


@pytest.mark.requirement("U-20")
@pytest.mark.parametrize("target", ["/records", "/records?kind=letter&q=a%20b", "/records/5/edit"])
def test_a_path_of_this_site_is_kept(browser, world, target):
    answer = browser.post("/login", {"name": HEAD, "password": PASSWORD}, query_string={"next": target})
    assert answer.location == target


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
def test_a_forged_host_does_not_get_into_letters(browser, world, host):
    forged = {"base_url": f"http://{host}", "headers": {"X-Forwarded-Host": host}}
    page = browser.raw("get", "/password/forgot", **forged).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    browser.raw("post", "/password/forgot", data={"csrf_token": token, "name": HEAD}, **forged)
    db.session.rollback()
    outbox.drain(["password_reset"])
    letter = db.session.scalars(db.select(MailMessage)).one()
    assert "evil.example" not in letter.text + letter.html
    assert "http://127.0.0.1:8000/password/reset/" in letter.text


FORMS = (
    "/login",
    "/logout",
    "/register",
    "/password/forgot",
    "/organisation",
    "/view-as",
    "/view-as/stop",
    "/profile",
    "/profile/password",
    "/profile/keys",
    "/profile/sessions/close-others",
    "/profile/second-factor",
    "/representatives/new",
    "/people/new",
    "/people/1/block",
    "/invitations/new",
    "/invitations/all",
    "/substitutions",
    "/members/import",
    "/support",
    "/welcome",
)


@pytest.mark.parametrize("url", FORMS)
def test_a_form_without_its_token_gets_the_419_page(browser_of, world, url):
    answer = browser_of("admin").raw("post", url, data={"name": "x"})
    assert answer.status_code == 419


@pytest.mark.parametrize("url", FORMS)
def test_a_token_of_another_session_does_not_fit(browser_of, browser, world, url):
    answer = browser_of("admin").raw("post", url, data={"csrf_token": browser.token(), "name": "x"})
    assert answer.status_code == 419


def test_a_get_changes_nothing(browser_of, world):
    head = browser_of("head")
    answers = {
        url: head.get(url).status_code
        for url in ("/logout", "/organisation", "/view-as/stop", "/invitations/all", "/profile/keys/1/revoke")
    }
    assert set(answers.values()) <= {404, 405}, answers


def guesses(template):
    return [template.format(n) for n in range(1, 21)]


def test_twenty_guessed_records_are_all_not_found(browser_of, world, head, stranger):
    ours = [draft(head).id, submitted(head).id]
    file = attach(head, draft(head), io.BytesIO(b"secret"), "a.txt")
    outsider = browser_of("stranger")
    pages = [*guesses("/records/{}"), *guesses("/records/{}/edit"), *guesses("/files/{}")]
    assert {outsider.get(page).status_code for page in pages} == {404}
    assert browser_of("head").get(f"/records/{ours[0]}").status_code == 200
    assert file


@pytest.mark.parametrize(
    "template",
    [
        "/representatives/{}/revoke",
        "/profile/sessions/{}/close",
        "/profile/keys/{}/revoke",
        "/representatives/invitations/{}/resend",
    ],
)
def test_twenty_guessed_ids_of_others_are_all_not_found(browser_of, world, template):
    browser_of("clerk")
    outsider = browser_of("stranger")
    own = {
        *db.session.scalars(
            db.select(LoginSession.id).where(LoginSession.user_id == world.users["stranger"].id)
        )
    }
    seats = {s.id for s in world.users["stranger"].seats}
    skipped = own if "sessions" in template else seats | {s.id for s in world.users["outsider"].seats}
    urls = [template.format(n) for n in range(1, 21) if n not in skipped]
    assert {outsider.post(url).status_code for url in urls} == {404}


def test_tokens_of_links_are_not_guessed(browser, world):
    urls = [*guesses("/activate/{}"), *guesses("/password/reset/{}")]
    assert {browser.get(url).status_code for url in urls} == {410}


def test_passwords_are_kept_as_argon2id():
    assert passwords.hash_password("любой пароль").startswith("$argon2id$")


def test_a_page_of_the_cabinet_is_not_kept_by_the_browser(browser_of, world):
    headers = browser_of("head").get("/profile").headers
    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["Иванов Иван\r\nBcc: all@example.ru", "Иванов Иван\nX: 1", "Иванов\u2028Иван"]
)
def test_a_name_does_not_write_a_header(browser_of, world, name):
    answer = browser_of("head").post(
        "/representatives/new", {"name": name, "email": "a@member.example", "role": "member_spec"}
    )
    assert answer.status_code == 422
    db.session.rollback()
    assert db.session.scalar(db.select(User.id).where(User.email == "a@member.example")) is None


@pytest.mark.parametrize("name", ["<script>alert(1)</script> x", "Иванов {{7*7}}", "Иванов %s%n"])
def test_a_name_does_not_become_a_script(browser_of, world, name):
    answer = browser_of("head").post("/profile", {"name": name, "position": "<img src=x onerror=alert(1)>"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "49" not in re.findall(r'id="name"[^>]*value="([^"]*)"', answer.text)[0]
