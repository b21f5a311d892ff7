"""Sending, the curator's decision, remarks, the printed form, duplication, years, warnings."""

from __future__ import annotations

import io

import openpyxl
import pytest

from records import history, query, service
from records.database import db
from records.errors import Forbidden, Invalid, Refused
from records.model import Record, StoredFile
from records.storage import storage
from reports import controls, diff, filling, opening, remarks, section, sending, sheets
from reports.model import ReportFiling
from signatures import subject
from signatures.model import Signature
from tests.reports.filled import ORDER, PERSON, insert, nil, opened, sheet_of, text_file, with_order


def state(record_id):
    return db.session.get(Record, record_id, populate_existing=True).state


def approved(head, curator, record_id, drain=None):
    sending.submit(head, record_id)
    service.act(curator, record_id, "take")
    service.act(curator, record_id, "approve")
    if drain is not None:
        drain()
    return record_id


def signed(record_id, indication="TOTAL-PASSED"):
    """A signature beside the printed form, as the verification would leave it."""
    book = sending.printed(record_id)
    sign = StoredFile(
        record_id=record_id, slot=book.slot, name="отчёт.sig", media_type="signature", size=1,
        sha256=book.sha256,
        flags=[], origin="signature", signature_of=book.id, uploaded_at=book.uploaded_at,
    )  # fmt: skip
    with service.work(service_actor()):
        db.session.add(sign)
        db.session.flush()
        db.session.add(
            Signature(
                record_id=record_id, file_id=book.id, stored_id=sign.id, sha256=book.sha256,
                signed_sha256=book.sha256, indication=indication, signer_name="Иванов Иван Иванович",
                received_at=book.uploaded_at, text="",
            )
        )  # fmt: skip


def service_actor():
    from records.actor import SYSTEM_ACTOR

    return SYSTEM_ACTOR


@pytest.mark.requirement("F-07")
def test_one_press_checks_numbers_and_tells_the_curator(head, curator, drain):
    record_id = with_order(head)
    record = sending.submit(head, record_id)
    assert record.state == "registered"
    assert record.number_text
    assert record.assignee_id == curator.user_id
    assert record.due_on
    filed = db.session.query(ReportFiling).one()
    assert filed.content["rows"]["orders"][0]["order_number"] == "17-П"
    drain()
    from messaging.model import Notification

    assert db.session.query(Notification).filter_by(user_id=curator.user_id, record_id=record_id).count() >= 1
    assert list(history.verify()) == []


def test_what_is_empty_or_wrong_is_not_sent_and_the_reason_is_told(head):
    record_id = opened(head, "f10")
    with pytest.raises(Refused, match="Добавьте строки"):
        sending.submit(head, record_id)
    insert(head, record_id, "orders", {**ORDER, "order_number": "", "due_date": "32.01.2026"})
    with pytest.raises(Refused, match=r"обязательных ячеек: 1.*с ошибками: 1"):
        sending.submit(head, record_id)


@pytest.mark.requirement("F-15")
def test_form_1_wants_the_charter_once_and_knows_the_register(head):
    record_id = opened(head, "f1")
    known = sheets.page(head, record_id, "ident", 0, 1)["rows"][0]["cells"]
    assert known["inn"]["v"] == "7701677668"
    assert known["inn"]["source"].startswith("из реестра, ")
    assert any("учредительные" in text for text in sending.reasons(sheet_of(record_id)))
    service.attach(head, record_id, text_file(), "Устав.txt", slot="form:charter")
    assert not any("учредительные" in text for text in sending.reasons(sheet_of(record_id)))


@pytest.mark.requirement("F-33")
def test_a_value_that_differs_from_the_register_asks_for_an_application(head):
    record_id = opened(head, "f1")
    filling.change_fields(head, record_id, {"full_name": "ООО «Ромашка плюс»"})
    found = [c for c in controls.shown(head, record_id) if c["code"] == "F1_REG_DIFF"]
    assert [c["column"] for c in found] == ["full_name"]
    assert "заявление" in found[0]["text"]
    assert "source" not in sheets.page(head, record_id, "ident", 0, 1)["rows"][0]["cells"]["full_name"]


def test_a_specialist_fills_and_the_head_sends(head, specialist):
    record_id = opened(specialist, "f8")
    filling.change_fields(specialist, record_id, {"nil": True})
    with pytest.raises(Forbidden):
        sending.submit(specialist, record_id)
    assert sending.submit(head, record_id).number_text


@pytest.mark.requirement("F-25")
def test_no_accidents_is_one_tick(head):
    record_id = nil(head, "f8")
    assert sheets.progress(sheet_of(record_id))["percent"] == 100
    assert sending.submit(head, record_id).state == "registered"


