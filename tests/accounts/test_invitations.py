"""Invitations: the letter, the link, the password, three hundred at once."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from accounts import activation, invitations, one_time
from accounts.invitations import Invited
from accounts.model import OneTimeLink
from messaging import mail
from messaging.model import MailMessage
from records import invented, outbox
from records.database import db, gate, now, writing
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.people import Organisation, Seat, User

NEW = "novikov@member.example"
PASSWORD = "три весёлых бобра"


def invited(world, actor, **more):
    person = {
        "name": "Новиков Пётр Ильич",
        "email": NEW,
        "role": "member_head",
        "organisation_id": world.company.id,
    }
    return invitations.invite_representative(actor, Invited(**{**person, **more}))


@pytest.mark.requirement("C-09", "C-10")
def test_the_letter_holds_a_link_and_a_short_guide(world, clerk, letters):
    invited(world, clerk)
    letter = letters(NEW)[0]
    assert "/activate/" in letter.text
    assert "Как начать" in letter.text
    assert world.company.inn in letter.text


@pytest.mark.requirement("C-11")
def test_the_link_sets_the_password_and_lets_in(world, clerk, link_to, browser):
    invited(world, clerk)
    link = link_to(NEW)
    assert "Новиков Пётр Ильич" in browser.get(link).text
    answer = browser.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert answer.location == "/welcome"
    assert "ООО «Ромашка»" in browser.get("/").text


@pytest.mark.requirement("C-11")
def test_the_second_use_says_already_activated(world, clerk, link_to, browser):
    invited(world, clerk)
    link = link_to(NEW)
    browser.post(link, {"password": PASSWORD, "again": PASSWORD})
    again = browser.get(link)
    assert again.status_code == 410
    assert "уже активирован" in again.text


@pytest.mark.requirement("C-10", "U-18")
def test_the_first_login_shows_a_tour_of_five_steps_that_can_be_repeated(world, clerk, link_to, browser):
    invited(world, clerk)
    browser.post(link_to(NEW), {"password": PASSWORD, "again": PASSWORD})
    assert browser.get("/welcome").text.count("<li><strong>") == 5
    assert "С чего начать" in browser.get("/").text
    browser.post("/welcome")
    assert "С чего начать" not in browser.get("/").text
    assert browser.get("/welcome").text.count("<li><strong>") == 5


@pytest.mark.requirement("C-11")
@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("короткий", "короткий", "короче 10"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "мало разных"),
        ("Новиков-2026-ёж", "Новиков-2026-ёж", "не должен содержать"),
        (PASSWORD, PASSWORD + "!", "не совпадают"),
    ],
)
def test_a_bad_password_is_explained_by_the_field(world, clerk, link_to, browser, password, again, said):
    invited(world, clerk)
    answer = browser.post(link_to(NEW), {"password": password, "again": again})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_lapsed_link_asks_for_a_new_one(world, clerk, link_to, browser):
    invited(world, clerk)
    link = link_to(NEW)
    with writing(gate()):
        db.session.execute(db.update(OneTimeLink).values(expires_at=now() - timedelta(minutes=1)))
        db.session.commit()
    answer = browser.get(link)
    assert answer.status_code == 410
    assert "истёк" in answer.text


def test_a_new_invitation_stops_the_earlier_link(world, clerk, link_to, browser):
    invited(world, clerk)
    first = link_to(NEW)
    invitations.resend(clerk, invitations.latest()[0].link_id)
    second = link_to(NEW)
    assert second != first
    assert browser.get(first).status_code == 410
    assert browser.get(second).status_code == 200


@pytest.mark.requirement("C-09")
def test_the_list_follows_the_fate_of_each_letter(world, clerk, link_to, browser):
    def state():
        db.session.rollback()
        return invitations.latest()[0].state

    invited(world, clerk)
    states = [state()]
    link = link_to(NEW)
    letter = db.session.scalars(db.select(MailMessage).order_by(MailMessage.id.desc())).first()
    with writing(gate()):
        letter.state, letter.sent_at = "sent", now()
        one_time.follow_mail(letter)
        db.session.commit()
    states.append(state())
    browser.get(link)
    states.append(state())
    browser.post(link, {"password": PASSWORD, "again": PASSWORD})
    states.append(state())
    assert states == ["queued", "sent", "opened", "used"]


@pytest.mark.requirement("C-09")
def test_a_letter_that_came_back_is_shown_as_bounced(world, clerk, letters):
    invited(world, clerk)
    letter = letters(NEW)[0]
    with writing(gate()):
        mail.undelivered(letter, "нет такого ящика", state="bounced")
        db.session.commit()
    assert invitations.latest()[0].state == "bounced"


def companies(count: int) -> None:
    """Members nobody of whom has been invited; each tenth has no address."""
    rng = random.Random(7)
    with writing(gate()):
        for number in range(count):
            inn = invented.make_inn(rng)
            db.session.add(
                Organisation(
                    short_name=f"ООО «Член {number}»",
                    full_name=f"ООО «Член {number}»",
                    inn=inn,
                    email="" if number % 10 == 9 else f"office{number}@member.example",
                    head_name="Директоров Иван Петрович",
                    details={},
                )
            )
        db.session.commit()


@pytest.mark.requirement("C-09")
def test_three_hundred_members_are_invited_at_once(world, clerk, drain, browser_of):
    companies(300)
    clerk_browser = browser_of("clerk")
    answer = clerk_browser.post("/invitations/all")
    page = clerk_browser.get(answer.location)
    assert "Не приглашены: 30" in page.text
    outbox.drain(["invite", "mail"])
    progress = clerk_browser.get(f"{answer.location}/progress").json
    assert (progress["total"], progress["done"], progress["state"]) == (270, 270, "done")
    assert db.session.scalar(db.select(db.func.count()).select_from(MailMessage)) == 270


@pytest.mark.requirement("C-09")
def test_those_who_have_not_entered_are_reminded_all_at_once(world, clerk):
    companies(20)
    batch = invitations.invite_heads(clerk)
    outbox.drain(["invite"])
    assert invitations.resend_all(clerk, batch.id) == 18
    outbox.drain(["invite"])
    assert db.session.scalar(db.select(db.func.count()).select_from(MailMessage)) == 36


def test_a_second_mass_invitation_bothers_nobody_again(world, clerk):
    companies(5)
    invitations.invite_heads(clerk)
    assert invitations.invite_heads(clerk).total == 0


@pytest.mark.parametrize("who", ["head", "accountant", "archivist"])
def test_others_do_not_invite_members(world, who):
    with pytest.raises(Forbidden):
        invited(world, world.actor(who))


def test_the_head_of_another_company_cannot_repeat_an_invitation(world, clerk, stranger):
    invited(world, clerk)
    with pytest.raises(NotFound):
        invitations.resend(stranger, invitations.latest()[0].link_id)


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "нет-собаки"), ("name", "Иванов"), ("role", "sro_admin"), ("phone", "1\r\nBcc: x@y.ru")],
)
def test_what_is_wrong_is_said_by_the_field(world, clerk, field, value):
    with pytest.raises(Invalid) as error:
        invited(world, clerk, **{field: value})
    assert list(error.value.errors) == [field]


def test_a_person_of_two_companies_gets_a_seat_and_no_new_password(world, clerk, letters):
    stranger_mail = world.users["stranger"].email
    invited(world, clerk, email=stranger_mail, role="member_spec")
    letter = letters(stranger_mail)[0]
    assert "Пароль прежний" in letter.text
    assert "/activate/" not in letter.text
    seats = db.session.scalars(db.select(Seat).where(Seat.user_id == world.users["stranger"].id)).all()
    assert {s.organisation_id for s in seats} == {world.company.id, world.other_company.id}


def test_the_handler_run_twice_writes_one_letter(world, clerk, letters):
    from records.outbox import Job

    invited(world, clerk)
    link = invitations.latest()[0].link_id
    job = Job(1, "invite", "", {"link": link}, 0)
    invitations.send_jobs([job])
    invitations.send_jobs([job])
    assert len(letters(NEW)) == 1


def test_a_blocked_person_does_not_activate(world, clerk, link_to):
    invited(world, clerk)
    token = link_to(NEW).rpartition("/")[2]
    user = db.session.scalars(db.select(User).where(User.email == NEW)).one()
    with writing(gate()):
        user.is_active = False
        db.session.commit()
    with pytest.raises(Refused, match="заблокирована"):
        activation.activate(token, PASSWORD)


def test_a_reminder_keeps_to_the_state_that_was_filtered(world, clerk, browser_of):
    companies(3)
    invitations.invite_heads(clerk)
    with writing(gate()):
        db.session.execute(db.update(OneTimeLink).where(OneTimeLink.id == 1).values(state="bounced"))
        db.session.commit()
    browser = browser_of("clerk")
    browser.post("/invitations/bulk", {"scope": "found", "query": "state=bounced"})
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).select_from(OneTimeLink)) == 4
