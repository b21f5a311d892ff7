"""The simple signature: agreement, password or code, a chained journal (S-02)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from messaging.model import MailMessage
from records import query, service
from records.database import db
from records.errors import Invalid, Refused
from signatures import simple
from signatures.model import SimpleSignature
from tests.world import PASSWORD


@pytest.fixture
def agreed(head):
    simple.agree(head, PASSWORD)
    return head


@pytest.mark.requirement("S-02")
def test_without_an_agreement_there_is_no_simple_signature(head, letter_with):
    record, _ = letter_with()
    with pytest.raises(Refused, match="примите соглашение"):
        simple.sign(head, record.id, password=PASSWORD)
    with pytest.raises(Invalid):
        simple.agree(head, "не тот пароль")


@pytest.mark.requirement("S-02")
def test_the_password_is_asked_again_and_the_journal_keeps_who_when_and_what(agreed, letter_with):
    record, _ = letter_with(b"body")
    with pytest.raises(Invalid, match="Пароль введён неверно"):
        simple.sign(agreed, record.id, password="мимо")
    row = simple.sign(agreed, record.id, password=PASSWORD, agent="tests")
    file = query.files(record)[0]
    assert row.documents[1]["sha256"] == file.sha256 and row.factor == "password"
    assert (row.person, row.rules_version) == ("Иванов Иван Иванович", simple.rules()[0])
    assert re.match(r"Подписано простой электронной подписью: Иванов Иван Иванович, \d\d\.", simple.mark(row))
    assert list(simple.faults()) == []


@pytest.mark.requirement("S-02")
def test_a_code_by_mail_names_the_bytes_and_works_once(agreed, letter_with):
    record, _ = letter_with(b"body")
    sent = simple.send_code(agreed, record.id)
    letter = db.session.scalars(db.select(MailMessage).order_by(MailMessage.id.desc())).first()
    code = re.search(r"\b\d{6}\b", letter.text).group()
    assert sent.documents_digest in letter.text
    wrong = "000000" if code != "000000" else "111111"
    with pytest.raises(Invalid, match="неверно"):
        simple.sign(agreed, record.id, code=wrong)
    row = simple.sign(agreed, record.id, code=code)
    assert row.factor == "code" and code not in str(row.code_hash)
    with pytest.raises(Invalid):
        simple.sign(agreed, record.id, code=code)


@pytest.mark.requirement("S-02", "S-19")
def test_a_code_for_another_wording_signs_nothing(agreed, letter_with):
    record, _ = letter_with(b"body")
    simple.send_code(agreed, record.id)
    letter = db.session.scalars(db.select(MailMessage).order_by(MailMessage.id.desc())).first()
    code = re.search(r"\b\d{6}\b", letter.text).group()
    service.save(agreed, record.id, {"text": "Совсем другое."})
    with pytest.raises(Invalid, match="для другой редакции"):
        simple.sign(agreed, record.id, code=code)


@pytest.mark.requirement("S-02")
def test_five_wrong_codes_end_the_code(agreed, letter_with):
    record, _ = letter_with(b"body")
    simple.send_code(agreed, record.id)
    for _n in range(5):
        with pytest.raises(Invalid):
            simple.sign(agreed, record.id, code="12345")
    with pytest.raises(Invalid, match="слишком много раз"):
        simple.sign(agreed, record.id, code="12345")


@pytest.mark.requirement("S-02")
def test_a_changed_journal_is_found_out(agreed, letter_with):
    from records.schema import drop_triggers, install_triggers

    for body in (b"one", b"two"):
        record, _ = letter_with(body)
        simple.sign(agreed, record.id, password=PASSWORD)
    first = db.session.scalars(db.select(SimpleSignature).order_by(SimpleSignature.id)).first()
    number, operation = first.id, first.operation
    db.session.rollback()
    with db.engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(
            text("UPDATE simple_signature SET person = 'Другой' WHERE id = :id"), {"id": number}
        )
        install_triggers(connection)
    db.session.expire_all()
    assert any(operation in fault.text for fault in simple.faults())


@pytest.mark.requirement("S-02")
def test_a_power_of_attorney_is_not_signed_simply(agreed):
    from tests.world import draft

    record = draft(agreed, "power_of_attorney", person="Петров", issued_on="2026-01-01", powers=["all"])
    with pytest.raises(Refused, match="квалифицированной"):
        simple.sign(agreed, record.id, password=PASSWORD)


def test_the_page_of_the_agreement_takes_the_password(browser_of, head):
    page = browser_of("head")
    assert page.post("/profile/simple-signature", {"password": "мимо"}).status_code == 422
    assert page.post("/profile/simple-signature", {"password": PASSWORD}).status_code == 302
    assert "Вы приняли соглашение" in page.get("/profile/simple-signature").text


@pytest.mark.requirement("S-02")
def test_sending_asks_for_the_password_again(agreed, letter_with, browser_of):
    record, _ = letter_with(b"body")
    page = browser_of("head")
    address = f"/records/{record.id}/act/submit"
    assert "Пароль от кабинета" in page.get(address).text
    refused = page.post(address, {"password": "мимо"})
    assert refused.status_code == 422 and "Пароль введён неверно" in refused.text
    assert query.get(agreed, record.id).number_text is None and simple.of_record(record.id) == []
    done = page.post(address, {"password": PASSWORD})
    assert done.status_code == 302, done.text
    db.session.rollback()  # the reading of before the sending ends
    assert query.get(agreed, record.id).number_text is not None
    signed = simple.of_record(record.id)[0]
    assert signed.documents[1]["sha256"] == query.files(record)[0].sha256
    assert signed.operation in page.get(f"/records/{record.id}").text
