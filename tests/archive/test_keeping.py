"""Journals without holes, terms of keeping, holds that bind everybody, digests that tell,
exports that open."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date, datetime, timedelta

import pytest

from archive import digest, export, file_plan, integrity, registers, retention
from records import history, query, service
from records.database import db, gate, writing
from records.errors import Forbidden, Invalid
from records.model import Record
from records.schema import drop_triggers, install_triggers
from records.storage import storage
from tests.world import attach, draft, submitted


def closed(head, clerk) -> Record:
    record = submitted(head)
    with writing(gate()):
        found = db.session.get(Record, record.id)
        found.state, found.is_open, found.closed_on, found.case_index = (
            "closed",
            False,
            date(2019, 6, 15),
            "02-01",
        )
        db.session.commit()
    return record


@pytest.mark.requirement("R-38", "R-26")
def test_a_journal_lists_every_number_of_the_month_in_order(head, stranger, clerk):
    numbers = [submitted(who).number_text for who in (head, stranger, head)]
    today = query.get(head, 1).registered_on
    found = registers.register(clerk, "in", today, today)
    assert [line.number for line in found.lines] == numbers
    assert found.gaps == ()


def test_a_member_does_not_read_journals(head):
    with pytest.raises(Forbidden):
        registers.register(head, "in", date(2026, 1, 1), date(2026, 12, 31))


def test_the_journal_prints_as_pdf_and_excel(browser_of, head):
    submitted(head)
    clerk = browser_of("clerk")
    assert clerk.get("/journals?format=pdf").data[:5] == b"%PDF-"
    assert clerk.get("/journals?format=xlsx").data[:2] == b"PK"
    assert "Вх-00001" in clerk.get("/journals?period_from=2020-01-01&period_to=2030-01-01").text


@pytest.mark.requirement("R-25")
def test_five_years_run_from_the_january_after_closing(ctx):
    assert file_plan.keep_until("02-01", date(2026, 6, 15)) == date(2031, 12, 31)
    assert file_plan.keep_until("01-01", date(2026, 6, 15)) is None
    assert file_plan.keep_until("нет такого", date(2026, 6, 15)) is None


@pytest.mark.requirement("R-25")
def test_a_hold_keeps_a_record_from_the_director_and_everybody(head, clerk, director, lawyer):
    record = closed(head, clerk)
    entry = retention.hold(lawyer, record.id, "Дело А19-1/2026")
    assert retention.destroy(director, [record.id], act_number="1", today=date(2026, 1, 1)) == [
        (record.id, "удержание: Дело А19-1/2026")
    ]
    retention.lift(lawyer, entry.id, "Дело прекращено")
    assert retention.destroy(director, [record.id], act_number="1", today=date(2026, 1, 1)) == []
    gone = query.get(director, record.id)
    assert gone.number_text
    assert gone.payload == {}
    assert list(history.verify()) == []


def test_nothing_is_destroyed_before_its_term_nor_by_others(head, clerk, director, admin):
    record = closed(head, clerk)
    assert retention.destroy(director, [record.id], act_number="1", today=date(2024, 12, 31)) == [
        (record.id, "срок хранения до 31.12.2024")
    ]
    with pytest.raises(Forbidden):
        retention.destroy(admin, [record.id], act_number="1", today=date(2030, 1, 1))


def yesterday(head):
    past = datetime.now().astimezone() - timedelta(days=2)
    with service.work(head, at=past):
        return submitted(head)


@pytest.mark.requirement("R-29")
def test_a_changed_entry_makes_the_days_digest_differ(head):
    record = yesterday(head)
    made = digest.make_due()
    assert made
    assert made[-1].previous
    assert list(digest.faults()) == []
    db.session.rollback()  # the reader lets go of the table before its triggers are taken away
    with db.engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(
            db.text(
                f"UPDATE history SET digest = 'f' || substr(digest, 2) WHERE record_id = {record.id} "
                "AND seq = 1"
            )
        )
        install_triggers(connection)
    db.session.rollback()
    assert any("не сходится" in fault.text for fault in digest.faults())
    assert any(fault.record_id == record.id for fault in history.verify())


@pytest.mark.requirement("R-29")
def test_a_flipped_byte_in_storage_names_the_record(head):
    record = draft(head)
    attach(head, record, io.BytesIO(b"original"), "a.txt")
    service.act(head, record.id, "submit")
    sha = hashlib.sha256(b"original").hexdigest()
    storage().path(sha).write_bytes(b"0riginal")
    assert [(f.record_id, f.text) for f in integrity.faults()] == [
        (record.id, "файл «a.txt»: содержимое изменено")
    ]


def test_the_sweep_removes_orphans_and_keeps_the_rest(head):
    integrity.sweep(older_than=timedelta(0))
    record = draft(head)
    attach(head, record, io.BytesIO(b"kept"), "a.txt")
    orphan = storage().receive(io.BytesIO(b"orphan"), limit=100)
    storage().keep(orphan)
    half = storage().receive(io.BytesIO(b"half"), limit=100)
    assert integrity.sweep(older_than=timedelta(0)) == 2
    assert not half.path.exists()
    assert storage().exists(hashlib.sha256(b"kept").hexdigest())


@pytest.mark.requirement("R-40", "X-19")
def test_an_exported_case_opens_offline_and_its_sums_match(head, clerk):
    record = draft(head)
    attach(head, record, io.BytesIO(b"one"), "Приказ.txt")
    attach(head, record, io.BytesIO(b"two"), "приказ.txt")
    service.act(head, record.id, "submit")
    service.remark(clerk, record.id, "Секретное замечание")
    out = io.BytesIO()
    assert export.write(head, [record.id], out, title="Дело") == 1
    archive = zipfile.ZipFile(out)
    sums = dict(reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS").decode().splitlines())
    assert {n: hashlib.sha256(archive.read(n)).hexdigest() for n in sums} == sums
    assert len({n.casefold() for n in archive.namelist()}) == len(archive.namelist())
    assert "Вх-00001" in archive.read("index.html").decode()
    assert "Секретное" not in b"".join(archive.read(n) for n in archive.namelist()).decode(errors="ignore")


def test_a_stranger_exports_nothing(head, stranger):
    record = submitted(head)
    with pytest.raises(Invalid):
        export.write(stranger, [record.id], io.BytesIO(), title="Дело")


def test_the_check_page_tells_authenticity_and_nothing_else(app, ctx, browser, head):
    from printing.check_code import code_of

    record = submitted(head, subject="Тайная тема", text="x")
    page = browser.get(f"/check/{code_of(record.id)}").text
    assert "Документ подлинный" in page
    assert record.number_text in page
    assert "Тайная тема" not in page
    assert "Ромашка" not in page
    assert "Не найден" in browser.get(f"/check/{record.id}-aaaaaaaaaaaaaaaa").text


@pytest.mark.requirement("R-44")
def test_a_draft_in_the_trash_ends_after_thirty_days(head):
    from archive.wiring import empty_trash

    old, fresh = draft(head), draft(head)
    with service.work(head, at=datetime.now().astimezone() - timedelta(days=31)):
        service.trash(head, old.id)
    service.trash(head, fresh.id)
    assert empty_trash() == 1
    assert service.restore(head, fresh.id).trashed_at is None
    assert list(history.verify()) == []
