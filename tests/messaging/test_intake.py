"""Letters become records once, whole, with files; machines are not answered; broken ones are not lost."""

from __future__ import annotations

import io
import json
import threading
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pypdfium2
import pytest

from messaging import incoming, intake, mail
from messaging.model import IntakeLetter, MailMessage
from providers.mail.imap import ImapSource
from providers.mail.pop3 import Pop3Source
from records import ports, query
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, now, writing
from records.model import Record, Remark, StoredFile
from records.ports import MailDelayed
from records.storage import storage
from tests.messaging import servers


def pdf():
    """A page of paper, empty."""
    document, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(200, 200)
    document.save(out)
    return out.getvalue()


PDF = pdf()
EXE = b"MZ\x90\x00" + b"\x00" * 60 + b"PE\x00\x00" + b"\x00" * 200


def letter(
    subject="Просим выписку",
    *,
    sender="Иванов <head@member.example>",
    text="Добрый день",
    files=(),
    **headers,
):
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, "office@baikal.example", subject
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0300"
    message["Message-ID"] = headers.pop("message_id", f"<{abs(hash((subject, text)))}@member.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, data, disposition in files:
        kind = ("application", "pdf") if name.endswith("pdf") else ("application", "octet-stream")
        message.add_attachment(
            data, maintype=kind[0], subtype=kind[1], filename=name, disposition=disposition
        )
    return message.as_bytes()


def letters_of(outcome):
    db.session.rollback()
    return (
        db.session.query(IntakeLetter).filter(IntakeLetter.outcome == outcome).order_by(IntakeLetter.id).all()
    )


def files_of(record_id):
    return [
        f.name
        for f in db.session.query(StoredFile)
        .filter(StoredFile.record_id == record_id)
        .order_by(StoredFile.id)
    ]


@pytest.mark.requirement("R-24", "R-05")
def test_a_letter_lands_in_the_queue_registered_with_its_inline_pdf_and_its_original(world, clerk, drain):
    intake.take(letter(files=[("Скан договора.pdf", PDF, "inline")]), "ящик")
    drain(["intake"])
    row = letters_of("registered")[0]
    record = query.get(clerk, row.record_id)
    assert (record.channel, record.direction, record.state) == ("email", "in", "registered")
    assert record.number_text and record.organisation_id == world.company.id
    assert record.title == "Просим выписку"
    assert files_of(record.id) == ["Скан договора.pdf", intake.ORIGINAL]


@pytest.mark.requirement("R-24")
def test_the_same_letter_twice_is_one_record_and_the_journal_explains(world, drain):
    raw = letter(files=[("Скан.pdf", PDF, "inline")])
    intake.take(raw, "ящик")
    drain(["intake"])
    intake.take(raw, "ящик")
    drain(["intake"])
    first, again = letters_of("registered"), letters_of("duplicate")
    assert db.session.query(Record).count() == 1
    assert (len(first), len(again)) == (1, 1)
    assert again[0].duplicate_of == first[0].id and str(first[0].id) in again[0].note


@pytest.mark.requirement("R-24")
def test_the_same_letter_by_another_route_is_a_repeat(world, drain):
    raw = letter()
    intake.take(raw, "ящик")
    intake.take(
        b"Received: from relay.example by mx.example; Fri, 20 Nov 2026 10:00:01 +0300\r\n" + raw,
        "второй ящик",
    )
    drain(["intake"])
    assert db.session.query(Record).count() == 1


@pytest.mark.requirement("R-24")
def test_pressing_send_twice_is_a_repeat_but_the_same_words_next_week_are_not(world, drain):
    intake.take(letter(message_id="<a@x.example>"), "ящик")
    intake.take(letter(message_id="<b@x.example>"), "ящик")
    drain(["intake"])
    assert db.session.query(Record).count() == 1
    with writing(gate()):
        db.session.query(IntakeLetter).update({"taken_at": now() - timedelta(days=7)})
        db.session.commit()
    intake.take(letter(message_id="<c@x.example>"), "ящик")
    drain(["intake"])
    assert db.session.query(Record).count() == 2


@pytest.mark.requirement("R-24")
def test_another_letter_under_a_used_message_id_is_not_lost(world, drain):
    intake.take(letter("Первое", message_id="<same@x.example>"), "ящик")
    intake.take(letter("Второе", message_id="<same@x.example>"), "ящик")
    drain(["intake"])
    assert [r.title for r in db.session.query(Record).order_by(Record.id)] == ["Первое", "Второе"]
    assert "Message-ID" in letters_of("registered")[1].note


@pytest.mark.requirement("R-24")
def test_a_repeat_may_be_registered_apart_by_a_person(world, drain):
    intake.take(letter(), "ящик")
    again = intake.take(letter(), "ящик").id
    drain(["intake"])
    with writing(gate()):
        intake.register_anyway(again)
        db.session.commit()
    drain(["intake"])
    assert db.session.query(Record).count() == 2


@pytest.mark.requirement("R-24")
def test_eight_fetches_at_once_make_one_record(ctx, world, drain):
    raw = letter(files=[("Скан.pdf", PDF, "attachment")])
    failures = []

    def take():
        with ctx.app_context():
            try:
                intake.take(raw, "ящик")
            except Exception as error:  # shown by the assertion below
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain(["intake"])
    assert failures == []
    assert (db.session.query(Record).count(), len(letters_of("duplicate"))) == (1, 7)


@pytest.mark.requirement("R-24")
def test_a_stop_after_any_step_neither_loses_nor_doubles(world, drain, monkeypatch):
    """The worker dies after the draft, then after the files; the third time it finishes."""
    row_id = intake.take(letter(files=[("Скан.pdf", PDF, "attachment")]), "ящик").id
    attach, finish = intake._attach, intake._finish

    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "_attach", dies)
    with pytest.raises(KeyboardInterrupt):
        intake.register(row_id)
    monkeypatch.setattr(intake, "_attach", attach)
    monkeypatch.setattr(intake, "_finish", dies)
    with pytest.raises(KeyboardInterrupt):
        intake.register(row_id)
    monkeypatch.setattr(intake, "_finish", finish)
    record_id = intake.register(row_id)
    assert intake.register(row_id) == record_id
    assert db.session.query(Record).count() == 1
    assert files_of(record_id) == ["Скан.pdf", intake.ORIGINAL]
    assert db.session.query(MailMessage).filter(MailMessage.about == "receipt").count() == 1


