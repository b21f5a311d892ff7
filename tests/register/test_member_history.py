"""A member's entry: dated facts with grounds, what was true on a day, what the entry refuses."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from records import parameters
from records.database import db
from records.errors import Conflict, Forbidden, Invalid
from records.people import Organisation
from register import history, keeping
from register.model import MemberCard, MemberFact

ENTRY = {
    "membership_status": "member",
    "right_status": "active",
    "register_date": "2013-12-05",
    "vv_level": "2",
    "odo_right_status": "active",
    "odo_level": "1",
    "odo_right_date": "2017-09-11",
}
GROUND = "Протокол № 51-17 от 11.09.2017"


def entered(registrar, world, valid_from=date(2017, 9, 11), **values):
    return keeping.enter(
        registrar, world.company.id, {**ENTRY, **values}, valid_from=valid_from, ground=GROUND
    )


@pytest.mark.requirement("C-19")
def test_a_value_holds_from_its_day_and_the_earlier_one_before_it(registrar, world):
    entered(registrar, world, legal_address="г. Иркутск, ул. Первая, д. 1")
    keeping.enter(
        registrar,
        world.company.id,
        {"legal_address": "г. Иркутск, ул. Вторая, д. 2"},
        valid_from=date(2026, 3, 1),
        ground="Лист записи ЕГРЮЛ",
    )
    before, after = (
        history.member_on(world.company.id, day) for day in (date(2026, 2, 28), date(2026, 3, 1))
    )
    assert before.get("legal_address") == "г. Иркутск, ул. Первая, д. 1"
    assert after.get("legal_address") == "г. Иркутск, ул. Вторая, д. 2"
    assert db.session.get(Organisation, world.company.id).address == "г. Иркутск, ул. Вторая, д. 2"


def test_a_correction_made_later_does_not_rewrite_what_the_register_said(registrar, world):
    entered(registrar, world)
    asked = db.session.scalar(db.select(db.func.max(MemberFact.recorded_at)))
    keeping.enter(
        registrar, world.company.id, {"vv_level": "3"}, valid_from=date(2020, 1, 1), ground="Исправление"
    )
    day, ids = date(2021, 1, 1), [world.company.id]
    assert history.snapshot(day, ids=ids)[world.company.id]["vv_level"] == "3"
    assert history.snapshot(day, ids=ids, known_at=asked)[world.company.id]["vv_level"] == "2"


def test_a_value_with_an_end_is_gone_after_it(registrar, world):
    entered(registrar, world)
    keeping.enter(
        registrar,
        world.company.id,
        {"website": "romashka.example"},
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 1, 31),
        ground="Письмо",
    )
    days = (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 1))
    assert [history.member_on(world.company.id, day).get("website") for day in days] == [
        "",
        "romashka.example",
        "",
    ]


def test_facts_only_grow(registrar, world):
    entered(registrar, world)
    for statement in ("UPDATE member_fact SET value = '5'", "DELETE FROM member_fact"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()


def test_members_on_a_day_are_told_by_number_with_those_whose_facts_nobody_entered(registrar, world):
    entered(registrar, world)
    today = parameters.today()
    assert [m.register_number for m in history.members_on(today)] == ["0286", "0287"]
    assert [m.register_number for m in history.members_on(date(2013, 12, 4))] == ["0287"]


def test_one_who_has_left_is_no_member_from_that_day_on(registrar, world):
    entered(registrar, world)
    gone = {
        "membership_status": "terminated",
        "right_status": "terminated",
        "odo_right_status": "terminated",
        "terminated_date": "2026-06-01",
        "termination_reason": "Добровольный выход",
    }
    keeping.enter(registrar, world.company.id, gone, valid_from=date(2026, 6, 1), ground="Заявление о выходе")
    assert world.company.id in {m.organisation_id for m in history.members_on(date(2026, 5, 31))}
    assert world.company.id not in {m.organisation_id for m in history.members_on(date(2026, 6, 1))}
    assert db.session.get(Organisation, world.company.id).status == "left"


def test_a_fact_of_tomorrow_is_not_shown_today(registrar, world):
    entered(registrar, world)
    tomorrow = parameters.today() + timedelta(days=1)
    keeping.enter(
        registrar, world.company.id, {"vv_level": "4"}, valid_from=tomorrow, ground="Решение совета"
    )
    assert db.session.get(MemberCard, world.company.id).vv_level == 2
    assert history.member_on(world.company.id, tomorrow).number("vv_level") == 4


@pytest.mark.requirement("C-20")
def test_a_suspended_right_reaches_the_lists(registrar, world):
    entered(registrar, world)
    keeping.enter(
        registrar,
        world.company.id,
        {"right_status": "suspended"},
        valid_from=date(2026, 9, 1),
        ground="Решение",
    )
    assert db.session.get(MemberCard, world.company.id).right_status == "suspended"
    assert db.session.get(Organisation, world.company.id).status == "suspended"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"inn": "7701677669"}, "inn"),
        ({"register_date": "31.02.2020"}, "register_date"),
        ({"vv_level": "6"}, "vv_level"),
        ({"terminated_date": "2013-12-04"}, "terminated_date"),
        ({"membership_status": "candidate"}, "membership_status"),
        ({"membership_status": "terminated"}, "membership_status"),
        ({"register_number": "0287"}, "register_number"),
        ({"colour": "red"}, "colour"),
        ({"odo_right_status": "none"}, "odo_right_status"),
    ],
)
def test_what_contradicts_is_refused_by_its_field(registrar, world, values, field):
    entered(registrar, world)
    with pytest.raises(Invalid) as refused:
        keeping.enter(registrar, world.company.id, values, valid_from=date(2026, 1, 1), ground=GROUND)
    assert field in refused.value.errors


def test_no_fact_without_a_ground(registrar, world):
    with pytest.raises(Invalid) as refused:
        keeping.enter(registrar, world.company.id, ENTRY, valid_from=date(2017, 9, 11))
    assert list(refused.value.errors) == ["ground"]


def test_two_employees_at_one_member_do_not_overwrite_each_other(registrar, world):
    entered(registrar, world)
    seen = keeping.stamp(world.company.id)
    keeping.enter(
        registrar, world.company.id, {"vv_level": "3"}, valid_from=date(2026, 1, 1), ground="1", seen=seen
    )
    with pytest.raises(Conflict):
        keeping.enter(
            registrar, world.company.id, {"vv_level": "4"}, valid_from=date(2026, 1, 1), ground="2", seen=seen
        )


@pytest.mark.parametrize("name", ["clerk", "accountant", "head", "control"])
def test_only_the_registrar_writes_facts(world, name):
    with pytest.raises(Forbidden):
        keeping.enter(world.actor(name), world.company.id, ENTRY, valid_from=date(2026, 1, 1), ground=GROUND)


def test_the_history_of_a_field_names_ground_and_hand(registrar, world):
    entered(registrar, world)
    keeping.enter(registrar, world.company.id, {"vv_level": "3"}, valid_from=date(2026, 1, 1), ground="Совет")
    rows = history.changes(world.company.id, "vv_level")
    assert [(r.value, r.ground, r.by) for r in rows] == [
        ("3", "Совет", "Реестрова Анна Петровна"),
        ("2", GROUND, "Реестрова Анна Петровна"),
    ]
