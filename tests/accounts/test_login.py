"""Coming in: by e-mail, by ИНН, with a code; going out; coming back to the same page."""

from __future__ import annotations

import pyotp
import pytest

from accounts import totp
from accounts.model import LoginSession
from records.database import db, gate, writing
from records.people import User
from tests.world import PASSWORD, draft


@pytest.mark.requirement("C-04", "C-01")
def test_login_by_email(browser, world):
    answer = browser.login("head@member.example")
    assert answer.location == "/"
    assert "ООО «Ромашка»" in browser.get("/").text


@pytest.mark.requirement("C-04")
def test_the_case_and_blanks_of_an_address_do_not_matter(browser, world):
    assert browser.login("  Head@Member.Example ").status_code == 302


@pytest.mark.requirement("C-05")
def test_several_people_of_one_inn_choose_who_they_are(browser, world):
    answer = browser.login(world.company.inn)
    assert answer.location == "/login/person"
    page = browser.get("/login/person").text
    assert all(world.users[name].name in page for name in ("head", "proxy", "specialist"))
    assert world.users["stranger"].name not in page
    answer = browser.post("/login/person", {"person": world.users["proxy"].id})
    assert answer.location == "/"
    assert "Петрова" in browser.get("/").text


@pytest.mark.requirement("C-05")
def test_people_of_an_inn_are_not_shown_before_the_password_is_right(browser, world):
    answer = browser.login(world.company.inn, "неверный пароль")
    assert answer.status_code == 422
    assert not any(world.users[name].name in answer.text for name in ("head", "proxy", "specialist"))
    assert browser.get("/login/person").location == "/login"


@pytest.mark.requirement("C-05")
def test_a_person_whose_password_did_not_fit_cannot_be_chosen(browser, world):
    browser.login(world.company.inn)
    answer = browser.post("/login/person", {"person": world.users["stranger"].id})
    assert answer.status_code == 200
    assert browser.get("/").status_code == 302


@pytest.mark.requirement("C-05")
def test_a_password_of_his_own_leads_one_person_straight_in(browser, world):
    from accounts import passwords

    with writing(gate()):
        db.session.get(User, world.users["proxy"].id).password_hash = passwords.hash_password(
            "семь синих слив"
        )
        db.session.commit()
    assert browser.login(world.company.inn, "семь синих слив").location == "/"
    assert "Петрова" in browser.get("/").text


@pytest.mark.requirement("U-20")
def test_after_login_one_returns_to_the_same_page(browser, world):
    asked = browser.get("/records/new/letter")
    assert "next=" in asked.location
    answer = browser.post(asked.location, {"name": "head@member.example", "password": PASSWORD})
    assert answer.location == "/records/new/letter"


@pytest.mark.requirement("U-20")
def test_a_form_posted_after_the_session_ended_returns_to_the_same_filled_form(browser_of, world, head):
    page = f"/records/{draft(head).id}/edit"
    browser = browser_of("head")
    token = browser.token()
    with writing(gate()):
        db.session.execute(db.update(LoginSession).values(closed_at=LoginSession.created_at))
        db.session.commit()
    referrer = {"Referer": f"http://localhost{page}"}
    answer = browser.raw("post", page, data={"csrf_token": token, "subject": "О другом"}, headers=referrer)
    assert answer.location == f"/login?next={page}&ended=1"
    back = browser.post(answer.location, {"name": "head@member.example", "password": PASSWORD})
    assert back.location == page
    assert "О сроках проверки" in browser.get(page).text


