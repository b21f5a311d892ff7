"""Outgoing mail: the queue, retries, refusals, and nothing written under a header."""

from __future__ import annotations

import email
import email.policy

import pytest

from messaging import mail
from messaging.model import MailMessage
from records.database import db, gate, writing


def queue(to="head@member.example", subject="О проверке", **more):
    with writing(gate()):
        mail_id = mail.send(to, subject, "plain", {"lines": ["Добрый день"]}, **more)
        db.session.commit()
    return mail_id


@pytest.mark.requirement("X-10")
def test_a_letter_is_queued_in_the_present_transaction(world):
    with writing(gate()):
        mail.send("head@member.example", "О проверке", "plain", {"lines": ["Добрый день"]})
        db.session.rollback()
    assert db.session.query(MailMessage).count() == 0


def test_a_subject_cannot_add_a_header(world):
    letter = db.session.get(MailMessage, queue(subject="Тема\r\nBcc: all@evil.example\n\nтело"))
    message = email.message_from_bytes(mail.as_bytes(letter), policy=email.policy.default)
    assert (message["Bcc"], message["Subject"]) == (None, "Тема Bcc: all@evil.example тело")
