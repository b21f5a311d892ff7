"""An absentee meeting from the call to the protocol, through the services."""

from __future__ import annotations

from datetime import date

import pytest

from documents.printing import as_docx, as_pdf
from meetings import preparing, taking
from meetings.papers import files, protocol
from records import query
from records.database import db
from records.errors import Forbidden, Refused
from records.model import Record

FOR = {"q1": "for", "q2": "against"}


def notices(record_id: int) -> list[Record]:
    rows = db.session.query(Record).filter_by(kind="meeting_notice").order_by(Record.id).all()
    return [row for row in rows if row.payload["meeting"] == record_id]


@pytest.mark.requirement("M-18", "M-20")
def test_every_member_gets_a_numbered_notice_with_the_address_of_the_register(called, world):
    found = notices(called)
    assert {row.organisation_id for row in found} == {world.company.id, world.other_company.id}
    assert all(row.number_text and row.state == "sent" for row in found)
    assert found[0].payload["address"]


@pytest.mark.requirement("M-13")
def test_a_plan_without_a_decision_is_not_called(ctx, world, plan, on):
    record = preparing.begin(world.actor("secretary"), {**plan, "decision_number": "", "place": ""})
    with pytest.raises(Refused, match="Номер решения совета"):
        on("11-23", preparing.call, "secretary", record.id)


@pytest.mark.requirement("M-04", "M-15", "M-112")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"agenda": [{"title": "Утверждение устава", "class": "exclusive"}]}, "исключительной компетенции"),
        ({"counting_chair": ""}, "счётная комиссия"),
        ({"intake_opens_at": "2026-11-27T09:00"}, "не раньше 01.12.2026"),
        ({"intake_closes_at": "2026-12-04T18:00"}, "Извещение возможно до 20.11.2026"),
        ({"basis": "law"}, "недостаточно"),
    ],
)
def test_the_plan_names_what_is_wrong_with_the_norm(ctx, plan, change, said):
    found, _, _ = preparing.examined({**plan, **change}, on=date(2026, 11, 23))
    wrong = [row for row in found if not row.is_passed]
    assert [row for row in wrong if said in row.title and row.norm]


@pytest.mark.requirement("M-139", "M-116")
def test_a_ballot_is_numbered_and_taken_once(called, on):
    filed = on("12-03", taking.send_ballot, "head", called, FOR)
    assert filed.number_text.startswith("Б-")
    assert "for" not in str(filed.payload)
    with pytest.raises(Refused, match="уже принят"):
        on("12-04", taking.send_ballot, "head", called, FOR)


def test_a_ballot_before_the_intake_is_refused_with_its_norm(called, on):
    with pytest.raises(Refused, match="W"):
        on("11-25", taking.send_ballot, "head", called, FOR)


def test_a_specialist_has_no_ballot(called, on):
    with pytest.raises(Forbidden):
        on("12-03", taking.send_ballot, "specialist", called, FOR)


@pytest.mark.requirement("M-141")
def test_an_e_mailed_ballot_without_a_signature_is_not_received(called, on, world):
    filed, faults = on(
        "12-03", taking.take_ballot, "clerk", called, world.company.id, FOR,
        channel="email", is_signed=False, has_seal=True,
    )  # fmt: skip
    assert filed.state == "not_received"
    assert faults


def test_ballots_are_not_opened_before_the_day_of_counting(called, on):
    on("12-03", taking.send_ballot, "head", called, FOR)
    with pytest.raises(Refused, match=r"W\.10"):
        on("12-14", taking.count, "counter0", called)


@pytest.mark.requirement("M-113", "M-114")
def test_a_proposal_makes_a_new_version_that_goes_to_everybody(called, on):
    filed = on("11-24", taking.propose, "head", called, question="О логотипе", motives="Старый устарел")
    assert filed.number_text
    assert on("11-26", taking.amend_agenda, "secretary", called, ["q3"]) == 2
    assert [row.payload["agenda_version"] for row in notices(called)] == [1, 1, 2, 2]


@pytest.mark.requirement("M-113")
def test_a_late_proposal_is_refused(called, on):
    with pytest.raises(Refused, match=r"W\.4"):
        on("11-27", taking.propose, "head", called, question="О логотипе", motives="Устарел")


@pytest.mark.requirement("M-143")
def test_a_head_limits_a_proxy_to_questions_and_revokes_it(called, on, world):
    holder = world.users["proxy"]
    name = on("11-25", taking.give_proxy, "head", called, holder, items=["q1"])
    on("11-26", taking.revoke_proxy, "head", called, name)
    with pytest.raises(Refused, match="уже отозвана"):
        on("11-27", taking.revoke_proxy, "head", called, name)
    with pytest.raises(Refused):
        on("12-03", taking.send_ballot, "proxy", called, FOR)


@pytest.fixture
def counted(called, on) -> int:
    on("12-03", taking.send_ballot, "head", called, FOR)
    on("12-04", taking.send_ballot, "stranger", called, {"q1": "for", "q2": "for"})
    on("12-15", taking.count, "counter0", called, clock="11:00")
    return called


@pytest.mark.requirement("M-131", "M-122", "M-148")
def test_the_protocol_says_it_all_in_words(counted, world):
    record = query.get(world.actor("secretary"), counted)
    dossier = files.dossier_of(record)
    text = str(protocol.protocol(dossier).blocks).replace("\\xa0", " ")
    assert not protocol.missing(dossier)
    assert "2 (два) бюллетеня" in text
    assert "единогласно принято решение: Утвердить отчёт совета за 2025 год." in text
    assert "решение не принято" in text
    assert "Счётов Иван Ильич" in text
    assert record.state == "done"


@pytest.mark.requirement("M-93")
def test_documents_are_the_same_bytes_each_time(counted, world):
    record = query.get(world.actor("secretary"), counted)
    for name in files.available(files.dossier_of(record), is_staff=True):
        first = files.paper(files.dossier_of(record), name, is_staff=True)
        again = files.paper(files.dossier_of(record), name, is_staff=True)
        assert as_docx(first) == as_docx(again)
        assert as_pdf(first) == as_pdf(again)


@pytest.mark.requirement("M-128", "M-120")
def test_the_list_of_senders_names_companies_numbers_and_votes(counted, world):
    record = query.get(world.actor("secretary"), counted)
    text = str(files.paper(files.dossier_of(record), "senders", is_staff=True).blocks)
    assert "ООО «Ромашка», ИНН 7701677668, № 0286 в реестре" in text
    assert "против" in text
