"""What people see: the card, the protocol, operations of the browser, copies with the mark, the public
check."""

from __future__ import annotations

import base64
import io
import json

import pypdfium2
import pytest

from printing.check_code import code_of
from records import query, service
from records.database import db
from records.errors import Invalid, Refused
from records.model import StoredFile
from signatures import intake, queue, stamped
from signing import certificate_facts
from tests.signatures.conftest import head_owner

BODY = b"text of the paper"


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.requirement("S-22", "S-19")
def test_an_operation_names_the_bytes_takes_signatures_and_goes_on(authority, letter_with, head, browser_of):
    record, file_id = letter_with(BODY)
    second = service.attach(head, record.id, io.BytesIO(b"second"), "second.txt").file
    page = browser_of("head")
    made = page.post("/signing/operations", json={"files": [file_id, second.id], "purpose": "Письмо"}).json
    assert [(i["file"], i["sequence"]) for i in made["items"]] == [(file_id, 1), (second.id, 2)]
    assert made["items"][0]["sha256"] == query.files(record)[0].sha256 and made["items"][0]["streebog256"]
    signer = authority.signer(head_owner())
    sent = {"signature": base64.encodebytes(signer.sign_cades(BODY)).decode(), "source": "test"}
    address = f"/signing/operations/{made['operation']}"
    done = page.post(f"{address}/{file_id}", json=sent).json
    assert (done["verdict"], done["authority"], done["mood"]) == ("TOTAL_PASSED", "authorised", "valid")
    assert page.post(f"{address}/{file_id}", json=sent).json["id"] == done["id"]
    assert page.get(address).json["left"] == [second.id]
    wrong = page.post(f"{address}/{second.id}", json=sent)
    assert wrong.status_code == 422 and "не от этого файла" in wrong.json["detail"]
    assert browser_of("stranger").get(address).status_code == 404
    assert "тестовая" in page.get(f"/records/{record.id}").text


@pytest.mark.requirement("S-14")
def test_the_protocol_says_one_sentence_and_the_technical_part(authority, letter_with, head, browser_of):
    _record, file_id = letter_with(BODY)
    entry = intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    page = browser_of("head")
    shown = page.get(f"/signatures/{entry.id}").text
    assert "Подпись действительна. Подписано руководителем: Иванов Иван Иванович" in shown
    assert "7701677668" in shown and "ETSI EN 319 102-1" in shown and "63-ФЗ" in shown
    pdf = page.get(f"/signatures/{entry.id}?format=pdf")
    assert "Протокол проверки электронной подписи" in text_of(pdf.data)
    body = json.loads(page.get(f"/signatures/{entry.id}?format=json").text)
    assert body["signers"][0]["certificate"]["inn_legal"] == "7701677668"
    assert browser_of("stranger").get(f"/signatures/{entry.id}").status_code == 404
    assert page.post(f"/signatures/{entry.id}/check").status_code == 302


@pytest.mark.requirement("S-05")
def test_a_form_without_script_takes_signatures(authority, letter_with, head, browser_of):
    record, _file_id = letter_with(BODY)
    sent = {"file": (io.BytesIO(authority.signer(head_owner()).sign_cades(BODY)), "paper.txt.sig")}
    page = browser_of("head")
    answer = page.post(
        f"/records/{record.id}/signatures", sent, content_type="multipart/form-data", follow_redirects=True
    )
    assert "Подпись действительна" in answer.text and "Скачать подпись" in answer.text


@pytest.mark.requirement("S-13")
def test_the_copy_bears_the_mark_and_the_original_is_not_touched(
    authority, letter_with, head, paper, browser_of
):
    record, file_id = letter_with(paper, "приказ.pdf")
    with pytest.raises(Refused, match="проверена и действительна"):
        stamped.copy_of(db.session.get(StoredFile, file_id), record)
    signer = authority.signer(head_owner())
    intake.receive(head, file_id, signer.sign_cades(paper))
    page = browser_of("head")
    copy = page.get(f"/files/{file_id}/stamped")
    text = text_of(copy.data)
    facts = certificate_facts(signer.certificate())
    for line in facts.stamp_lines():
        assert "".join(line.split()).casefold() in "".join(text.split()).casefold(), line
    assert "Копия электронного документа" in text and "ТЕСТОВАЯ ПОДПИСЬ" in text
    assert len(pypdfium2.PdfDocument(copy.data)) == 1  # the mark has found its place on the sheet
    with page.get(f"/files/{file_id}") as original:
        assert original.data == paper


@pytest.mark.requirement("S-13")
def test_what_is_not_pdf_gets_a_sheet_of_signatures(authority, letter_with, head):
    record, file_id = letter_with(BODY)
    intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    document = db.session.get(StoredFile, file_id)
    text = text_of(stamped.copy_of(document, query.get(head, record.id)))
    assert "Лист электронных подписей" in text and "Владелец Иванов Иван Иванович" in text


@pytest.mark.requirement("S-13")
def test_the_wording_of_the_mark_is_a_setting_that_cannot_lose_the_certificate(browser_of):
    with pytest.raises(Invalid, match="обязательного"):
        stamped.check_wording({"headline": "а", "edition": "б", "lines": ["Владелец {owner}"]})
    with pytest.raises(Invalid, match="можно писать только"):
        stamped.check_wording({"headline": "а", "edition": "б", "lines": ["{password}"]})
    page = browser_of("admin")
    form = {
        "edition": "ГОСТ Р 7.0.97-2025",
        "headline": "Подписано электронной подписью",
        "lines": "Сертификат {serial}\nВладелец {owner}\nДействителен с {since} по {until}",
    }
    assert page.post("/settings/signatures/options", form).status_code == 302
    assert "ГОСТ Р 7.0.97-2025" in page.get("/settings/signatures").text


@pytest.mark.requirement("S-16")
def test_the_public_check_tells_who_signed_and_not_what(authority, letter_with, head, clerk, browser):
    record, file_id = letter_with(BODY)
    intake.receive(head, file_id, authority.signer(head_owner()).sign_cades(BODY))
    service.act(head, record.id, "submit")
    shown = browser.get(f"/check/{code_of(record.id)}").text
    assert "подлинный" in shown and "Иванов" in shown
    assert "О сроках проверки" not in shown and "paper.txt" not in shown
    sha = query.files(query.get(head, record.id))[0].sha256
    found = browser.get(f"/check/digest/{sha}").json
    assert found["known"] is True and found["signatures"][0]["text"].startswith("Подпись действительна")
    assert browser.get(f"/check/digest/{'0' * 64}").json == {"known": False, "signatures": []}


@pytest.mark.requirement("S-06", "S-21", "S-07")
def test_the_order_is_set_declined_and_forwarded_on_pages(letter_with, head, world, browser_of):
    record, _ = letter_with(BODY)
    page, proxy = browser_of("head"), browser_of("proxy")
    assert page.get(f"/records/{record.id}/signers").status_code == 200
    page.post(f"/records/{record.id}/signers", {"signer": str(world.users["proxy"].id)})
    assert record.title in proxy.get("/signatures").text
    task = queue.tasks(record.id)[0]
    proxy.post(f"/signing-tasks/{task.id}/forward", {"user_id": str(world.users["head"].id)})
    assert record.title in page.get("/signatures").text
    page.post(f"/signing-tasks/{task.id}/decline", {"reason": "Не тот договор"})
    assert "Не тот договор" in page.get(f"/records/{record.id}").text
