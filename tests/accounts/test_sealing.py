"""The secret of the second factor is encrypted at rest; a clear one is sealed at its first use."""

from __future__ import annotations

from dataclasses import replace

import pyotp
import pytest
from flask import current_app

from accounts import sealing, totp
from records.database import db, gate, writing
from records.errors import Refused
from records.people import User

CLEAR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person(world):
    return db.session.get(User, world.users["head"].id)


@pytest.fixture
def another_secret(monkeypatch):
    """The server has been given another VECHE_SECRET_KEY."""
    settings = current_app.extensions["settings"]
    monkeypatch.setitem(current_app.extensions, "settings", replace(settings, secret_key="another"))


def kept(person):
    db.session.rollback()
    return db.session.scalar(db.select(User.totp_secret).where(User.id == person.id))


def connected(person):
    secret = totp.begin(person)
    codes = totp.confirm(person, pyotp.TOTP(secret).now())
    return secret, codes


@pytest.mark.requirement("C-49")
def test_neither_the_pending_nor_the_working_secret_is_kept_in_the_clear(person):
    secret = totp.begin(person)
    row = db.session.get(totp.SecondFactor, person.id)
    assert secret not in row.pending_secret
    assert totp.pending(person.id) == secret == totp.begin(person)
    totp.confirm(person, pyotp.TOTP(secret).now())
    assert kept(person).startswith(sealing.MARK)
    assert secret not in kept(person)
    assert len(kept(person)) <= 200


@pytest.mark.requirement("C-49")
def test_two_seals_of_one_secret_differ_and_open_to_the_same(ctx):
    first, second = sealing.seal(CLEAR), sealing.seal(CLEAR)
    assert first != second
    assert sealing.unseal(first) == sealing.unseal(second) == CLEAR


@pytest.mark.requirement("C-49")
def test_a_secret_kept_in_the_clear_still_works_and_is_sealed_at_first_use(person, world):
    with writing(gate()):
        person.totp_secret = CLEAR
        db.session.commit()
    totp.check(person, pyotp.TOTP(CLEAR).now())
    assert sealing.is_sealed(kept(person))
    assert sealing.unseal(kept(person)) == CLEAR


@pytest.mark.requirement("C-49")
def test_a_wrong_code_seals_nothing(person):
    with writing(gate()):
        person.totp_secret = CLEAR
        db.session.commit()
    with pytest.raises(Refused):
        totp.check(person, "000000")
    assert kept(person) == CLEAR


@pytest.mark.requirement("C-49", "U-17")
def test_under_another_server_secret_a_person_is_told_what_to_do_and_spare_codes_work(person, another_secret):
    original = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(original, secret_key="test-key")
    secret, codes = connected(person)
    current_app.extensions["settings"] = original
    with pytest.raises(Refused, match="запасному коду"):
        totp.check(person, pyotp.TOTP(secret).now())
    totp.check(person, codes[0])


def test_a_bitten_seal_is_refused_and_no_fault(ctx):
    with pytest.raises(Refused):
        sealing.unseal(sealing.seal(CLEAR)[:-4])
