"""The organisation's own key: installed, tried, used on many papers, resumed after a kill (S-08, S-22)."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest

from desk.model import Job
from messaging.model import Notification
from records import parameters, query, service
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, writing
from records.errors import Forbidden, Invalid, Refused
from records.model import Outbox
from signatures import intake, ours
from signatures.model import OrganisationKey, Signature
from signatures.ports import vault
from tests.signatures.conftest import office_owner, password
from tests.world import draft, submitted

RESPONSIBLE = "Директоров О. И., приказ № 1"


@pytest.fixture
def key(authority, admin):
    secret = password()
    return ours.install(admin, authority.p12(office_owner(), secret), secret, responsible=RESPONSIBLE)


def outgoing(clerk, curator, director, head, count=1):
    made = []
    for _n in range(count):
        request = submitted(head)
        service.act(clerk, request.id, "take")
        reply = service.start_reply(curator, request.id)
        service.save(curator, reply.id, {"subject": "Об ответе", "text": "Отвечаем."})
        service.act(curator, reply.id, "to_sign")
        service.act(director, reply.id, "sign")
        service.attach_bytes(
            SYSTEM_ACTOR, reply.id, f"%PDF-{reply.id}".encode(), "Ответ.pdf", media_type="application/pdf"
        )
        made.append(reply.id)
    return made


@pytest.mark.requirement("S-08")
def test_a_key_is_tried_sealed_and_never_shown(key, authority, admin, instance):
    folder = instance / "keys"
    sealed = (folder / key.sealed_name).read_bytes()
    assert b"p12" not in sealed and (folder / key.sealed_name).stat().st_mode & 0o077 == 0
    assert b"p12" in vault().get(key.sealed_name)
    assert ours.try_key(admin).is_ready and ours.health().is_ready


@pytest.mark.requirement("S-08")
def test_a_wrong_password_or_a_foreign_hand_installs_nothing(authority, admin, clerk):
    p12 = authority.p12(office_owner(), "right-one")
    with pytest.raises(Invalid, match="пароль"):
        ours.install(admin, p12, "wrong-one", responsible=RESPONSIBLE)
    with pytest.raises(Forbidden):
        ours.install(clerk, p12, "right-one", responsible=RESPONSIBLE)
    with pytest.raises(Invalid, match="приказ"):
        ours.install(admin, p12, "right-one")
    assert ours.active() is None


@pytest.mark.requirement("S-08", "S-22")
def test_many_letters_are_signed_in_one_action_with_a_result_for_each(
    key, authority, clerk, curator, director, head, drain
):
    ids = outgoing(clerk, curator, director, head, count=3)
    unsigned = draft(head)
    job = ours.start(director, [*ids, unsigned.id], token="t")
    drain(["sign"])
    db.session.expire_all()
    done = db.session.get(Job, job.id)
    assert [bool(row["done"]) for row in done.report] == [True, True, True, False]
    assert (done.state, done.done) == ("done", 4)
    for record_id in ids:
        entry = intake.of_record(record_id)[0]
        assert (entry.source, entry.indication, entry.authority) == ("server", "TOTAL_PASSED", "authorised")


@pytest.mark.requirement("S-22")
def test_a_job_killed_in_the_middle_goes_on_and_signs_nothing_twice(
    key, clerk, curator, director, head, drain, monkeypatch
):
    monkeypatch.setattr(ours, "SLICE", 2)
    ids = outgoing(clerk, curator, director, head, count=3)
    job = ours.start(director, ids, token="t")
    real, calls = ours.sign_file, []

    def dies(actor, document, record):
        calls.append(document.id)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return real(actor, document, record)

    monkeypatch.setattr(ours, "sign_file", dies)
    drain(["sign"])
    with writing(gate()):
        db.session.execute(
            db.update(Outbox).where(Outbox.topic == "sign").values(run_at=key.added_at - timedelta(days=1))
        )
        db.session.commit()
    drain(["sign"])
    db.session.expire_all()
    assert db.session.get(Job, job.id).done == 3
    assert db.session.scalar(db.select(db.func.count()).select_from(Signature)) == 3


@pytest.mark.requirement("S-08")
def test_without_rights_or_a_key_nothing_is_signed(authority, head, director, curator, clerk):
    with pytest.raises(Forbidden):
        ours.start(head, [1], token="t")
    with pytest.raises(Refused, match="не установлен"):
        ours.start(director, [1], token="t")


@pytest.mark.requirement("S-08")
def test_a_letter_is_signed_before_it_goes_out_when_the_office_asks(
    key, clerk, curator, director, head, drain, browser_of
):
    with writing(gate()):
        parameters.put(
            SYSTEM_ACTOR, "signatures.auto_sign", True, valid_from=parameters.today() - timedelta(days=1)
        )
        db.session.commit()
    request = submitted(head)
    service.act(clerk, request.id, "take")
    reply = service.start_reply(curator, request.id)
    service.save(curator, reply.id, {"subject": "Об ответе", "text": "Отвечаем."})
    service.act(curator, reply.id, "to_sign")
    service.act(director, reply.id, "sign")
    drain(["print"])
    found = query.get(head, reply.id)
    assert found.state == "sent"
    entry = intake.of_record(reply.id)[0]
    assert entry.indication == "TOTAL_PASSED"
    page = browser_of("head").get(f"/records/{reply.id}").text
    assert "Подпись верна" in page and "тестовая" in page


@pytest.mark.requirement("S-08")
def test_the_end_of_the_certificate_is_told_ahead(authority, admin, world):
    secret = password()
    p12 = authority.p12(office_owner(), secret, days=20)
    ours.install(admin, p12, secret, responsible=RESPONSIBLE)
    ours.warn_of_end()
    ours.warn_of_end()
    told = db.session.scalars(
        db.select(Notification).where(Notification.user_id == world.users["admin"].id)
    ).all()
    assert len(told) == 1 and "Сертификат ключа СРО" in told[0].text


@pytest.mark.requirement("S-08")
def test_the_settings_page_takes_tries_and_retires_a_key(authority, browser_of, admin):
    page = browser_of("admin")
    secret = password()
    sent = {
        "file": (io.BytesIO(authority.p12(office_owner(), secret)), "key.p12"),
        "password": secret,
        "responsible": RESPONSIBLE,
    }
    assert page.post("/settings/signatures/key", sent, content_type="multipart/form-data").status_code == 302
    assert (
        "Проба подписана и проверена" in page.post("/settings/signatures/key/try", follow_redirects=True).text
    )
    row = db.session.scalars(db.select(OrganisationKey)).one()
    page.post(f"/settings/signatures/key/{row.id}/retire")
    with pytest.raises(FileNotFoundError):
        vault().get(row.sealed_name)
    assert browser_of("clerk").get("/settings/signatures").status_code == 403


@pytest.mark.requirement("S-08")
def test_a_gost_key_is_taken_where_the_engine_is_and_refused_in_words_where_it_is_not(authority, admin):
    folder = Path(__file__).parents[1] / "data" / "signing" / "identities"
    p12 = (folder / "sro-seal.TEST-ONLY.p12").read_bytes()
    certificate = (folder / "sro-seal.cer").read_bytes()
    with pytest.raises(Invalid):
        ours.install(admin, p12, "test", responsible=RESPONSIBLE)
    try:
        row = ours.install(admin, p12, "test", responsible=RESPONSIBLE, certificate=certificate)
    except Invalid as refused:
        assert "OpenSSL" in str(refused) or "openssl" in str(refused)
    else:
        assert "ГОСТ" in row.facts["algorithm"] and ours.sign_bytes(b"day") is not None


@pytest.mark.requirement("S-08", "R-32")
def test_the_marked_rows_of_the_list_are_signed_with_progress(
    key, clerk, curator, director, head, browser_of, drain
):
    ids = outgoing(clerk, curator, director, head, count=2)
    page = browser_of("director")
    assert "Подписать ключом СРО" in page.get("/records?direction=out").text
    begun = page.post("/records/bulk", {"verb": "own_signature", "ids": ids})
    drain(["sign"])
    report = page.get(begun.headers["Location"]).text
    assert report.count("Подписано: Ассоциация СРО «Байкал»") == 2
    assert page.post(f"/records/{ids[0]}/own-signature").status_code == 302
