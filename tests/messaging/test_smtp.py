"""Sending through a real SMTP server: what arrives, what is tried again, what is lost for good."""

from __future__ import annotations

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller

from messaging import mail, notify
from messaging.model import MailMessage
from providers.mail.smtp import SmtpTransport
from records import outbox, ports
from records.database import db, gate, now, writing
from records.model import Outbox
from records.ports import MailDelayed, MailRefused
from tests.world import submitted


class Office:
    """Takes letters, or answers as it was told to."""

    def __init__(self):
        self.got = []
        self.answers = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.got.append((envelope.mail_from, envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def office(ctx):
    handler = Office()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    before = ports.transport()
    transport = SmtpTransport(f"smtp://127.0.0.1:{port}")
    ports.use_transport(transport)
    yield handler
    transport._close()
    ports.use_transport(before)
    controller.stop()


def queue(to="head@member.example", subject="О проверке", **more):
    with writing(gate()):
        mail_id = mail.send(to, subject, "plain", {"lines": ["Добрый день"]}, **more)
        db.session.commit()
    return mail_id


def fate(mail_id):
    db.session.rollback()
    return db.session.get(MailMessage, mail_id, populate_existing=True)


@pytest.mark.requirement("X-10", "R-04")
def test_a_letter_arrives_in_russian_with_text_and_page(world, office, drain):
    mail_id = queue(to_name="Иванов, Иван\r\nBcc: all@evil.example")
    drain(["mail"])
    origin, recipients, message = office.got[0]
    assert (origin, recipients) == ("office@baikal.example", ["head@member.example"])
    assert (message["Subject"], message["Bcc"]) == ("О проверке", None)
    assert message["Message-ID"] == fate(mail_id).message_id
    assert "Добрый день" in message.get_body(("plain",)).get_content()
    assert "Добрый день" in message.get_body(("html",)).get_content()
    assert fate(mail_id).state == "sent" and fate(mail_id).sent_at


@pytest.mark.requirement("X-10")
def test_a_refused_address_is_undelivered_on_the_card_and_told_to_those_who_answer(
    world, head, clerk, office, drain
):
    record = submitted(head)
    drain(["event"])
    office.answers["gone@member.example"] = "550 5.1.1 no such user"
    mail_id = queue("gone@member.example", record_id=record.id)
    drain(["mail", "lost"])
    assert (fate(mail_id).state, "550" in fate(mail_id).error) == ("failed", True)
    card = mail.deliveries(record.id)[0]
    assert (card.title, card.is_lost) == ("не доставлено", True)
    assert any("gone@member.example не доставлено" in line.text for line in notify.lines(clerk))
    assert db.session.query(Outbox).filter(Outbox.topic == "mail").count() == 0


@pytest.mark.requirement("X-10")
def test_a_busy_server_is_tried_again_later_and_once(world, office, drain):
    office.answers["head@member.example"] = "451 4.7.1 greylisted"
    mail_id = queue()
    drain(["mail"])
    row = db.session.query(Outbox).filter(Outbox.topic == "mail").one()
    assert (fate(mail_id).state, row.tries, row.run_at > now()) == ("queued", 1, True)
    office.answers.clear()
    with writing(gate()):
        db.session.query(Outbox).update({"run_at": now()})
        db.session.commit()
    drain(["mail"])
    drain(["mail"])
    assert (fate(mail_id).state, len(office.got)) == ("sent", 1)


def test_a_letter_sent_before_a_crash_is_not_sent_again(world, office, drain):
    mail_id = queue()
    job = outbox.Job(1, "mail", "", {"mail": mail_id}, 0)
    mail.send_jobs([job])
    mail.send_jobs([job])
    assert len(office.got) == 1


def test_after_the_last_try_the_letter_is_undelivered(world, office):
    office.answers["head@member.example"] = "421 closing"
    mail_id = queue()
    mail.send_jobs([outbox.Job(1, "mail", "", {"mail": mail_id}, outbox.MAX_TRIES - 1)])
    assert fate(mail_id).state == "failed"


def test_a_one_time_link_is_erased_once_sent(world, office, drain):
    with writing(gate()):
        mail_id = mail.send(
            "head@member.example", "Вход", "plain", {"lines": ["ссылка-12345"]}, about="reset"
        )
        db.session.commit()
    drain(["mail"])
    assert "ссылка-12345" in office.got[0][2].get_body(("plain",)).get_content()
    assert "ссылка-12345" not in fate(mail_id).text + fate(mail_id).html


def test_three_hundred_letters_share_a_connection(world, office, drain):
    with writing(gate()):
        for number in range(300):
            mail.send(f"m{number}@member.example", "Приглашение", "plain", {"lines": ["Добрый день"]})
        db.session.commit()
    drain(["mail"])
    assert {to for _, [to], _ in office.got} == {f"m{n}@member.example" for n in range(300)}


def test_a_server_that_is_down_is_tried_later():
    with pytest.raises(MailDelayed):
        SmtpTransport("smtp://127.0.0.1:1").send("a@b.example", "c@d.example", b"Subject: x\r\n\r\n.")


def test_a_password_is_not_sent_in_the_clear(monkeypatch, office):
    transport = SmtpTransport(f"smtp://user:secret@127.0.0.1:{ports.transport().server.port}")
    monkeypatch.setattr("providers.mail.smtp.LOCAL", frozenset())
    with pytest.raises(MailDelayed, match="шифрования"):
        transport.send("a@b.example", "c@d.example", b"Subject: x\r\n\r\n.")


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp:///x"])
def test_a_wrong_setting_is_said_at_the_start(url):
    with pytest.raises(ValueError, match="Адрес почтового сервера"):
        SmtpTransport(url)


def test_refusals_are_told_apart():
    from providers.mail.smtp import _answer

    assert isinstance(_answer(550, b"no"), MailRefused) and isinstance(_answer(450, b"later"), MailDelayed)
