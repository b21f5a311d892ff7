"""Somebody with the database file changes a registered record past the program: the audit tells."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import text

from archive import integrity, retention
from records import history, service
from records.database import db
from records.model import Record
from records.schema import drop_triggers, install_triggers
from tests.world import attach, draft, submitted


@pytest.fixture
def filed(head, clerk, curator, director, drain) -> Record:
    """A registered letter with a file, remarks of both sorts, a hold and a reply under way."""
    record = draft(head)
    attach(head, record, io.BytesIO("Прилагаем.".encode()), "письмо.txt")
    service.act(head, record.id, "submit")
    service.remark(curator, record.id, "Проверить подпись у нотариуса", public=False)
    service.remark(curator, record.id, "Пришлите копию", public=True)
    retention.hold(director, record.id, "Дело А19-1/2026")
    service.start_reply(curator, record.id)
    drain()
    filed_id = record.id
    assert faults() == []
    found = db.session.get(Record, filed_id)
    assert found is not None
    return found


def faults() -> list[str]:
    db.session.rollback()
    db.session.expunge_all()
    return [fault.text for fault in (*history.verify(), *integrity.faults())]


def by_hand(statement: str, **values: object) -> None:
    db.session.rollback()  # a reader's open transaction would keep the guards from being taken off
    with db.engine.begin() as connection:
        drop_triggers(connection)
        changed = connection.execute(text(statement), values)
        assert changed.rowcount
        install_triggers(connection)


@pytest.mark.requirement("R-26")
def test_a_reworded_field_is_noticed(filed):
    reworded = {**filed.payload, "text": "г. Ангарск"}
    by_hand("UPDATE record SET payload = :said WHERE id = :id", said=json.dumps(reworded), id=filed.id)
    assert any("изменено в обход истории" in text for text in faults())


@pytest.mark.requirement("R-26")
def test_a_field_reworded_together_with_its_snapshot_and_digest_is_noticed(filed):
    kept = db.session.execute(
        text("SELECT content FROM snapshot WHERE record_id = :id"), {"id": filed.id}
    ).scalar()
    content = json.loads(kept) if isinstance(kept, str) else kept
    content["fields"]["text"] = "г. Ангарск"
    said = {"content": json.dumps(content), "digest": history.digest_of(content), "id": filed.id}
    by_hand("UPDATE snapshot SET content = :content, digest = :digest WHERE record_id = :id", **said)
    fields = json.dumps(content["fields"])
    by_hand("UPDATE record SET payload = :said WHERE id = :id", said=fields, id=filed.id)
    assert "снимок содержания утрачен или подменён" in faults()


@pytest.mark.requirement("R-26", "R-29")
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE record SET title = 'Иное' WHERE id = :id", "заголовок"),
        ("UPDATE record SET state = 'approved' WHERE id = :id", "состояние"),
        ("UPDATE record SET number_text = 'Вх-99999' WHERE id = :id", "номер на карточке"),
        ("UPDATE record SET registered_on = '2020-01-01' WHERE id = :id", "дата регистрации"),
        ("UPDATE number SET text = 'Вх-99999' WHERE record_id = :id", "номера в журнале"),
        ("DELETE FROM number WHERE record_id = :id", "не сходится со счётчиком"),
        ("UPDATE file SET name = 'другое.pdf' WHERE record_id = :id", "из истории пропал"),
        ("UPDATE file SET removed_at = uploaded_at WHERE record_id = :id", "пометка об удалении"),
        ("DELETE FROM file WHERE record_id = :id", "из истории пропал"),
        ("UPDATE remark SET text = 'Всё верно' WHERE record_id = :id", "замечания"),
        ("UPDATE remark SET is_public = (1 = 1) WHERE record_id = :id", "замечания"),
        ("DELETE FROM remark WHERE record_id = :id", "замечания"),
        ("DELETE FROM hold WHERE record_id = :id", "удержания"),
        ("DELETE FROM link WHERE target_id = :id", "связи"),
        ("DELETE FROM snapshot WHERE record_id = :id", "снимок содержания"),
        ("DELETE FROM record_access WHERE record_id = :id", "метки доступа"),
        ("UPDATE history SET is_public = (1 = 1) WHERE record_id = :id", "запись истории"),
        ("UPDATE history SET actor_name = 'Другой' WHERE record_id = :id AND seq = 2", "запись истории № 2"),
        (
            "DELETE FROM history_detail WHERE history_id IN (SELECT id FROM history WHERE record_id = :id)",
            "в истории стёрто",
        ),
        (
            "UPDATE history_detail SET redacted_at = '2026-11-01 00:00:00' "
            "WHERE history_id IN (SELECT id FROM history WHERE record_id = :id)",
            "значения истории стёрты",
        ),
    ],
)
def test_every_table_of_a_registered_record_is_watched(filed, statement, told):
    by_hand(statement, id=filed.id)
    assert any(told in said for said in faults()), faults()


@pytest.mark.requirement("R-29")
def test_a_tail_of_history_taken_off_with_its_count_is_noticed(head, curator, clerk):
    record = submitted(head)
    service.remark(curator, record.id, "Нет печати", public=True)
    by_hand(
        "DELETE FROM history_detail WHERE history_id = (SELECT max(id) FROM history WHERE record_id = :id)",
        id=record.id,
    )
    by_hand(
        "DELETE FROM history WHERE id = (SELECT max(id) FROM history WHERE record_id = :id)", id=record.id
    )
    by_hand(
        "UPDATE record SET history_count = history_count - 1, history_digest = "
        "(SELECT digest FROM history WHERE record_id = :id ORDER BY seq DESC LIMIT 1) WHERE id = :id",
        id=record.id,
    )
    assert "замечания и сообщения не сходятся с историей" in faults()


@pytest.mark.requirement("R-25", "R-29")
def test_an_honest_life_of_a_record_raises_no_alarm(head, proxy, curator, director, lawyer, clerk, drain):
    record = draft(head)
    kept = attach(head, record, io.BytesIO(b"first"), "лишнее.txt")
    service.remove_file(head, kept)
    attach(head, record, io.BytesIO("Прилагаем.".encode()), "письмо.txt")
    service.act(head, record.id, "submit")
    drain()
    other = submitted(head)
    service.link(curator, record.id, other.id, "same_case")
    service.unlink(curator, record.id, other.id, "same_case")
    service.link(curator, record.id, other.id, "same_case")
    entry = retention.hold(lawyer, record.id, "Дело")
    retention.lift(lawyer, entry.id, "Прекращено")
    reply = service.start_reply(curator, record.id)
    service.save(curator, reply.id, {"text": "Здравствуйте!"})
    drain()
    assert faults() == []