@pytest.mark.requirement("F-01", "F-07")
def test_all_ready_forms_are_sent_at_once_and_the_rest_say_why(head):
    ready = [nil(head, "f8"), with_order(head)]
    opened(head, "f2")
    sent = sending.submit_all(head, 2026)
    assert {one.record_id for one in sent if one.number} == set(ready)
    assert [one.form for one in sent if not one.number] == ["f2"]
    lines = {line.form: line for line in section.of(head, head.organisation_id, 2026).lines}
    assert len(lines) == 12
    assert lines["f8"].status[1] == "Рассматривается"
    assert lines["f2"].status[1] == "Черновик"
    assert lines["f3"].status[1] == "Не начата"
    assert f"{lines['f3'].due_on:%d.%m.%Y}" == "01.03.2027"


@pytest.mark.requirement("F-08")
def test_a_rejected_form_tells_the_reason_and_an_erroneous_status_is_taken_back(head, curator):
    record_id = with_order(head)
    sending.submit(head, record_id)
    service.act(curator, record_id, "take")
    with pytest.raises(Refused, match="причину"):
        service.act(curator, record_id, "return")
    service.act(curator, record_id, "return", note="Не указан срок")
    steps = query.history(head, query.get(head, record_id))
    assert any("Не указан срок" in repr(step) for step in steps)
    with pytest.raises(Refused, match="причину"):
        service.act(curator, record_id, "take_back")
    service.act(curator, record_id, "take_back", note="Срок указан, ошибся")
    assert state(record_id) == "in_review"
    service.act(curator, record_id, "approve")
    service.act(curator, record_id, "return", note="Одобрил не ту форму")
    assert state(record_id) == "returned"
    assert sheet_of(record_id).approved_at is None


@pytest.mark.requirement("F-35")
def test_remarks_stand_on_cells_block_approval_and_are_closed_one_by_one(head, curator, stranger):
    record_id = with_order(head)
    number = sending.submit(head, record_id).number_text
    service.act(curator, record_id, "take")
    uid = sheets.page(curator, record_id, "orders", 0, 1)["rows"][0]["uid"]
    made = [
        remarks.put(curator, record_id, "orders", uid, c, "Проверьте") for c in ("due_date", "norm", "fine")
    ]
    with pytest.raises(Forbidden):
        remarks.put(head, record_id, "orders", uid, "norm", "Сам себе")
    with pytest.raises(Invalid):
        remarks.put(curator, record_id, "orders", uid, "colour", "Нет такой графы")
    with pytest.raises(Refused, match="неснятые замечания: 3"):
        service.act(curator, record_id, "approve")
    service.act(curator, record_id, "return", note="Три замечания")
    filling.change_rows(
        head, record_id, "orders", [{"uid": uid, "cell": {"norm": "СП 48.13330", "fine": "0"}}]
    )
    for one in made:
        remarks.close(head, record_id, one.id)
    assert sending.submit(head, record_id).number_text == number  # the same incoming number
    found = remarks.listed(curator, query.get(curator, record_id))
    assert [(one.column, one.closed_at is not None) for one in found] == [
        ("due_date", True), ("norm", True), ("fine", True),
    ]  # fmt: skip
    assert db.session.query(ReportFiling).filter_by(record_id=record_id).count() == 2


@pytest.mark.requirement("F-34")
def test_the_curator_sees_what_changed_since_the_last_filing_cell_by_cell(head, curator):
    record_id = with_order(head)
    sending.submit(head, record_id)
    service.act(curator, record_id, "take")
    service.act(curator, record_id, "return", note="Исправьте")
    uid = sheets.page(head, record_id, "orders", 0, 1)["rows"][0]["uid"]
    filling.change_rows(head, record_id, "orders", [{"uid": uid, "cell": {"due_date": "10.12.2026"}}])
    insert(head, record_id, "orders", {**ORDER, "order_number": "18-П"})
    sending.submit(head, record_id)
    found = diff.with_previous(curator, record_id).rows
    assert {(d.what, tuple(d.cells)) for d in found} == {("changed", ("due_date",)), ("added", ())}
    changed = next(d for d in found if d.what == "changed")
    assert changed.cells["due_date"] == ("05.12.2026", "10.12.2026")


@pytest.mark.requirement("F-09")
def test_after_approval_a_printed_workbook_lies_in_the_report(head, curator, drain):
    record_id = with_order(head)
    assert sending.printed(record_id) is None
    approved(head, curator, record_id, drain)
    book = sending.printed(record_id)
    with storage().open(book.sha256) as stream:
        page = openpyxl.load_workbook(io.BytesIO(stream.read()))["Ф10"]
    texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
    assert any("Форма 10" in text for text in texts)
    assert any(text.startswith("Вх. № ") and "одобрен" in text for text in texts)
    assert page.page_setup.fitToHeight == 0
    drain()
    assert sending.printed(record_id).id == book.id


@pytest.mark.requirement("F-10")
def test_only_a_signed_printed_form_is_signed_and_a_good_signature_is_accepted(head, curator, drain):
    record_id = approved(head, curator, with_order(head), drain)
    assert subject.signable(query.get(head, record_id)) == [sending.printed(record_id)]
    with pytest.raises(Refused, match="Подпишите"):
        service.act(head, record_id, "sign")
    signed(record_id)
    service.act(head, record_id, "sign")
    assert state(record_id) == "accepted"


