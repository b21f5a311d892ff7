"""By the clock, rows that only served a moment are forgotten; what somebody may still need stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import expiry as account_expiry
from accounts import sessions
from accounts.model import LoginAttempt, LoginSession
from messaging import keeping
from messaging.model import Notification
from records import expiry, parameters, timers
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, now, writing
from records.model import History, OnceToken, Record
from tests.world import submitted


def days(count):
    return timedelta(days=count)


def add(*rows):
    with writing(gate()):
        db.session.add_all(rows)
        db.session.commit()


def left(column):
    db.session.rollback()
    return set(db.session.scalars(db.select(column)))


def test_tokens_of_acts_done_long_ago_are_forgotten_and_fresh_ones_still_protect(world):
    add(
        OnceToken(token="old", result={}, created_at=now() - days(15)),
        OnceToken(token="fresh", result={}, created_at=now() - days(13)),
    )
    assert expiry.forget_tokens() == 1
    assert left(OnceToken.token) == {"fresh"}


def test_many_rows_go_in_small_transactions_to_the_last(world, monkeypatch):
    monkeypatch.setattr(expiry, "BATCH", 3)
    add(*(OnceToken(token=f"t{n}", result={}, created_at=now() - days(30)) for n in range(7)))
    assert expiry.forget_tokens() == 7
    assert left(OnceToken.token) == set()


def notice(world, text, age, *, read=True, mail=""):
    return Notification(
        user_id=world.users["head"].id,
        group="records",
        subject=text,
        text=text,
        at=now() - days(age),
        read_at=now() - days(age) if read else None,
        mail_state=mail,
    )


@pytest.mark.requirement("C-43")
def test_read_notices_past_the_term_go_and_unread_or_unsent_ones_stay(world):
    add(
        notice(world, "старое", 400),
        notice(world, "свежее", 300),
        notice(world, "не прочитано", 4000, read=False),
        notice(world, "ждёт сводки", 400, mail="digest"),
    )
    assert keeping.forget_notices() == 1
    assert left(Notification.subject) == {"свежее", "не прочитано", "ждёт сводки"}


@pytest.mark.requirement("C-43")
def test_the_term_of_notices_is_a_setting(world):
    add(notice(world, "свежее", 300))
    with writing(gate()):
        parameters.put(SYSTEM_ACTOR, keeping.SETTING, 200, valid_from=parameters.today())
        db.session.commit()
    assert keeping.forget_notices() == 1


@pytest.mark.requirement("C-49")
def test_sessions_that_ended_long_ago_are_forgotten_and_live_ones_stay(world):
    user = world.users["head"]
    entries = {}
    for name in ("closed long ago", "silent for long", "closed lately", "live"):
        entries[name], _ = sessions.open_session(user, method="password", address="", agent=name)
    with writing(gate()):
        for name, values in {
            "closed long ago": {"closed_at": now() - days(91)},
            "silent for long": {"seen_at": now() - days(100)},
            "closed lately": {"closed_at": now() - days(3)},
        }.items():
            db.session.execute(
                db.update(LoginSession).where(LoginSession.id == entries[name].id).values(**values)
            )
        db.session.commit()
    assert account_expiry.forget_sessions() == 2
    assert left(LoginSession.agent) == {"closed lately", "live"}


def test_counted_tries_are_forgotten_when_they_delay_nobody(world):
    add(
        LoginAttempt(key="name:old", at=now() - days(1)),
        LoginAttempt(key="name:new", at=now() - timedelta(minutes=10)),
    )
    account_expiry.forget_attempts()
    assert left(LoginAttempt.key) == {"name:new"}


def test_the_clock_does_all_of_it_and_touches_no_record(world, head, drain):
    submitted(head)
    drain()
    before = left(Record.id), left(History.digest)
    add(
        OnceToken(token="old", result={}, created_at=now() - days(15)),
        LoginAttempt(key="name:old", at=now() - days(1)),
        notice(world, "старое", 400),
    )
    timers.start_due()
    drain(["timer"])
    assert "old" not in left(OnceToken.token)
    assert "name:old" not in left(LoginAttempt.key)
    assert "старое" not in left(Notification.subject)
    assert (left(Record.id), left(History.digest)) == before
