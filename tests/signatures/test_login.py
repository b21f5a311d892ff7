"""Coming in by a certificate: five lines, once, in this browser, of the person the account is bound to
(C-06)."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from cryptography import x509

from records.actor import SYSTEM_ACTOR
from records.database import db, gate, now, writing
from records.errors import Refused
from signatures import login, trust
from signatures.model import LoginChallenge
from tests.signatures.conftest import head_owner

HERE = "browser-secret"


def answer(signer, text, *, detached=True):
    return signer.sign_cades(text.encode(), detached=detached)


def nonce_of(text):
    return dict(line.split("=", 1) for line in text.split("\n"))["nonce"]


@pytest.fixture
def signer(authority):
    return authority.signer(head_owner())


@pytest.fixture
def bound(signer, head):
    text = login.challenge(HERE, "https://site", purpose="bind")
    return login.bind(head, HERE, nonce_of(text), answer(signer, text))


def enter(signer, text, *, holder=HERE):
    return login.enter(holder, nonce_of(text), answer(signer, text), "127.0.0.1")


@pytest.mark.requirement("C-06")
def test_a_bound_certificate_lets_in_even_when_renewed(authority, bound, world):
    text = login.challenge(HERE, "https://site")
    assert [line.partition("=")[0] for line in text.split("\n")] == [
        "purpose",
        "origin",
        "nonce",
        "issued",
        "expires",
    ]
    renewed = authority.signer(head_owner())
    found = enter(renewed, text)
    assert found.user.id == world.users["head"].id and found.seat_id is not None


@pytest.mark.requirement("C-06")
def test_the_same_answer_does_not_work_twice(signer, bound):
    text = login.challenge(HERE, "https://site")
    enter(signer, text)
    with pytest.raises(Refused, match="уже использован"):
        enter(signer, text)


@pytest.mark.requirement("C-06")
def test_a_failed_answer_spends_the_challenge(authority, signer, bound):
    text = login.challenge(HERE, "https://site")
    with pytest.raises(Refused):
        login.enter(HERE, nonce_of(text), answer(signer, text + " "), "127.0.0.1")
    with pytest.raises(Refused, match="уже использован"):
        enter(signer, text)


@pytest.mark.requirement("C-06")
def test_another_browser_and_a_late_answer_are_refused(signer, bound):
    text = login.challenge(HERE, "https://site")
    with pytest.raises(Refused):
        enter(signer, text, holder="another browser")
    text = login.challenge(HERE, "https://site")
    with writing(gate()):
        db.session.execute(db.update(LoginChallenge).values(expires_at=now() - timedelta(seconds=1)))
        db.session.commit()
    with pytest.raises(Refused, match="Время подписания вышло"):
        enter(signer, text)


@pytest.mark.requirement("C-06")
def test_a_foreign_certificate_is_refused_with_a_reason(authority, bound):
    stranger = authority.signer(head_owner(snils="00000000000", inn="770123456703"))
    with pytest.raises(Refused, match="не привязан"):
        enter(stranger, login.challenge(HERE, "https://site"))
    other = head_owner(organization="АО «Лютик»", inn_legal="6732455543", ogrn="1236753544059")
    with pytest.raises(Refused, match="Лютик"):
        enter(authority.signer(other), login.challenge(HERE, "https://site"))


@pytest.mark.requirement("C-06")
def test_a_revoked_certificate_does_not_let_in(authority, signer, bound):
    serial = x509.load_der_x509_certificate(signer.certificate()).serial_number
    trust.add_list(SYSTEM_ACTOR, authority.root.crl((serial,), at=authority.at - timedelta(minutes=1)))
    with pytest.raises(Refused, match="отозван"):
        enter(signer, login.challenge(HERE, "https://site"))


@pytest.mark.requirement("C-06")
def test_an_answer_to_binding_does_not_log_in(signer, bound):
    text = login.challenge(HERE, "https://site", purpose="bind")
    with pytest.raises(Refused):
        enter(signer, text)


@pytest.mark.requirement("C-06")
def test_the_same_person_is_not_tied_to_two_accounts(signer, bound, proxy):
    text = login.challenge(HERE, "https://site", purpose="bind")
    with pytest.raises(Refused, match="другой учётной записи"):
        login.bind(proxy, HERE, nonce_of(text), answer(signer, text))


@pytest.mark.requirement("C-06")
def test_the_pages_bind_and_let_in(authority, signer, browser_of, browser):
    mine = browser_of("head")
    text = mine.post("/profile/certificates/challenge", json={}).json["text"]
    sent = {"nonce": nonce_of(text), "signature": base64.b64encode(answer(signer, text)).decode()}
    assert "Иванов" in mine.post("/profile/certificates", json=sent).json["owner"]
    assert "Иванов Иван Иванович" in mine.get("/profile/certificates").text
    text = browser.post("/login/certificate/challenge", json={}).json["text"]
    sent = {"nonce": nonce_of(text), "signature": base64.b64encode(answer(signer, text)).decode()}
    done = browser.post("/login/certificate", json=sent)
    assert done.status_code == 200, done.text
    assert "ООО «Ромашка»" in browser.get("/", follow_redirects=True).text
    assert browser.post("/login/certificate", json=sent).status_code == 422