@pytest.mark.requirement("U-20")
def test_autosave_learns_that_the_session_ended(browser_of, world):
    head = browser_of("head")
    with writing(gate()):
        db.session.execute(db.update(LoginSession).values(closed_at=LoginSession.created_at))
        db.session.commit()
    answer = head.patch("/records/1/autosave", json={"fields": {}}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "сохранено на этом компьютере" in answer.json["detail"]


def test_logout_closes_the_session_on_the_server(browser, world):
    browser.login("head@member.example")
    browser.post("/logout")
    assert browser.get("/").status_code == 302
    db.session.rollback()
    assert db.session.scalars(db.select(LoginSession)).one().closed_at is not None


def with_code(world, name="head"):
    """Switch the second factor on; returns the secret and the spare codes."""
    user = world.users[name]
    secret = totp.begin(user)
    codes = totp.confirm(db.session.get(User, user.id), pyotp.TOTP(secret).now())
    return secret, codes


@pytest.mark.requirement("C-49")
def test_with_the_second_factor_the_password_alone_is_not_enough(browser, world):
    with_code(world)
    assert browser.login("head@member.example").location == "/login/code"
    assert browser.get("/").status_code == 302
    assert browser.post("/login/code", {"code": "000000"}).status_code == 422


@pytest.mark.requirement("C-49")
def test_a_code_lets_in_once(browser, world, app, monkeypatch):
    secret, _ = with_code(world)
    later = totp.now().timestamp() + 30
    code = pyotp.TOTP(secret).at(later)
    browser.login("head@member.example")
    assert browser.post("/login/code", {"code": code}).location == "/"
    browser.post("/logout")
    browser.login("head@member.example")
    assert browser.post("/login/code", {"code": code}).status_code == 422


@pytest.mark.requirement("C-49")
def test_a_spare_code_works_once(browser, world):
    _, codes = with_code(world)
    browser.login("head@member.example")
    assert browser.post("/login/code", {"code": codes[0]}).location == "/"
    browser.post("/logout")
    browser.login("head@member.example")
    assert browser.post("/login/code", {"code": codes[0]}).status_code == 422
    assert browser.post("/login/code", {"code": codes[1].upper()}).location == "/"


@pytest.mark.requirement("C-49")
def test_the_page_connects_a_telephone(browser_of, world):
    head = browser_of("head")
    head.get("/profile/second-factor")
    picture = head.get("/profile/second-factor/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<?xml") or b"<svg" in picture.data
    secret = totp.pending(world.users["head"].id)
    assert head.post("/profile/second-factor", {"code": "123"}).status_code == 422
    answer = head.post("/profile/second-factor", {"code": pyotp.TOTP(secret).now()})
    assert answer.text.count("<li><code>") == totp.SPARE
    assert head.get("/profile/second-factor/code.svg").status_code == 404


@pytest.mark.requirement("C-49")
def test_switching_off_asks_for_the_password(browser_of, world):
    with_code(world)
    head = browser_of("head")
    assert head.post("/profile/second-factor/off", {"password": "не тот"}).status_code == 422
    head.post("/profile/second-factor/off", {"password": PASSWORD})
    db.session.rollback()
    assert db.session.get(User, world.users["head"].id, populate_existing=True).totp_secret is None


@pytest.mark.requirement("C-49")
def test_another_session_is_closed_from_the_list(browser_of, world):
    here, there = browser_of("head"), browser_of("head")
    ids = list(db.session.scalars(db.select(LoginSession.id).order_by(LoginSession.id)))
    assert "этот сеанс" in here.get("/profile/sessions").text
    here.post(f"/profile/sessions/{ids[1]}/close")
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_nobody_closes_the_session_of_another(browser_of, world):
    browser_of("head")
    other = db.session.scalars(db.select(LoginSession.id)).one()
    assert browser_of("stranger").post(f"/profile/sessions/{other}/close").status_code == 404


@pytest.mark.requirement("C-08")
def test_a_changed_password_closes_the_other_sessions(browser_of, world, browser):
    here, there = browser_of("head"), browser_of("head")
    new = "пять жёлтых груш"
    wrong = here.post("/profile/password", {"old": "не тот", "password": new, "again": new})
    assert wrong.status_code == 422
    here.post("/profile/password", {"old": PASSWORD, "password": new, "again": new})
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert browser.login("head@member.example", new).status_code == 302
