"""For whom one acts: several companies of a person, and the curator's look through a member's eyes."""

from __future__ import annotations

import pytest

from accounts.model import LoginSession, SecurityEvent
from records import service
from records.database import db, gate, writing
from records.model import History, ReadMark
from records.people import Seat
from tests.world import draft, submitted


@pytest.fixture
def of_two(world):
    """The specialist also works for the other company."""
    with writing(gate()):
        db.session.add(
            Seat(
                user_id=world.users["specialist"].id,
                organisation_id=world.other_company.id,
                role="member_spec",
            )
        )
        db.session.commit()


def switch(browser, company):
    return browser.post(
        "/organisation", {"organisation": company if isinstance(company, str) else company.id}
    )


@pytest.mark.requirement("C-28")
def test_all_pages_follow_the_switch_and_nothing_leaks(of_two, world, head, stranger, browser_of):
    ours = submitted(head, subject="Наше письмо", text="Текст")
    theirs = submitted(stranger, subject="Чужое письмо", text="Текст")
    browser = browser_of("specialist")
    switch(browser, world.other_company)
    pages = browser.get("/").text + browser.get("/records").text
    assert "АО «Лютик»" in pages
    assert "Чужое письмо" in pages
    assert "Наше письмо" not in pages
    assert browser.get(f"/records/{ours.id}").status_code == 404
    assert browser.get(f"/records/{theirs.id}").status_code == 200
    switch(browser, world.company)
    assert browser.get(f"/records/{theirs.id}").status_code == 404


@pytest.mark.requirement("C-28")
def test_a_company_one_has_no_seat_in_cannot_be_chosen(world, browser_of):
    browser = browser_of("specialist")
    assert switch(browser, world.other_company).status_code == 404
    assert switch(browser, "staff").status_code == 404
    assert switch(browser, "1 OR 1=1").status_code == 404


@pytest.mark.requirement("C-28")
def test_a_form_opened_for_one_company_is_not_filed_for_another(of_two, world, browser_of):
    browser = browser_of("specialist")
    switch(browser, world.company)
    old = browser.token()
    switch(browser, world.other_company)
    answer = browser.raw("post", "/profile", data={"csrf_token": old, "name": "Сидоров Алексей"})
    assert answer.status_code == 419


@pytest.mark.requirement("C-28")
def test_staff_and_member_seats_of_one_person_are_apart(world, browser_of):
    with writing(gate()):
        db.session.add(
            Seat(user_id=world.users["curator"].id, organisation_id=world.company.id, role="member_spec")
        )
        db.session.commit()
    browser = browser_of("curator")
    assert browser.get("/view-as").status_code == 200
    switch(browser, world.company)
    assert browser.get("/view-as").status_code == 403
    assert browser.get("/").text.count("Организация") > 0
    switch(browser, "staff")
    assert browser.get("/view-as").status_code == 200


@pytest.mark.requirement("C-28")
def test_a_lapsed_seat_ends_the_session_and_does_not_move_it(of_two, world, browser_of):
    from datetime import timedelta

    from records import parameters

    browser = browser_of("specialist")
    switch(browser, world.other_company)
    with writing(gate()):
        seat = db.session.scalars(
            db.select(Seat).where(Seat.organisation_id == world.other_company.id, Seat.role == "member_spec")
            .where(Seat.user_id == world.users["specialist"].id)
        ).one()  # fmt: skip
        seat.valid_until = parameters.today() - timedelta(days=1)
        db.session.commit()
    assert browser.get("/").status_code == 302


def look(browser, company):
    return browser.post("/view-as", {"organisation": company.inn})


@pytest.mark.requirement("C-51")
def test_the_curator_sees_what_the_member_sees_under_a_banner(world, head, browser_of):
    record = draft(head)
    browser = browser_of("curator")
    assert browser.get(f"/records/{record.id}").status_code == 404
    look(browser, world.company)
    assert "Вы смотрите глазами" in browser.get("/").text
    assert browser.get(f"/records/{record.id}").status_code == 200


@pytest.mark.requirement("C-51")
def test_nothing_can_be_changed_while_looking(world, head, browser_of):
    record = submitted(head)
    browser = browser_of("curator")
    look(browser, world.company)
    before = db.session.scalar(db.select(db.func.count()).select_from(History))
    answers = [
        browser.post(f"/records/{record.id}/remarks", {"text": "Привет"}),
        browser.post(f"/records/{record.id}/act/annul", {"note": "x"}),
        browser.post(f"/records/{record.id}/trash"),
        browser.post("/profile", {"name": "Иной Человек"}),
        browser.post(
            "/representatives/new", {"name": "Иванов Пётр", "email": "a@b.ru", "role": "member_spec"}
        ),
    ]
    assert {a.status_code for a in answers} == {403}
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).select_from(History)) == before


@pytest.mark.requirement("C-51")
def test_looking_leaves_no_reading_mark(world, head, curator, browser_of):
    record = submitted(head)
    browser = browser_of("curator")
    look(browser, world.company)
    browser.get(f"/records/{record.id}")
    assert db.session.scalar(db.select(db.func.count()).select_from(ReadMark)) == 0


@pytest.mark.requirement("C-51")
def test_looking_is_written_down_and_the_member_knows(world, browser_of):
    browser = browser_of("curator")
    look(browser, world.company)
    browser.post("/view-as/stop")
    verbs = list(db.session.scalars(db.select(SecurityEvent.verb).order_by(SecurityEvent.id)))
    assert verbs == ["view_as.started", "view_as.stopped"]
    assert world.users["curator"].name in browser_of("head").get("/representatives").text
    assert world.users["curator"].name not in browser_of("stranger").get("/representatives").text


@pytest.mark.requirement("C-51")
def test_the_stop_button_brings_the_curator_back(world, browser_of):
    browser = browser_of("curator")
    look(browser, world.company)
    assert browser.get("/view-as").status_code == 403
    browser.post("/view-as/stop")
    assert browser.get("/view-as").status_code == 200
    assert db.session.scalars(db.select(LoginSession)).one().view_as is None


@pytest.mark.requirement("C-51")
@pytest.mark.parametrize("who", ["head", "accountant", "archivist"])
def test_others_do_not_look(world, browser_of, who):
    assert look(browser_of(who), world.company).status_code == 403


def test_the_services_refuse_a_looking_actor_too(world, curator, head):
    from accounts.actors import as_member
    from records.errors import Forbidden, NotFound

    record = submitted(head)
    with pytest.raises((Forbidden, NotFound)):
        service.remark(as_member(curator, world.company.id), record.id, "Привет", public=True)
