"""Promises of the requirements that no other story tells: who works on it, copies, one exchange,
nothing typed is lost."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest

from desk import attention
from records import parameters, query, service
from tests.world import CHANGE, attach, draft, submitted

DOCUMENTS = Path(__file__).resolve().parent.parent / "data" / "documents" / "files"


@pytest.mark.requirement("R-08")
def test_the_member_sees_who_works_on_the_paper_with_a_phone(head, clerk, world, browser_of):
    record = submitted(head)
    service.assign(clerk, record.id, world.users["curator"].id)
    page = browser_of("head").get(f"/records/{record.id}").text
    assert "Кураторова Нина Львовна" in page
    assert world.users["curator"].phone in page


@pytest.mark.requirement("R-17")
def test_a_free_letter_takes_several_files_of_several_kinds(head):
    record = draft(head)
    letter = (DOCUMENTS / "d03.pdf").read_bytes()
    for name, content in (("а.txt", b"text"), ("б.csv", b"a;b\n1;2\n"), ("в.pdf", letter)):
        attach(head, record, io.BytesIO(content), name)
    record = service.act(head, record.id, "submit")
    assert [f.name for f in query.files(record)] == ["а.txt", "б.csv", "в.pdf"]


@pytest.mark.requirement("R-18")
def test_one_page_shows_sent_received_drafts_and_what_waits(head, browser_of):
    submitted(head, subject="Отправленное", text="x")
    draft(head, subject="Черновое", text="x")
    page = browser_of("head")
    everything = page.get("/records").text
    for tab in ("Отправленные", "Полученные", "Черновики", "Ждут меня"):
        assert tab in everything
    sent = page.get("/records?direction=in&filed=1").text
    assert "Отправленное" in sent
    assert "Черновое" not in sent
    drafts = page.get("/records?state=draft").text
    assert "Черновое" in drafts
    assert "Отправленное" not in drafts


@pytest.mark.requirement("R-19", "R-13")
def test_the_answer_stands_in_the_thread_and_in_the_received_with_one_number(
    head, clerk, curator, director, drain, browser_of
):
    request = submitted(head)
    service.act(clerk, request.id, "take")
    reply = service.start_reply(curator, request.id)
    service.save(curator, reply.id, {"subject": "Об ответе", "text": "Отвечаем."})
    service.act(curator, reply.id, "to_sign")
    number = service.act(director, reply.id, "sign").number_text
    drain(["print"])
    page = browser_of("head")
    assert number in page.get(f"/records/{request.id}").text
    assert number in page.get("/records?direction=out").text
    assert query.get(head, request.id).state == "replied"


@pytest.mark.requirement("R-35")
def test_the_same_file_again_is_a_warning_with_a_link_and_not_a_refusal(head):
    first, second = draft(head), draft(head)
    attach(head, first, io.BytesIO(b"same bytes"), "a.txt")
    done = service.attach(head, second.id, io.BytesIO(b"same bytes"), "b.txt")
    assert done.duplicates == (first.id,)
    assert done.file.id


def test_a_strangers_copy_is_not_told_of(head, stranger):
    attach(head, draft(head), io.BytesIO(b"same bytes"), "a.txt")
    done = service.attach(stranger, draft(stranger).id, io.BytesIO(b"same bytes"), "b.txt")
    assert done.duplicates == ()


def test_a_detached_signature_lies_beside_its_file_on_any_record(head, ctx):
    record = draft(head)
    file_id = attach(head, record, io.BytesIO(b"document"), "приказ.txt")
    der = bytes.fromhex("3080060b2a864886f70d010702") + b"\x00" * 40
    done = service.attach_signature(head, file_id, io.BytesIO(der), "приказ.txt.sig")
    assert done.file.signature_of == file_id


@pytest.mark.requirement("C-42")
def test_a_question_at_a_paper_is_seen_by_both_sides(head, curator, browser_of):
    record = submitted(head)
    service.remark(head, record.id, "Когда ждать ответ?", public=True, purpose="message")
    service.remark(curator, record.id, "К пятнице.", public=True)
    for name in ("head", "curator"):
        page = browser_of(name).get(f"/records/{record.id}").text
        assert "Когда ждать ответ?" in page
        assert "К пятнице." in page


@pytest.mark.requirement("C-45")
def test_what_cannot_wait_comes_first(head, registrar):
    urgent = returned(head, registrar)
    found = attention.matters(head, parameters.today())
    assert [m.record_id for m in found] == [urgent.id]
    assert found[0].note == "нужны уточнения"


@pytest.mark.requirement("C-45", "R-30")
def test_the_overdue_stands_above_the_rest_for_the_employee(head, clerk):
    record = submitted(head)
    later = parameters.today() + timedelta(days=60)
    found = attention.matters(clerk, later)
    assert found[0].record_id == record.id
    assert found[0].tone == "bad"
    assert "просрочено на" in found[0].note


def returned(head, registrar):
    record = draft(head, "register_change_application", **CHANGE)
    attach(head, record, io.BytesIO(b"order"), "приказ.txt")
    service.act(head, record.id, "submit")
    service.act(registrar, record.id, "take")
    return service.act(registrar, record.id, "return", note="Нет печати")


@pytest.mark.requirement("U-06")
def test_a_draft_saves_itself_and_keeps_the_good_part_of_a_bad_input(head, browser_of):
    page = browser_of("head")
    address = page.get("/records/new/register_change_application").location
    record_id = int(re.search(r"/records/(\d+)/edit", address).group(1))
    fields = {"new_values": "Начало текста", "changed_on": "31.02.2026"}
    answer = page.patch(f"/records/{record_id}/autosave", json={"version": 1, "fields": fields})
    assert answer.status_code == 200
    assert "changed_on" in answer.json["errors"]
    assert "Начало текста" in page.get(f"/records/{record_id}/edit").text


def test_opening_the_form_twice_leaves_one_blank_draft(head, browser_of):
    page = browser_of("head")
    assert page.get("/records/new/letter").location == page.get("/records/new/letter").location


@pytest.mark.requirement("U-07", "R-36")
def test_the_second_editor_is_told_who_edits(head, proxy, browser_of):
    record = draft(head)
    assert browser_of("head").post(f"/records/{record.id}/lock").json == {"held": True}
    answer = browser_of("proxy").post(f"/records/{record.id}/lock")
    assert answer.status_code == 423
    assert answer.json["by"] == "Иванов Иван Иванович"


@pytest.mark.requirement("U-07")
def test_a_stale_form_shows_both_texts_and_loses_none(head, proxy, browser_of):
    record = draft(head)
    service.save(proxy, record.id, {"text": "Правка коллеги"})
    form = {"subject": "О сроках", "text": "Моя правка", "version": str(record.version - 1 or 1), "topic": ""}
    page = browser_of("head").post(f"/records/{record.id}/edit", {**form, "version": "1"})
    assert page.status_code == 409
    assert "Моя правка" in page.text
    assert "Правка коллеги" in page.text


@pytest.mark.requirement("U-13")
def test_theme_and_large_text_are_remembered(browser_of, ctx):
    page = browser_of("head")
    page.post("/preferences", {"theme": "dark", "large": "1", "next": "/"})
    cookie = page.client.get_cookie("theme")
    assert set(cookie.value.split("-")) == {"dark", "large"}
    page.post("/preferences", {"theme": "auto", "large": "0"})
    assert page.client.get_cookie("theme").value == ""


@pytest.mark.requirement("U-14")
def test_moments_on_the_card_name_their_zone(head, browser_of):
    record = submitted(head)
    assert re.search(r"\d\d:\d\d МСК", browser_of("head").get(f"/records/{record.id}").text)


@pytest.mark.requirement("U-17")
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/records/999999", 404, "документ открыт не вам"),
        ("/settings/office", 403, "администратор"),
        ("/no-such-page", 404, "через поиск"),
    ],
)
def test_an_error_says_what_happened_and_what_to_do(browser_of, ctx, path, status, words):
    page = browser_of("head").get(path)
    assert page.status_code == status
    assert words in page.text
    assert re.search(r"Код[^<]*<code>\d{3}-[0-9a-f]+|\d{3}-[0-9a-f]{6}", page.text)
