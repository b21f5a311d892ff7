"""API keys: shown once, of one seat, stopped at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import keys
from accounts.actors import as_member
from accounts.model import ApiKey
from records import parameters
from records.database import db, gate, writing
from records.errors import Forbidden, Invalid, NotFound
from records.people import Seat


def seat_of(world, name):
    return db.session.scalars(db.select(Seat).where(Seat.user_id == world.users[name].id)).one()


def test_a_key_acts_as_its_person_in_its_seat(world, head):
    _, token = keys.issue(head, "Обмен с 1С", seat_of(world, "head").id)
    actor = keys.actor_of_key(token, "10.0.0.1")
    assert (actor.user_id, actor.roles, actor.organisation_id) == (
        head.user_id,
        head.roles,
        head.organisation_id,
    )
    assert (actor.channel, actor.address) == ("api", "10.0.0.1")


def test_the_key_itself_is_not_kept(world, head):
    key, token = keys.issue(head, "Обмен", None)
    assert token not in (key.key_hash, key.prefix)
    assert token.startswith(key.prefix)


@pytest.mark.parametrize("token", ["", "veche_", "veche_неверный", "Bearer x"])
def test_an_unknown_key_is_nobody(world, token):
    assert keys.actor_of_key(token, "") is None


def test_a_revoked_key_stops(world, head):
    key, token = keys.issue(head, "Обмен", None)
    keys.revoke(head, key.id)
    assert keys.actor_of_key(token, "") is None


def test_a_key_of_a_lapsed_seat_stops_and_does_not_move_to_another_company(world, head):
    seat = seat_of(world, "head")
    _, token = keys.issue(head, "Обмен", seat.id)
    with writing(gate()):
        db.session.add(Seat(user_id=head.user_id, organisation_id=world.other_company.id, role="member_spec"))
        seat.valid_until = parameters.today() - timedelta(days=1)
        db.session.commit()
    db.session.expire_all()
    assert keys.actor_of_key(token, "") is None


def test_nobody_revokes_the_key_of_another(world, head, stranger):
    key, _ = keys.issue(head, "Обмен", None)
    with pytest.raises(NotFound):
        keys.revoke(stranger, key.id)


def test_a_key_does_not_make_keys(world, head):
    _, token = keys.issue(head, "Обмен", None)
    with pytest.raises(Forbidden):
        keys.issue(keys.actor_of_key(token, ""), "Ещё", None)


def test_one_who_looks_through_others_eyes_gets_no_key(world, curator):
    with pytest.raises(Forbidden):
        keys.issue(as_member(curator, world.company.id), "Обмен", None)


def test_a_key_needs_a_name(head):
    with pytest.raises(Invalid):
        keys.issue(head, "  ", None)


def test_the_page_shows_the_key_once_and_revokes_it(browser_of, world):
    browser = browser_of("head")
    page = browser.post("/profile/keys", {"name": "Обмен с 1С"}).text
    token = page.partition("<code>")[2].partition("</code>")[0]
    assert keys.actor_of_key(token, "").user_id == world.users["head"].id
    assert token not in browser.get("/profile/keys").text
    key = db.session.scalars(db.select(ApiKey)).one()
    assert key.seat_id is not None
    browser.post(f"/profile/keys/{key.id}/revoke")
    db.session.rollback()
    assert keys.actor_of_key(token, "") is None