@pytest.mark.requirement("F-10")
def test_a_worthless_signature_does_not_count(head, curator, drain):
    record_id = approved(head, curator, with_order(head), drain)
    signed(record_id, "TOTAL-FAILED")
    with pytest.raises(Refused, match="не принята"):
        service.act(head, record_id, "sign")


@pytest.mark.requirement("F-11")
def test_the_next_year_begins_with_what_goes_on_and_with_the_same_files(head, curator):
    record_id = opened(head, "f2", 2025)
    rows = [PERSON, {**PERSON, "last_name": "Уволенный", "diploma_number": "9", "dismiss_date": "01.06.2025"}]
    uids = insert(head, record_id, "employee", *rows)
    service.attach(head, record_id, text_file(), "Диплом.txt", slot=f"row:{uids[0]}")
    approved(head, curator, record_id)
    following = opened(head, "f2", 2026)
    (row,) = sheets.page(head, following, "employee", 0, 10)["rows"]
    assert row["cells"]["last_name"] == {"v": "Юдин", "source": "из отчёта за 2025 год"}
    assert row["files"] == 1
    filling.change_rows(head, following, "employee", [{"uid": row["uid"], "cell": {"position": "Прораб"}}])
    found = diff.with_previous(head, following)
    assert found.title == "с отчётом за 2025 год"
    assert {d.what for d in found.rows} == {"changed", "removed"}


@pytest.mark.requirement("F-12")
def test_the_years_stand_side_by_side(head, curator):
    approved(head, curator, with_order(head, 2025))
    record_id = opened(head, "f10", 2026)
    insert(head, record_id, "orders", {**ORDER, "order_number": "18-П", "fine": "50 000"})
    _, lines, years = diff.by_years(head, record_id)
    assert [year.year for year in years] == [2025, 2026]
    assert ("orders", "Предписания: строк") in lines or any(key == "orders" for key, _ in lines)
    assert years[1].values["orders.fine"] == "50\u00a0000,00"


@pytest.mark.requirement("F-18", "F-27", "F-28")
def test_what_grows_stale_warns_on_the_screen_in_the_calendar_and_reminds(head, curator, drain):
    from datetime import timedelta

    from desk import events
    from messaging.model import Notification
    from records import parameters
    from reports import wiring

    today = parameters.today()
    due, ends = today + timedelta(days=14), today + timedelta(days=7)
    stale = opened(head, "f2")
    insert(head, stale, "employee", {**PERSON, "is_nrs": "нет"})
    assert "F2_PK_OLD" in {c["code"] for c in controls.shown(head, stale)}
    record_id = opened(head, "f10")
    insert(head, record_id, "orders", {**ORDER, "due_date": due.isoformat()})
    sending.submit(head, record_id)
    listed = events.events(head, today, today + timedelta(days=30), today)
    assert any(e.day == due and e.url == f"/reports/{record_id}" for e in listed)
    policy = {
        "policy_kind": "annual",
        "insurer_name": "СК «Щит»",
        "insurer_license": "СИ № 1",
        "policy_number": "7",
        "policy_date": "01.01.2026",
        "start_date": "01.01.2026",
        "insured_sum": "5 000 000",
        "subject": "ГО",
        "end_date": ends.isoformat(),
    }
    insured = opened(head, "f11")
    insert(head, insured, "policies", policy)
    sending.submit(head, insured)
    drain()
    assert wiring.night() == 3
    assert wiring.remind() >= 2  # seven days to the end of the policy: the company and its curator
    assert wiring.remind() == 0
    lines = db.session.query(Notification).filter(Notification.text.contains("олис")).all()
    assert {head.user_id, curator.user_id} <= {line.user_id for line in lines}


def test_a_revoked_report_is_a_draft_again_under_its_number(head):
    record_id = with_order(head)
    number = sending.submit(head, record_id).number_text
    service.act(head, record_id, "recall")
    assert state(record_id) == "draft"
    assert sending.submit(head, record_id).number_text == number


@pytest.mark.requirement("F-20")
def test_a_leased_thing_without_its_contract_is_warned_of(head):
    record_id = opened(head, "f3")
    car = {"model": "КамАЗ", "right_basis": "rent", "plate": "А123ВС38", "right_doc": "Договор № 1"}
    (uid,) = insert(head, record_id, "vehicles", car)

    def codes():
        return {c["code"] for c in controls.shown(head, record_id)}

    before = codes()
    service.attach(head, record_id, text_file(), "Договор аренды.txt", slot=f"row:{uid}")
    assert before - codes()


def test_an_unknown_form_or_year_is_refused(head):
    with pytest.raises(Invalid):
        opening.open_form(head, "f99", 2026)
    with pytest.raises(Invalid):
        opening.open_form(head, "f1", 1999)
