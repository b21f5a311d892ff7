"""Members, auditors and leavers try what is not theirs to see or to do."""

from __future__ import annotations

import io
from datetime import date

import pytest

from accounts.actors import actor_for
from archive import retention
from records import parameters, query, service
from records.actor import Actor
from records.database import db, gate, writing
from records.errors import Forbidden, NotFound, Refused
from records.model import Record, StoredFile
from records.people import Seat, User
from records.service.trash import empty
from records.storage import storage
from tests.world import add_user, attach, draft, submitted


@pytest.fixture
def auditor(world) -> Actor:
    with writing(gate()):
        user = add_user("Проверкин Егор Ильич", "auditor@baikal.example", ("sro_auditor",))
        db.session.commit()
    return actor_for(user)


@pytest.mark.requirement("C-28")
def test_in_the_seat_of_another_company_ones_papers_for_the_first_do_not_exist(world, specialist):
    filed, unfinished = submitted(specialist), draft(specialist)
    mine = (filed.id, unfinished.id)
    with writing(gate()):
        db.session.add(
            Seat(user_id=specialist.user_id, role="member_spec", organisation_id=world.other_company.id)
        )
        db.session.commit()
    user = db.session.get(User, specialist.user_id, populate_existing=True)
    seat = next(s for s in user.seats if s.organisation_id == world.other_company.id)
    there = actor_for(user, seat_id=seat.id)
    assert query.visible_ids(there, mine) == set()
    for record_id in mine:
        with pytest.raises(NotFound):
            query.get(there, record_id)
        with pytest.raises(NotFound):
            service.act(there, record_id, "submit")


@pytest.mark.requirement("C-28")
def test_who_left_the_company_no_longer_reads_what_he_wrote_for_it(world, specialist):
    filed = submitted(specialist).id
    with writing(gate()):
        db.session.execute(db.delete(Seat).where(Seat.user_id == specialist.user_id))
        db.session.commit()
    gone = actor_for(db.session.get(User, specialist.user_id, populate_existing=True))
    assert query.visible_ids(gone, [filed]) == set()


@pytest.mark.requirement("R-12")
def test_why_a_paper_was_given_to_another_is_not_told_to_the_member(head, clerk, curator, browser_of):
    record = submitted(head).id
    service.redirect(clerk, record, "sro_lawyer", reason="Скандальный член, пусть ответит юрист")
    told = [step.values for step in query.history(head, query.get(head, record))]
    assert "Скандальный" not in str(told)
    assert "Скандальный" in str([s.values for s in query.history(curator, query.get(curator, record))])
    assert "Скандальный" not in browser_of("head").get(f"/records/{record}").text


def test_the_auditor_reads_and_changes_nothing(auditor, head, curator):
    record, other = submitted(head), submitted(head)
    note = service.remark(curator, record.id, "Нет печати", public=True, blocking=True)
    for attempt in (
        lambda: service.remark(auditor, record.id, "Замечание"),
        lambda: service.resolve(auditor, note.id),
        lambda: service.link(auditor, record.id, other.id, "same_case"),
        lambda: service.unlink(auditor, record.id, other.id, "same_case"),
        lambda: service.claim(auditor, record.id),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert query.get(auditor, record.id).id == record.id


def test_the_auditor_does_not_put_a_new_version_beside_a_registered_file(auditor, head):
    record = draft(head)
    file_id = attach(head, record, io.BytesIO(b"text"), "письмо.txt")
    service.act(head, record.id, "submit")
    with pytest.raises((Forbidden, Refused)):
        service.attach(auditor, record.id, io.BytesIO(b"other"), "письмо.txt", replaces=file_id)


def test_a_member_does_not_cancel_a_paper_of_the_office(head, curator):
    request = submitted(head).id
    reply = service.start_reply(curator, request).id
    notice = submitted(head).id
    for kind in ("cancels", "replaces", "in_execution_of"):
        with pytest.raises(Forbidden):
            service.link(head, notice, request, kind)
    with pytest.raises(NotFound):
        service.link(head, reply, request, "same_case")
    assert service.link(head, notice, request, "supplements").target_id == request


@pytest.mark.requirement("R-25", "R-27")
def test_destroying_one_paper_leaves_the_bytes_another_was_filed_with(
    head, stranger, clerk, curator, director
):
    old, kept = draft(head), draft(stranger)
    attach(head, old, io.BytesIO("Общая справка".encode()), "справка.txt")
    shared = attach(stranger, kept, io.BytesIO("Общая справка".encode()), "справка.txt")
    old_id, kept_id = old.id, kept.id
    service.act(head, old_id, "submit")
    service.act(stranger, kept_id, "submit")
    with writing(gate()):
        found = db.session.get(Record, old_id)
        found.state, found.is_open, found.closed_on, found.case_index = (
            "closed",
            False,
            date(2010, 6, 1),
            "02-01",
        )
        db.session.get(
            StoredFile, shared
        ).removed_at = found.created_at  # as a return for corrections leaves it
        sha256 = db.session.get(StoredFile, shared).sha256
        db.session.commit()
    assert retention.destroy(director, [old_id], act_number="1", today=parameters.today()) == []
    with storage().open(sha256) as stream:
        assert stream.read().decode() == "Общая справка"


def test_a_draft_emptied_from_the_trash_does_not_come_back_hollow(head):
    record = draft(head).id
    service.trash(head, record)
    empty(head, record)
    with pytest.raises(NotFound):
        service.restore(head, record)


def test_who_may_only_read_does_not_hold_a_paper_from_its_editors(auditor, head, curator):
    record = submitted(head).id
    service.edit_lock(auditor, record)
    service.edit_lock(head, record)
    assert service.edit_lock(curator, record) == []
    assert [name for name, _ in service.edit_lock(auditor, record)] == [curator.name]
