"""The disk is full, or the instance may only be read: a clear page, nothing half-written, no text lost."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import resource

import pytest
from sqlalchemy import event, text

from accounts import keys, sessions
from providers.storage.local import LocalStorage
from records import condition, database, service
from records.database import db, gate, writing
from records.errors import Unavailable
from records.model import History, Number, Record, StoredFile
from records.storage import storage
from tests.conftest import ON_POSTGRES
from tests.world import draft, submitted

WORDS = "Просим сообщить срок плановой проверки объекта на улице Ленина."


@pytest.fixture(autouse=True)
def _forget_refusals():
    database.last_refusal.clear()
    yield
    database.last_refusal.clear()


@contextlib.contextmanager
def read_only():
    """Every connection of the application may only read, as on a disk mounted so."""
    statement = "SET default_transaction_read_only = on" if ON_POSTGRES else "PRAGMA query_only = 1"

    def shut(connection, _record):
        connection.execute(statement)
        if ON_POSTGRES:
            connection.commit()

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", shut)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", shut)
        db.session.remove()
        db.engine.dispose()


@contextlib.contextmanager
def full():
    """The database file may grow by no page more: SQLite itself answers that the disk is full. A server of
    databases is made to answer with its own code of a full disk."""
    if ON_POSTGRES:
        with full_server():
            yield
        return

    def stop(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", stop)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", stop)
        db.session.remove()
        db.engine.dispose()


@contextlib.contextmanager
def full_server():
    """disk_full (53100) for whoever writes into the table of records."""
    with db.engine.begin() as connection:
        connection.execute(text(STOPPER))
        connection.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON record EXECUTE FUNCTION full_disk()")
        )
    try:
        yield
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER full_disk ON record"))


STOPPER = """
CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql
"""


def count(model):
    return db.session.scalar(db.select(db.func.count()).select_from(model))


def everything():
    return count(Record), count(History), count(Number), count(StoredFile)


@pytest.mark.requirement("U-17")
def test_a_read_only_instance_still_shows_papers_and_refuses_filing_in_words(head, browser_of):
    record = draft(head)
    browser = browser_of("head")
    token = browser.token()
    with read_only():
        assert browser.get("/").status_code == 200
        assert browser.get("/records").status_code == 200
        assert browser.get(f"/records/{record.id}").status_code == 200
        refused = browser.raw(
            "post", f"/records/{record.id}/act/submit", data={"csrf_token": token, "version": record.version}
        )
    assert refused.status_code == 503
    assert "только для чтения" in refused.text
    assert "Что сделать" in refused.text
    assert "Код для поддержки" in refused.text
    assert db.session.get(Record, record.id, populate_existing=True).state == "draft"


@pytest.mark.requirement("U-17")
def test_a_session_grown_old_is_still_read_while_nothing_can_be_written(head, browser_of, monkeypatch):
    browser = browser_of("head")
    browser.get("/")
    monkeypatch.setattr(sessions, "TOUCH_EVERY", -sessions.TOUCH_EVERY)
    with read_only():
        assert browser.get("/records").status_code == 200


@pytest.mark.requirement("U-17")
def test_a_full_disk_refuses_the_commit_whole(world, head, browser_of):
    record = draft(head)
    db.session.remove()
    before = everything()
    long = {"subject": "О проверке", "text": WORDS * 300}
    with full(), pytest.raises(Unavailable, match="место"):
        for _ in range(50):  # free pages inside the file are used up first
            service.create(head, "letter", fields=long)
    after = everything()
    made = after[0] - before[0]
    assert after == (before[0] + made, before[1] + made, before[2], before[3])
    assert made < 50
    assert submitted(head).number_text, "the same archive goes on when there is room again"
    if not ON_POSTGRES:
        assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert db.session.get(Record, record.id).state == "draft"


@pytest.mark.requirement("U-06", "U-17")
def test_a_form_refused_by_a_full_disk_leads_back_to_its_text(head, browser_of):
    record = draft(head)
    browser = browser_of("head")
    token = browser.token()
    address = f"/records/{record.id}/edit"
    with full():
        answer = browser.raw(
            "post",
            address,
            data={"csrf_token": token, "version": record.version, "subject": "О", "text": WORDS * 300},
            headers={"Referer": f"http://localhost{address}"},
        )
        saved = browser.raw(
            "patch",
            f"/records/{record.id}/autosave",
            json={"version": record.version, "fields": {"text": WORDS * 300}},
            headers={"X-CSRFToken": token, "Accept": "application/json"},
        )
    assert answer.status_code == 503
    assert "Введённый текст остался на этом компьютере" in answer.text
    assert f'href="{address}"' in answer.text
    assert "js/fault.js" in answer.text
    assert saved.status_code == 503
    assert "место" in saved.json["detail"]
    assert WORDS not in str(db.session.get(Record, record.id, populate_existing=True).payload["text"])


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
@pytest.mark.requirement("U-01", "U-17")
def test_no_room_for_a_file_leaves_nothing_of_it(head, browser_of, monkeypatch, where, number):
    record = draft(head)
    browser = browser_of("head")
    token = browser.token()
    before = everything()

    def fails(*_args, **_more):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        if where == "write":
            patch.setattr("providers.storage.local.tempfile.mkstemp", fails)
        else:
            patch.setattr(f"providers.storage.local.os.{where}", fails)
        answer = browser.raw(
            "post",
            f"/records/{record.id}/files",
            data={"csrf_token": token, "file": (io.BytesIO(b"text of a letter"), "letter.txt")},
            headers={"Accept": "application/json"},
        )
    assert answer.status_code == 503
    assert answer.json["title"] == "Файл не принят"
    assert "место" in answer.json["detail"] or "только для чтения" in answer.json["detail"]
    db.session.rollback()
    assert everything() == before
    kept = storage()
    assert isinstance(kept, LocalStorage)
    assert list(kept.incoming.iterdir()) == []


@pytest.mark.requirement("U-01", "U-17")
def test_a_file_stopped_by_the_quota_of_the_kernel_leaves_nothing_of_it(head):
    record = draft(head)
    before = everything()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * 2**20, hard))
    try:
        with pytest.raises(Unavailable, match="место"):
            service.attach(head, record.id, io.BytesIO(b"text " * 2**20), "long.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    db.session.rollback()
    assert everything() == before
    assert list(storage().incoming.iterdir()) == []
    assert service.attach(head, record.id, io.BytesIO("Письмо".encode()), "short.txt").file.size == 12


@pytest.mark.requirement("X-12")
def test_the_api_answers_503_with_a_code(world, head, ctx):
    key = keys.issue(head, "Программа", world.users["head"].seats[0].id)[1]
    client = ctx.test_client()
    with read_only():
        answer = client.post(
            "/api/v1/records",
            json={"kind": "letter", "fields": {"subject": "О сроках"}},
            headers={"Authorization": f"Bearer {key}"},
        )
    assert answer.status_code == 503
    assert answer.json["code"] == "unavailable"


@pytest.mark.requirement("U-17")
def test_health_tells_that_writes_are_refused_and_when_they_are_taken_again(head, ctx, monkeypatch):
    client = ctx.test_client()
    assert client.get("/api/v1/healthz").json == {"status": "ok"}
    with read_only(), pytest.raises(Unavailable), writing(gate()):
        db.session.execute(text("UPDATE setting SET note = note"))
    db.session.rollback()
    told = client.get("/api/v1/healthz").json
    assert told["status"] == "read_only"
    assert "только для чтения" in told["detail"]
    monkeypatch.setattr(condition, "REMEMBERED", condition.REMEMBERED * 0)
    assert client.get("/api/v1/healthz").json == {"status": "ok"}


def test_a_gate_that_cannot_be_opened_is_a_refusal_and_no_fault(tmp_path):
    (tmp_path / "gate").mkdir()
    with pytest.raises(Unavailable), database.WriteGate(tmp_path / "gate").pass_through():
        raise AssertionError("nobody may pass")
