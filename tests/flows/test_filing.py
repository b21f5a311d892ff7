"""A filing travels: written by a member, registered, returned, corrected, approved, answered."""

from __future__ import annotations

import io

import pytest

from records import history, query, service
from records.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.world import CHANGE, attach, draft, submitted


def filed(head):
    record = draft(head, "register_change_application", **CHANGE)
    attach(head, record, io.BytesIO("Приказ о смене адреса".encode()), "приказ.txt")
    return service.act(head, record.id, "submit")


@pytest.mark.requirement("R-02", "R-07", "C-23")
def test_filing_through_the_cabinet_is_registered_at_once(head, world):
    record = filed(head)
    assert record.state == "registered"
    assert record.number_text.startswith("Вх-00001/")
    assert record.assignee_id == world.users["registrar"].id


@pytest.mark.requirement("R-10", "R-11", "R-12")
def test_the_curator_returns_with_a_reason_and_the_number_stays(head, registrar):
    record = filed(head)
    number = record.number_text
    service.act(registrar, record.id, "take")
    with pytest.raises(Refused, match="причину"):
        service.act(registrar, record.id, "return")
    service.act(registrar, record.id, "return", note="Нет печати")
    again = service.act(head, record.id, "submit")
    assert (again.number_text, again.content_version) == (number, 2)


def test_approval_is_refused_while_a_remark_is_open(head, registrar):
    record = filed(head)
    service.act(registrar, record.id, "take")
    remark = service.remark(registrar, record.id, "Нет печати", public=True, blocking=True)
    with pytest.raises(Refused, match="замечания"):
        service.act(registrar, record.id, "approve")
    service.resolve(registrar, remark.id)
    assert service.act(registrar, record.id, "approve").state == "approved"


@pytest.mark.requirement("R-03", "R-13", "R-14")
def test_a_reply_names_the_request_and_is_numbered_when_signed(head, registrar, director):
    record = filed(head)
    service.act(registrar, record.id, "take")
    service.act(registrar, record.id, "approve")
    reply = service.start_reply(registrar, record.id)
    assert reply.their_number == record.number_text
    service.save(registrar, reply.id, {"text": "Сведения внесены."})
    service.act(registrar, reply.id, "to_sign")
    assert service.act(director, reply.id, "sign").number_text.startswith("Исх-02-02/00001-")
    assert [link.label for link in query.links(registrar, query.get(registrar, record.id))] == ["Ответ"]


@pytest.mark.requirement("R-37")
def test_a_stranger_finds_nothing(head, stranger, outsider):
    record = filed(head)
    for who in (stranger, outsider):
        with pytest.raises(NotFound):
            query.get(who, record.id)
        with pytest.raises(NotFound):
            service.act(who, record.id, "annul", note="чужое")


def test_a_specialist_may_not_file_an_application(specialist, head):
    with pytest.raises(Forbidden):
        service.create(specialist, "register_change_application")
    record = draft(head, "register_change_application", **CHANGE)
    with pytest.raises(Forbidden):
        service.act(specialist, record.id, "submit")


def test_an_incomplete_application_names_what_is_missing(head):
    record = draft(head, "register_change_application", new_values="Новый адрес")
    with pytest.raises(Invalid) as caught:
        service.act(head, record.id, "submit")
    assert set(caught.value.errors) == {"changes", "changed_on", "files"}


def test_a_stale_version_is_a_conflict(head, proxy):
    record = draft(head)
    version = record.version
    service.save(proxy, record.id, {"text": "Другой текст"}, version=version)
    with pytest.raises(Conflict):
        service.save(head, record.id, {"text": "Мой текст"}, version=version)


def test_a_double_click_makes_one_record(head):
    first = service.create(head, "letter", fields={"subject": "Раз"}, once="token-1")
    second = service.create(head, "letter", fields={"subject": "Раз"}, once="token-1")
    assert first.id == second.id


@pytest.mark.requirement("R-28", "R-29")
def test_history_verifies_and_a_changed_row_is_named(head, ctx):
    record = submitted(head)
    assert list(history.verify()) == []
    from records.database import db

    with pytest.raises(Exception, match="append-only"):
        db.session.execute(db.text(f"UPDATE history SET actor_name = 'x' WHERE record_id = {record.id}"))
    db.session.rollback()


@pytest.mark.requirement("R-27", "R-44")
def test_a_registered_record_is_not_deleted_and_its_files_stay(head):
    record = filed(head)
    with pytest.raises(Refused, match="не удаляется"):
        service.trash(head, record.id)
    with pytest.raises(Refused):
        service.attach(head, record.id, io.BytesIO(b"x"), "поздно.txt")
