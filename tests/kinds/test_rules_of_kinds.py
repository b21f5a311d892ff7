"""Rules of the reference table that single kinds carry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from correspondence import chat, circular, samples
from records import query, service
from records.errors import Forbidden, NotFound, Refused
from records.kinds import registry
from tests.kinds.sample import put_into


def made_and_sent(accountant, request, kind, fields):
    answer = service.start_reply(accountant, request.id, kind)
    service.save(accountant, answer.id, fields)
    return service.act(accountant, answer.id, "send")


@pytest.mark.requirement("C-30")
def test_an_invoice_answers_its_request_by_itself(head, accountant):
    request = service.create(head, "invoice_request", fields={"due": "membership"})
    service.act(head, request.id, "submit")
    fields = {"due": "membership", "amount": "15000", "pay_until": "2026-12-20"}
    invoice = made_and_sent(accountant, request, "invoice", fields)
    assert str(invoice.due_on) == "2026-12-20"
    found = query.get(head, request.id)
    assert found.state == "replied"
    assert [link.record.id for link in query.links(head, found)] == [invoice.id]
    service.mark_read(head, request.id)
    assert query.get(head, request.id).state == "closed"


@pytest.mark.requirement("C-31")
def test_a_disputed_act_is_corrected_and_sent_again_under_its_number(head, accountant, director, drain):
    fields = {"since": "2026-01-01", "until": "2026-09-30", "charged": "90000", "paid": "60000"}
    act = service.create(
        accountant, "reconciliation_act", organisation_id=head.organisation_id, fields=fields
    )
    service.act(accountant, act.id, "to_sign")
    number = service.act(director, act.id, "sign").number_text
    drain(["print"])
    assert query.get(head, act.id).state == "sent"
    service.act(head, act.id, "dispute", note="Платёж от 02.09.2026 не учтён")
    service.act(accountant, act.id, "recall")
    service.save(accountant, act.id, {"paid": "90000"})
    service.act(accountant, act.id, "to_sign")
    service.act(director, act.id, "sign")
    drain(["print"])
    assert (query.get(head, act.id).state, query.get(head, act.id).number_text) == ("sent", number)
    assert service.act(head, act.id, "agree").state == "closed"


def test_withdrawal_is_registered_on_the_very_day_and_cannot_be_refused(head):
    kind = registry["withdrawal_application"]
    assert not {"refuse", "return"} & {t.verb for t in kind.workflow.transitions}
    with service.work(head, at=datetime(2026, 11, 21, 9, tzinfo=UTC)):  # a Saturday
        record = service.create(head, kind.name, fields={"knows": True})
        record = service.act(head, record.id, "submit")
    assert str(record.registered_on) == str(record.due_on) == "2026-11-21"


def test_nothing_goes_to_the_council_without_a_conclusion(head, registrar):
    record = service.create(head, "level_change_application", fields={"change": "vv"})
    put_into(record, "in_review")
    with pytest.raises(Refused):
        service.act(registrar, record.id, "to_council")
    assert service.act(registrar, record.id, "to_council", note="Документы полны").state == "on_council"


@pytest.mark.requirement("C-37")
def test_a_document_request_is_closed_by_what_it_asked_for(head, curator):
    asked = service.create(
        curator,
        "document_request",
        organisation_id=head.organisation_id,
        fields={"what": "Полис страхования", "until": "2026-12-01"},
    )
    asked = service.act(curator, asked.id, "send")
    assert str(asked.due_on) == "2026-12-01"
    with pytest.raises(Refused, match="Приложите"):
        service.act(head, asked.id, "submit")
    service.attach_bytes(head, asked.id, b"policy", "полис.txt", media_type="text/plain", slot="answer")
    assert service.act(head, asked.id, "submit").state == "submitted"
    assert service.act(curator, asked.id, "accept").done_on is not None


@pytest.mark.requirement("C-34")
def test_violations_set_the_term_and_only_named_ones_are_controlled(head, control):
    fields = {"type": "planned", "inspected_on": "2026-11-02", "subject": "Членские условия"}
    act = service.create(control, "inspection_act", organisation_id=head.organisation_id, fields=fields)
    put_into(act, "agreed")
    with pytest.raises(Refused, match="нет нарушений"):
        service.act(control, act.id, "control")
    rows = [{"what": "Нет полиса", "due": "2026-12-15"}, {"what": "Нет журнала", "due": "2026-12-01"}]
    put_into(act, "agreed", {**fields, "violations": rows})
    with pytest.raises(Refused, match="есть нарушения"):
        service.act(control, act.id, "close")
    assert str(service.act(control, act.id, "control").due_on) == "2026-12-01"


@pytest.mark.requirement("C-16", "C-17", "C-18")
def test_an_announcement_is_seen_by_its_audience_only(head, specialist, clerk):
    fields = {
        "subject": "Собрание",
        "text": "Текст",
        "topic": "meeting",
        "audience": ["member_head"],
        "pinned": True,
    }
    post = service.create(clerk, "announcement", fields=fields)
    service.act(clerk, post.id, "publish")
    assert query.get(head, post.id).title == "Собрание"
    with pytest.raises(NotFound):
        query.get(specialist, post.id)


@pytest.mark.requirement("C-41")
def test_a_chat_goes_to_the_expert_and_a_message_becomes_a_letter(specialist, stranger, accountant):
    talk = service.create(specialist, "chat_topic", fields={"subject": "Когда счёт?", "topic": "dues"})
    talk = service.act(specialist, talk.id, "activate")
    assert talk.assignee_id == accountant.user_id
    assert talk.number_text is None
    message = service.remark(specialist, talk.id, "Прошу счёт за IV квартал", public=True, purpose="message")
    with pytest.raises(Forbidden):
        chat.to_letter(accountant, message.id)
    letter = chat.to_letter(specialist, message.id)
    assert service.act(specialist, letter.id, "submit").number_text
    assert [link.record.id for link in query.links(specialist, letter)] == [talk.id]


@pytest.mark.requirement("R-21")
def test_a_draft_begins_by_a_sample_and_old_editions_stay_readable(head, clerk):
    def edition(text):
        fields = {"subject": "Обращение", "for_kind": "letter", "text": text}
        return service.create(clerk, "sample", fields=fields)

    first = edition("Прошу сообщить…")
    service.act(clerk, first.id, "publish")
    draft = samples.begin(head, first.id)
    assert (draft.kind, draft.payload["text"]) == ("letter", "Прошу сообщить…")
    second = edition("Просим рассмотреть…")
    samples.replace(clerk, first.id, second.id)
    assert query.get(head, first.id).state == "closed"
    assert query.get(head, second.id).state == "published"


def test_one_notice_to_many_is_a_record_for_each(curator, world):
    fields = {"subject": "О сроке отчёта", "text": "Сдайте отчёт до 1 марта."}
    made = circular.address_to(curator, [world.company.id, world.other_company.id], fields)
    assert [record.state for record in made] == ["to_sign", "to_sign"]
    assert {record.organisation_id for record in made} == {world.company.id, world.other_company.id}


@pytest.mark.requirement("R-22")
def test_an_extract_is_a_snapshot_and_ends_the_request(head, registrar, director, drain):
    request = service.create(head, "extract_request", fields={"format": "electronic"})
    service.act(head, request.id, "submit")
    service.act(registrar, request.id, "take")
    extract = service.start_reply(registrar, request.id, "extract")
    signed = service.act(director, extract.id, "sign")
    assert "7701677668" in signed.payload["content"]
    drain(["print"])
    assert query.get(head, extract.id).number_text.startswith("В-00001/")
    assert query.get(head, request.id).state == "replied"


@pytest.mark.requirement("C-24")
def test_the_catalogue_has_ten_applications_with_what_comes_of_them(application):
    offered = [k for k in registry if k.member_menu]
    assert len(offered) >= 10
    assert all(k.description and k.result for k in offered)
