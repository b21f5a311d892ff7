"""Changes by application: what is approved is applied with its date and ground, nothing before."""

from datetime import date

import pytest

from records import parameters, service
from records.database import db
from records.people import Organisation
from register import history, keeping
from tests.world import draft

NEW = "664025, г. Иркутск, ул. Ленина, д. 5"


@pytest.fixture
def member(world, registrar):
    values = {"membership_status": "member", "register_date": "2013-12-05", "right_status": "active"}
    keeping.enter(registrar, world.company.id, values, valid_from=date(2013, 12, 5), ground="Протокол")
    return world.company.id


def filed(head, items, **more):
    record = draft(
        head,
        "register_change_application",
        changes=["address"],
        new_values=f"Адрес: {NEW}",
        changed_on="2026-11-02",
        items=items,
        **more,
    )
    service.attach_bytes(head, record.id, b"%PDF-1.4", "list.pdf", media_type="application/pdf", slot="files")
    return service.act(head, record.id, "submit")


def approved(registrar, record):
    service.act(registrar, record.id, "take")
    return service.act(registrar, record.id, "approve")


@pytest.mark.requirement("C-22")
def test_an_approved_application_changes_the_entry_from_its_day_with_its_ground(head, registrar, member):
    record = filed(head, [{"what": "Адрес места нахождения", "was": "", "now": NEW}])
    assert history.member_on(member, parameters.today()).get("legal_address") != NEW, "not before approval"
    approved(registrar, record)
    assert history.member_on(member, date(2026, 11, 2)).get("legal_address") == NEW
    assert history.member_on(member, date(2026, 11, 1)).get("legal_address") != NEW
    (change, *_) = history.changes(member, "legal_address")
    assert (change.ground_id, change.ground) == (record.id, f"Заявление {record.number_text}")
    assert db.session.get(Organisation, member).address == NEW


def test_a_member_cannot_change_by_application_what_is_a_decision(head, registrar, member):
    approved(registrar, filed(head, [{"what": "Уровень КФ ВВ", "was": "1", "now": "5"}]))
    assert history.member_on(member, parameters.today()).get("vv_level") == ""


def test_free_text_changes_nothing_by_itself(head, registrar, member):
    before = keeping.stamp(member)
    approved(registrar, filed(head, None))
    assert keeping.stamp(member) == before


@pytest.mark.requirement("C-23")
def test_the_documents_of_a_change_of_head_are_named(head, member):
    from records import query

    record = draft(head, "register_change_application", changes=["head"], new_values="Новый директор")
    names = query.expected_documents(query.get(head, record.id))
    assert "Решение об избрании руководителя" in names


def test_an_accepted_withdrawal_ends_membership_with_the_day_of_receipt(head, registrar, member):
    record = service.act(head, draft(head, "withdrawal_application", **withdrawal()).id, "submit")
    service.act(registrar, record.id, "accept")
    today = history.member_on(member, record.registered_on)
    assert (today.get("membership_status"), today.get("right_status")) == ("terminated", "terminated")
    assert today.get("terminated_date") == record.registered_on.isoformat()
    assert db.session.get(Organisation, member).status == "left"


def withdrawal():
    return {"knows": True, "comment": "Прекращение деятельности"}
