"""A backup restores to the same archive, and a damaged one touches nothing."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest

from archive import backup, integrity
from records import history, query, service
from records.actor import SYSTEM_ACTOR
from records.database import db
from tests.world import attach, draft, submitted


@pytest.fixture
def copy(head, tmp_path):
    record = draft(head)
    attach(head, record, io.BytesIO("Содержание приказа".encode()), "приказ.txt")
    service.act(head, record.id, "submit")
    backup.create(tmp_path / "copy.tar.gz")
    return tmp_path / "copy.tar.gz"


@pytest.mark.requirement("X-18")
def test_a_restored_archive_is_the_same(copy, head, world):
    later = submitted(head)
    assert query.get(head, later.id).number_text.endswith("00002/26") or later.number_text
    backup.restore(copy, force=True)
    assert [
        r.id for r in query.listing(SYSTEM_ACTOR, query.ListQuery(), world.company.created_at.date()).rows
    ] == [1]
    assert list(history.verify()) == []
    assert list(integrity.faults()) == []


def test_after_a_restore_history_is_guarded_and_numbers_go_on(copy, head):
    backup.restore(copy, force=True)
    assert "00002" in submitted(head).number_text
    with pytest.raises(Exception, match="append-only"):
        db.session.execute(db.text("DELETE FROM history"))
    db.session.rollback()


def test_documents_are_not_replaced_without_force(copy, head):
    with pytest.raises(backup.BackupBroken, match="--force"):
        backup.restore(copy)


@pytest.mark.parametrize("cut", [0, 1, 20, 1000])
def test_a_truncated_copy_is_refused(copy, cut):
    data = copy.read_bytes()
    copy.write_bytes(data[: len(data) // 2 if not cut else max(len(data) - cut, 0)])
    with pytest.raises(backup.BackupBroken):
        backup.restore(copy, force=True)
    assert db.session.query(db.metadata.tables["record"]).count() == 1


def test_a_flipped_byte_names_the_part(copy, head):
    raw = bytearray(gzip.decompress(copy.read_bytes()))
    place = bytes(raw).find("Содержание приказа".encode())
    raw[place] ^= 1
    copy.write_bytes(gzip.compress(bytes(raw)))
    with pytest.raises(backup.BackupBroken, match="повреждена"):
        backup.check(copy)


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "tables/no_such.jsonl", "files/short"])
def test_a_foreign_part_is_refused(tmp_path, app, ctx, name):
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))
    with pytest.raises(backup.BackupBroken, match="Неожиданная"):
        backup.restore(path, force=True)


def test_a_copy_is_there_whole_or_not_at_all(head, tmp_path, monkeypatch):
    submitted(head)
    monkeypatch.setattr(backup, "_dump", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backup.create(tmp_path / "copy.tar.gz")
    assert list(tmp_path.iterdir()) == []
