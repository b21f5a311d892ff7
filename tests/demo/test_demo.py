"""The demo is a true СРО: made by the services, in the order of time, with people who can log in."""

from __future__ import annotations

from itertools import pairwise

import pytest

from accounts import passwords
from demo import builder, logins
from demo.people import STAFF
from records import history
from records.actor import STAFF_ROLES
from records.database import db
from records.errors import Refused
from records.identifiers import check_inn
from records.model import Number, Record
from records.people import Organisation, User
from tests.world import World


@pytest.fixture
def empty(ctx):
    """An installation before its first person."""
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())
    db.session.commit()
    return ctx


@pytest.fixture
def built(empty):
    return builder.build(members=12, records=70, seed=3, say=lambda made: None)


@pytest.mark.requirement("R-01")
def test_the_demo_is_made_by_the_services_and_in_the_order_of_time(built):
    assert built == db.session.query(Record).count() > 50
    assert list(history.verify()) == []
    numbers = db.session.query(Number).order_by(Number.series, Number.year, Number.seq).all()
    for earlier, later in pairwise(numbers):
        if (earlier.series, earlier.year) == (later.series, later.year):
            assert later.seq == earlier.seq + 1
            assert later.issued_on >= earlier.issued_on
    assert {r.organisation_id is not None for r in db.session.query(Record).filter_by(direction="in")} == {
        True
    }
    assert db.session.query(Record).filter(Record.number_text.is_not(None)).count() > 20


def test_every_printed_login_opens_and_every_role_of_the_staff_is_there(built):
    for _, login, password in logins():
        user = db.session.query(User).filter_by(email=login).one()
        assert passwords.verify(password, user.password_hash)
        assert user.seats
    assert {role for _, _, role in STAFF} == STAFF_ROLES
    assert len(STAFF) >= 12


def test_members_are_invented_with_valid_numbers_and_one_person_serves_several(built):
    members = db.session.query(Organisation).all()
    assert all(check_inn(str(company.inn)) is None for company in members)
    proxy = db.session.query(User).filter_by(email="predstavitel@demo.example").one()
    assert len({seat.organisation_id for seat in proxy.seats}) >= 2


def test_it_is_not_put_over_a_living_installation(world: World):
    with pytest.raises(Refused, match="не пуста"):
        builder.build(members=5, records=5, seed=1, say=lambda made: None)


def test_the_second_call_says_that_all_is_there(built, application):
    assert builder.is_loaded()
    result = application.test_cli_runner().invoke(args=["seed", "demo"])
    assert result.exit_code == 0
    assert "уже загружено" in result.output