def test_a_hostile_attachment_is_refused_named_and_kept_in_the_original(world, clerk, drain):
    raw = letter(files=[("счёт.pdf.exe", EXE, "attachment"), ("Скан.pdf", PDF, "attachment")])
    intake.take(raw, "ящик")
    drain(["intake"])
    row = letters_of("registered")[0]
    assert files_of(row.record_id) == ["Скан.pdf", intake.ORIGINAL]
    assert "exe" in row.note
    remark = db.session.query(Remark).filter(Remark.record_id == row.record_id).one()
    assert "exe" in remark.text and not remark.is_public
    kept = db.session.query(StoredFile).filter(StoredFile.name == intake.ORIGINAL).one()
    assert storage().path(kept.sha256).read_bytes() == raw


def test_a_forwarded_letter_comes_with_its_files(world, drain):
    inner = EmailMessage(policy=SMTP)
    inner["Subject"], inner["From"] = "Старое письмо", "a@b.example"
    inner.set_content("Внутри")
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="Внутренний.pdf")
    outer = EmailMessage(policy=SMTP)
    outer["From"], outer["Subject"], outer["Message-ID"] = (
        "head@member.example",
        "Пересылаю",
        "<fwd@x.example>",
    )
    outer.set_content("Смотрите вложение")
    outer.add_attachment(inner)
    intake.take(outer.as_bytes(), "ящик")
    drain(["intake"])
    names = files_of(letters_of("registered")[0].record_id)
    assert "Внутренний.pdf" in names and any(
        name.endswith(".eml") and name != intake.ORIGINAL for name in names
    )


@pytest.mark.requirement("R-24")
def test_the_sender_gets_the_number_and_the_receipt_does_not_ask_for_an_answer(world, drain):
    intake.take(letter(message_id="<ask@x.example>"), "ящик")
    drain(["intake"])
    receipt = db.session.query(MailMessage).filter(MailMessage.about == "receipt").one()
    number = db.session.query(Record).one().number_text
    assert (receipt.to_address, receipt.in_reply_to) == ("head@member.example", "<ask@x.example>")
    assert number in receipt.subject
    assert b"Auto-Submitted: auto-replied" in mail.as_bytes(receipt)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=1"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example>"},
        {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"},
        {"sender": "MAILER-DAEMON@x.example"},
        {"sender": "no-reply@x.example"},
    ],
)
def test_a_machine_is_not_answered(world, drain, headers):
    intake.take(letter(**headers), "ящик")
    drain(["intake"])
    assert db.session.query(MailMessage).filter(MailMessage.about == "receipt").count() == 0


def test_two_answering_machines_do_not_talk_for_ever(world, drain):
    for number in range(9):
        intake.take(letter(f"Автоответ {number}"), "ящик")
    drain(["intake"])
    assert (
        db.session.query(MailMessage).filter(MailMessage.about == "receipt").count()
        == intake.RECEIPTS_AN_HOUR
    )
    assert db.session.query(Record).count() == 9


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe\x00\x01 not a letter at all",
        b"Subject: =?utf-8?B?///?=\r\nFrom: \xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd <x\r\n\r\nbody",
        b"Content-Type: multipart/mixed; boundary=x\r\nSubject: broken\r\n\r\n"
        b"--x\r\nContent-Type: application/pdf\r\n\r\nnever closed",
        b"Date: yesterday\r\nSubject: " + b"A" * 5000 + b"\r\n\r\n" + b"x" * 30_000,
        b"From: a@b.example\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xd0\x9f\xd1\x80\xd0\xb8",
        b"From: a@b.example\r\nSubject: nul\x00byte\r\n\r\nte\x00xt",
        b"\r\n\r\n",
    ],
)
@pytest.mark.requirement("R-24")
def test_a_broken_letter_is_registered_all_the_same(world, drain, raw):
    intake.take(raw, "ящик")
    drain(["intake"])
    row = letters_of("registered")[0]
    assert db.session.get(Record, row.record_id).number_text
    assert intake.ORIGINAL in files_of(row.record_id)


