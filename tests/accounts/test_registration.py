"""An application for an account: the queue, the decision, the letter."""

from __future__ import annotations

import pytest

from accounts import registration
from accounts.model import RegistrationRequest
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from records.people import Organisation

GIVEN = {
    "inn": "3808641522",
    "ogrn": "1083836669245",
    "organisation_name": "ООО «Новичок»",
    "person_name": "Новичков Олег Иванович",
    "position": "директор",
    "email": "new@novichok.example",
    "phone": "+7 (395) 212-34-56",
    "comment": "Хотим вступить",
}


@pytest.mark.requirement("C-07")
def test_an_application_waits_in_the_queue_and_approval_invites(browser, browser_of, letters, world):
    answer = browser.post("/register", GIVEN)
    assert "Заявка отправлена" in answer.text
    db.session.rollback()
    entry = db.session.scalars(db.select(RegistrationRequest)).one()
    clerk = browser_of("clerk")
    assert "ООО «Новичок»" in clerk.get("/registrations").text
    clerk.post(f"/registrations/{entry.id}/approve")
    assert "/activate/" in letters(GIVEN["email"])[0].text
    db.session.rollback()
    company = db.session.scalars(db.select(Organisation).where(Organisation.inn == GIVEN["inn"])).one()
    assert company.role == "candidate"


@pytest.mark.requirement("C-07")
def test_a_member_of_the_register_is_not_made_twice(world, clerk):
    entry = registration.ask({**GIVEN, "inn": world.company.inn, "ogrn": ""})
    registration.approve(clerk, entry.id)
    assert db.session.scalar(db.select(db.func.count()).select_from(Organisation)) == 2


@pytest.mark.requirement("C-07")
def test_a_refusal_goes_out_with_its_reason(clerk, letters):
    entry = registration.ask(GIVEN)
    registration.refuse(clerk, entry.id, "Такой организации нет в ЕГРЮЛ")
    assert "нет в ЕГРЮЛ" in letters(GIVEN["email"])[0].text


def test_a_refusal_needs_a_reason_and_keeps_the_page(browser_of, world):
    entry = registration.ask(GIVEN)
    answer = browser_of("clerk").post(f"/registrations/{entry.id}/refuse", {"reason": " "})
    assert answer.status_code == 422
    assert "Напишите причину" in answer.text


def test_an_application_is_decided_once(clerk):
    entry = registration.ask(GIVEN)
    registration.approve(clerk, entry.id)
    with pytest.raises(Refused):
        registration.refuse(clerk, entry.id, "Передумали")


@pytest.mark.parametrize("who", ["head", "accountant"])
def test_others_do_not_decide(world, who):
    entry = registration.ask(GIVEN)
    with pytest.raises(Forbidden):
        registration.approve(world.actor(who), entry.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("inn", "3808641523"),
        ("ogrn", "1083836669246"),
        ("email", "new@@example"),
        ("person_name", "Новичков\r\nBcc: all@example.ru"),
        ("organisation_name", "ООО\nBcc: x"),
    ],
)
def test_a_fault_is_said_by_its_field_and_nothing_is_lost(browser, field, value, world):
    answer = browser.post("/register", {**GIVEN, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Хотим вступить" in answer.text
    with pytest.raises(Invalid):
        registration.ask({**GIVEN, field: value})
