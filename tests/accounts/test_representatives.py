"""The head's own people: a specialist and a proxy, and the end of their access."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import keys, representatives
from accounts.actors import actor_for
from accounts.invitations import Invited
from records import parameters, policy, service
from records.actor import Actor
from records.database import db, gate, writing
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.people import Seat, User
from tests.world import CHANGE, draft

NEW = "helper@member.example"


def person(world, **more):
    given = {
        "name": "Помощникова Ольга Ильинична",
        "email": NEW,
        "role": "member_spec",
        "organisation_id": world.company.id,
    }
    return Invited(**{**given, **more})


def seat_of(world, name):
    return db.session.scalars(db.select(Seat).where(Seat.user_id == world.users[name].id)).one()


@pytest.mark.requirement("C-03")
def test_the_head_invites_a_specialist(world, head, letters):
    user = representatives.invite(head, person(world))
    assert len(letters(NEW)) == 1
    assert actor_for(db.session.get(User, user.id)).roles == {"member_spec"}


@pytest.mark.requirement("C-03")
def test_a_proxy_needs_the_term_of_his_power(world, head):
    with pytest.raises(Invalid) as error:
        representatives.invite(head, person(world, role="member_proxy"))
    assert list(error.value.errors) == ["until"]


@pytest.mark.requirement("C-03")
def test_a_proxy_acts_until_his_term_and_no_longer(world, head):
    until = parameters.today() + timedelta(days=30)
    user = representatives.invite(head, person(world, role="member_proxy", until=until))
    seat = db.session.scalars(db.select(Seat).where(Seat.user_id == user.id)).one()
    assert actor_for(user).may_bind
    with writing(gate()):
        seat.valid_until = parameters.today() - timedelta(days=1)
        db.session.commit()
    assert not actor_for(db.session.get(User, user.id, populate_existing=True)).may_bind


@pytest.mark.requirement("C-03")
def test_rights_of_the_three_roles_differ_as_described(head, proxy, specialist):
    binding = [who.may_bind for who in (head, proxy, specialist)]
    letters = [policy.may_create(who, _kind("letter")) for who in (head, proxy, specialist)]
    changes = [
        policy.may_create(who, _kind("register_change_application")) for who in (head, proxy, specialist)
    ]
    assert (binding, letters, changes) == ([True, True, False], [True, True, True], [True, True, False])


def _kind(name):
    from records.kinds import registry

    return registry[name]


@pytest.mark.requirement("C-03")
def test_a_specialist_does_not_file_for_the_company(head, specialist):
    record = draft(head, "register_change_application", **CHANGE)
    with pytest.raises((Forbidden, NotFound)):
        service.act(specialist, record.id, "submit")


@pytest.mark.requirement("C-03")
@pytest.mark.parametrize("who", ["proxy", "specialist", "stranger", "clerk"])
def test_only_the_head_invites_to_his_company(world, who):
    with pytest.raises(Forbidden):
        representatives.invite(world.actor(who), person(world))


def test_the_head_makes_nobody_a_head(world, head):
    with pytest.raises(Invalid):
        representatives.invite(head, person(world, role="member_head"))


@pytest.mark.requirement("C-03")
def test_revoking_closes_sessions_and_keys_at_once(world, head, browser_of, browser):
    theirs = browser_of("specialist")
    seat = seat_of(world, "specialist")
    _, token = keys.issue(world.actor("specialist"), "Обмен", seat.id)
    assert theirs.get("/").status_code == 200
    answer = browser_of("head").post(f"/representatives/{seat.id}/revoke")
    assert answer.location == "/representatives"
    assert theirs.get("/").status_code == 302
    db.session.rollback()
    db.session.expire_all()
    assert keys.actor_of_key(token, "") is None


def test_the_head_of_another_company_revokes_nothing(world, stranger):
    with pytest.raises(NotFound):
        representatives.revoke(stranger, seat_of(world, "specialist").id)


def test_the_head_does_not_shut_himself_out(world, head, clerk):
    with pytest.raises(NotFound):
        representatives.revoke(head, seat_of(world, "head").id)


def test_a_clerk_takes_away_any_seat_of_a_member_but_not_of_staff(world, clerk):
    representatives.revoke(clerk, seat_of(world, "head").id)
    with pytest.raises(NotFound):
        representatives.revoke(clerk, seat_of(world, "admin").id)
    assert actor_for(db.session.get(User, world.users["head"].id)).roles == frozenset()


def test_nobody_revokes_his_own_seat(world, clerk):
    who = Actor(user_id=world.users["head"].id, name="x", roles=frozenset({"sro_clerk"}))
    with pytest.raises(Refused):
        representatives.revoke(who, seat_of(world, "head").id)


def test_a_form_with_a_fault_keeps_what_was_typed(browser_of):
    answer = browser_of("head").post(
        "/representatives/new", {"name": "Помощникова Ольга", "email": "без-собаки", "role": "member_spec"}
    )
    assert answer.status_code == 422
    assert "Помощникова Ольга" in answer.text
    assert "нужен один знак @" in answer.text


@pytest.mark.requirement("C-03")
def test_the_list_shows_people_and_what_they_may(browser_of, world):
    page = browser_of("head").get("/representatives").text
    assert world.users["proxy"].name in page
    assert "не голосует" in page
    assert world.users["stranger"].name not in page
