"""A signed reply is printed by the program and sent; a filing gets its receipt."""

from __future__ import annotations

import io

import pypdfium2
import pytest

from printing import check_code
from records import query, service
from records.model import Record
from records.storage import storage
from tests.world import draft, submitted


def read(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join("\n".join(page.get_textpage().get_text_range() for page in document).split())
    return text.replace("\u00a0", " ")


def text_of(sha256: str) -> str:
    return read(storage().path(sha256).read_bytes())


def answered(head, clerk, curator, director) -> tuple[Record, Record]:
    request = submitted(head)
    service.act(clerk, request.id, "take")
    reply = service.start_reply(curator, request.id)
    service.save(
        curator,
        reply.id,
        {"subject": "О сроках проверки", "text": "Проверка пройдёт в мае.\nГотовьте документы."},
    )
    service.act(curator, reply.id, "to_sign")
    service.act(director, reply.id, "sign")
    return request, reply


@pytest.mark.requirement("R-03", "R-39", "R-14")
def test_a_signed_reply_is_printed_with_its_requisites_and_sent(head, clerk, curator, director, drain):
    request, reply = answered(head, clerk, curator, director)
    drain(["print"])
    seen = query.get(head, reply.id)
    assert seen.state == "sent"
    files = {f.name.rpartition(".")[2]: f for f in query.files(seen)}
    assert set(files) == {"docx", "pdf"}
    text = text_of(files["pdf"].sha256)
    for part in (
        reply.number_text,
        f"На № {request.number_text}",
        "О сроках проверки",
        "Проверка пройдёт в мае.",
        "О. И. Директоров",
    ):
        assert part in text, part


def test_printing_twice_does_not_double_the_papers(head, clerk, curator, director, drain):
    from printing.handler import make_papers

    _, reply = answered(head, clerk, curator, director)
    drain(["print"])
    make_papers(reply.id)
    assert len(query.files(query.get(head, reply.id))) == 2


@pytest.mark.requirement("R-45")
def test_the_receipt_names_the_number_and_the_digests(head, browser_of, ctx):
    record = draft(head)
    done = service.attach(head, record.id, io.BytesIO("Содержание письма".encode()), "письмо.txt")
    record = service.act(head, record.id, "submit")
    pdf = browser_of("head").get(f"/records/{record.id}/receipt").data
    text = read(pdf)
    assert record.number_text in text
    assert done.file.sha256 in text.replace(" ", "")
    assert browser_of("head").get(f"/records/{record.id}/receipt").data == pdf


def test_the_member_downloads_the_receipt_and_a_stranger_does_not(head, browser_of, ctx):
    record = submitted(head)
    assert browser_of("head").get(f"/records/{record.id}/receipt").data[:5] == b"%PDF-"
    assert browser_of("stranger").get(f"/records/{record.id}/receipt").status_code == 404


def test_a_check_code_cannot_be_guessed(ctx):
    code = check_code.code_of(17)
    assert check_code.record_of(code) == 17
    assert check_code.record_of("17-" + "a" * 16) is None
    assert check_code.record_of("18" + code[2:]) is None
    assert check_code.record_of("x") is None


@pytest.mark.requirement("R-42")
def test_the_approval_sheet_names_steps_and_persons(head, clerk, curator, director, browser_of):
    request, _ = answered(head, clerk, curator, director)
    text = read(browser_of("director").get(f"/records/{request.id}/approval").data)
    for part in ("Канцелярова", "На рассмотрении", request.number_text):
        assert part in text


@pytest.mark.requirement("R-23")
def test_the_label_has_the_number_and_only_staff_print_it(head, browser_of, ctx):
    record = submitted(head)
    assert record.number_text in read(browser_of("clerk").get(f"/records/{record.id}/label").data)
    assert browser_of("head").get(f"/records/{record.id}/label").status_code == 403


@pytest.mark.requirement("R-39")
def test_a_draft_reply_previews_as_a_project(head, clerk, curator, browser_of):
    request = submitted(head)
    service.act(clerk, request.id, "take")
    reply = service.start_reply(curator, request.id)
    service.save(curator, reply.id, {"text": "Черновой текст"})
    page = browser_of("curator")
    assert "ПРОЕКТ" in read(page.get(f"/records/{reply.id}/print").data)
    assert page.get(f"/records/{reply.id}/print?format=docx").data[:2] == b"PK"
    assert browser_of("head").get(f"/records/{reply.id}/print").status_code == 404