def test_a_letter_of_ten_megabytes_is_taken(world, drain):
    big = "Строка протокола\r\n".encode() * 300_000
    intake.take(letter(files=[("Большой.txt", big, "attachment")]), "ящик")
    drain(["intake"])
    stored = db.session.query(StoredFile).filter(StoredFile.name == "Большой.txt").one()
    assert stored.size == len(big)


def bounce(message_id, action="failed"):
    return (
        "From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; head@member.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.requirement("X-10")
def test_a_delivery_report_marks_our_letter_as_come_back_and_makes_no_record(world, drain):
    with writing(gate()):
        mail_id = mail.send("head@member.example", "О проверке", "plain", {"lines": ["Текст"]})
        db.session.commit()
    drain(["mail"])
    intake.take(bounce(db.session.get(MailMessage, mail_id).message_id), "ящик")
    drain(["intake"])
    ours = db.session.get(MailMessage, mail_id)
    assert (ours.state, "550" in ours.error) == ("bounced", True)
    assert (len(letters_of("bounce")), db.session.query(Record).count()) == (1, 0)


def test_a_report_of_delay_is_not_a_loss(world, drain):
    with writing(gate()):
        mail_id = mail.send("head@member.example", "О проверке", "plain", {"lines": ["Текст"]})
        db.session.commit()
    drain(["mail"])
    intake.take(bounce(db.session.get(MailMessage, mail_id).message_id, "delayed"), "ящик")
    assert db.session.get(MailMessage, mail_id).state == "sent"


@pytest.mark.parametrize(("protocol", "source"), [("imap", ImapSource), ("pop3", Pop3Source)])
@pytest.mark.requirement("R-24")
def test_a_crash_between_taking_and_marking_makes_no_double(world, drain, protocol, source):
    server = getattr(servers, protocol)(
        [letter("Первое"), letter("Второе", text="x" * 5000 + "\r\n.точка\r\n")]
    )
    folder = "/INBOX" if protocol == "imap" else ""
    url = f"{protocol}://office:secret@127.0.0.1:{server.port}{folder}"
    ports.use_sources(lambda: source(url))
    try:
        server.dies_before_mark = True
        intake.fetch()
        server.dies_before_mark = False
        intake.fetch()
        intake.fetch()
    finally:
        ports.use_sources()
        server.stop()
    drain(["intake"])
    assert sorted(r.title for r in db.session.query(Record)) == ["Второе", "Первое"]
    assert server.seen == {1, 2} or server.deleted == {1, 2}


def test_a_wrong_password_is_said_in_the_log_and_stops_nothing(world, caplog):
    server = servers.imap([letter()])
    ports.use_sources(lambda: ImapSource(f"imap://office:wrong@127.0.0.1:{server.port}/INBOX"))
    try:
        assert intake.fetch() == 0
    finally:
        ports.use_sources()
        server.stop()
    assert "wrong" not in caplog.text.replace("wrong password", "")


def test_a_box_that_does_not_answer_is_tried_later():
    with pytest.raises(MailDelayed):
        Pop3Source("pop3://office:secret@127.0.0.1:1")


@pytest.mark.requirement("R-24")
def test_letters_come_by_the_command_too(ctx, world, tmp_path):
    path = tmp_path / "письмо.eml"
    path.write_bytes(letter())
    runner = ctx.test_cli_runner()
    dry = json.loads(runner.invoke(args=["mail", "intake", str(path), "--dry-run", "--json"]).stdout)
    assert (dry[0]["outcome"], dry[0]["organisation"]) == ("new", "ООО «Ромашка»")
    assert db.session.query(IntakeLetter).count() == 0
    taken = json.loads(runner.invoke(args=["mail", "intake", str(path), "--json"]).stdout)
    assert taken[0]["outcome"] == "registered" and taken[0]["record"]
    piped = json.loads(runner.invoke(args=["mail", "intake", "--json"], input=letter("Другое")).stdout)
    assert piped[0]["outcome"] == "registered"


def test_a_sender_of_two_companies_is_left_to_the_clerk(world, drain):
    with writing(gate()):
        for company in (world.company, world.other_company):
            db.session.merge(company).email = "shared@group.example"
        db.session.commit()
    assert intake.organisation_of("SHARED@group.example") is None


def test_a_letter_addressed_with_an_injected_header_stays_one_line():
    found = incoming.read(b"From: a@b.example\r\nSubject: =?utf-8?B?0JBcckJjYzogeA0KQmNjOiBldmls?=\r\n\r\n.")
    assert "\n" not in found.subject and "\r" not in found.subject


def test_the_post_acts_only_for_the_program(world):
    assert SYSTEM_ACTOR.is_system and intake.POST.is_system and not intake.POST.is_staff
