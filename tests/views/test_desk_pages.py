"""Every page of the desks: what it shows, to whom, and what it answers to bad input."""

from __future__ import annotations

import io

import pytest

from records import service
from records.database import db
from records.model import Record, Remark, StoredFile
from tests.world import draft, submitted

FOR_ALL = (
    "/",
    "/records",
    "/archive",
    "/calendar",
    "/calendar?view=list",
    "/catalogue",
    "/chat",
    "/news",
    "/reference",
    "/samples",
    "/trash",
    "/workflows",
)
FOR_STAFF = ("/desk", "/intake", "/journals", "/keeping/plan", "/keeping/expired", "/reply-templates")
FOR_ADMIN = ("/settings/office", "/settings/numbering", "/settings/terms", "/settings/routing")


@pytest.mark.parametrize("url", FOR_ALL)
@pytest.mark.parametrize("name", ["head", "specialist", "clerk", "director", "admin"])
def test_common_pages_open_for_everybody(url, name, world, browser_of):
    assert browser_of(name).get(url).status_code == 200


@pytest.mark.parametrize("url", FOR_STAFF)
def test_staff_pages_open_for_the_director_and_not_for_members(url, world, browser_of):
    assert browser_of("director").get(url).status_code == 200
    assert browser_of("head").get(url).status_code == 403


@pytest.mark.parametrize("url", FOR_ADMIN)
def test_settings_open_for_the_administrator_alone(url, world, browser_of):
    assert browser_of("admin").get(url).status_code == 200
    assert browser_of("clerk").get(url).status_code == 403
    assert browser_of("head").get(url).status_code == 403


@pytest.mark.parametrize("url", [*FOR_ALL, *FOR_STAFF, *FOR_ADMIN])
def test_nobody_enters_without_login(url, browser):
    assert browser.get(url).location.startswith("/login?next=")


# The workplace


@pytest.mark.requirement("C-46")
def test_ten_papers_are_gone_through_on_one_page(world, head, clerk, browser_of):
    made = [submitted(head, subject=f"Письмо {n}", text="Текст") for n in range(10)]
    page = browser_of("clerk")
    text = page.get("/desk").text
    assert all(f"Письмо {n}" in text for n in range(10))
    assert "1 из 10" in text
    second = page.get(f"/desk/{made[1].id}").text
    assert "<html" not in second
    assert "Следующий" in second
    assert "Предыдущий" in second


@pytest.mark.requirement("C-46")
def test_an_act_at_the_workplace_leads_to_the_next_paper(world, head, browser_of):
    first, second = submitted(head), submitted(head)
    page = browser_of("clerk")
    assert f"/records/{first.id}/act/take?next=" in page.get(f"/desk/{first.id}").text
    answer = page.post(f"/records/{first.id}/act/take?next=/desk%3Fat%3D{second.id}")
    assert answer.location == f"/desk?at={second.id}"


def test_the_way_back_never_leaves_the_site(world, head, browser_of):
    record = submitted(head)
    answer = browser_of("clerk").post(f"/records/{record.id}/act/take?next=//evil.example")
    assert answer.location == "/"


def test_a_members_draft_is_not_shown_at_the_workplace(world, head, browser_of):
    assert browser_of("clerk").get(f"/desk/{draft(head).id}").status_code == 404


# Ready texts


@pytest.mark.requirement("C-46")
def test_an_answer_by_template_is_filled_with_number_and_date(world, head, lawyer, clerk, browser_of):
    record = submitted(head)
    service.act(clerk, record.id, "take")
    page = browser_of("lawyer")
    card = page.get(f"/records/{record.id}").text
    assert "Ответить по шаблону" in card
    assert f"Ваше обращение № {record.number_text}" in card
    answer = page.post(f"/records/{record.id}/reply", {"kind": "reply", "ready": "Ваше обращение принято."})
    assert "Ваше обращение принято." in page.get(answer.location).text


def test_a_place_that_nothing_fills_is_refused(world, browser_of):
    page = browser_of("clerk").post("/reply-templates", {"title": "Ответ", "text": "Уважаемый {имя}!"})
    assert page.status_code == 422
    assert "{имя}" in page.text
    assert "Уважаемый" in page.text


def test_texts_are_kept_and_the_empty_one_is_dropped(world, browser_of):
    page = browser_of("clerk")
    page.post("/reply-templates", {"title": ["Мой", ""], "text": ["Ответ на № {номер}", ""]})
    text = page.get("/reply-templates").text
    assert "Ответ на № {номер}" in text
    assert "Принято в работу" not in text


# The card


@pytest.mark.requirement("R-06")
def test_a_record_goes_to_another_department_with_a_reason(world, head, browser_of):
    record = submitted(head)
    page = browser_of("clerk")
    assert (
        page.post(f"/records/{record.id}/redirect", {"role": "sro_lawyer", "reason": ""}).status_code == 422
    )
    record_id = record.id
    answer = page.post(f"/records/{record_id}/redirect", {"role": "sro_lawyer", "reason": "Вопрос правовой"})
    assert answer.location == f"/records/{record_id}"
    db.session.rollback()
    assert db.session.get(Record, record_id, populate_existing=True).assignee_id == world.users["lawyer"].id
    assert "Вопрос правовой" in page.get(f"/records/{record.id}").text


def test_a_member_redirects_nothing(world, head, browser_of):
    record = submitted(head)
    answer = browser_of("head").post(f"/records/{record.id}/redirect", {"role": "sro_lawyer", "reason": "x"})
    assert answer.status_code == 403


@pytest.mark.requirement("R-12")
def test_the_staff_write_a_blocking_remark_from_the_card(world, head, browser_of):
    record = submitted(head)
    page = browser_of("clerk")
    assert 'name="blocking"' in page.get(f"/records/{record.id}").text
    page.post(f"/records/{record.id}/remarks", {"text": "Нет печати", "internal": "0", "blocking": "1"})
    assert db.session.scalars(db.select(Remark)).one().is_blocking
    assert "Не снято" in page.get(f"/records/{record.id}").text
    assert 'name="blocking"' not in browser_of("head").get(f"/records/{record.id}").text


@pytest.mark.requirement("R-27")
def test_a_new_version_stands_beside_the_old_file(world, head, browser_of):
    record = draft(head)
    service.attach(head, record.id, io.BytesIO("первая версия".encode()), "order.txt")
    service.act(head, record.id, "submit")
    first = db.session.scalars(db.select(StoredFile)).one()
    page = browser_of("clerk")
    assert f"/files/{first.id}/replace" in page.get(f"/records/{record.id}").text
    assert page.get(f"/files/{first.id}/replace").status_code == 200
    page.post(
        f"/files/{first.id}/replace",
        {"file": (io.BytesIO("вторая версия".encode()), "order.txt")},
        content_type="multipart/form-data",
    )
    db.session.rollback()
    kept = db.session.scalars(db.select(StoredFile).order_by(StoredFile.id)).all()
    assert [f.replaces for f in kept] == [None, first.id]
    assert browser_of("head").get(f"/files/{first.id}/replace").status_code == 404
    assert browser_of("stranger").get(f"/files/{first.id}/replace").status_code == 404


@pytest.mark.requirement("R-13")
def test_the_chain_is_drawn_from_any_of_its_papers(world, head, browser_of):
    first, second, third = submitted(head), submitted(head), submitted(head)
    service.link(head, second.id, first.id, "supplements")
    service.link(head, third.id, second.id, "supplements")
    text = browser_of("head").get(f"/records/{first.id}/chain").text
    assert all(r.number_text in text for r in (first, second, third))
    assert "Дополняет" in text
    assert browser_of("stranger").get(f"/records/{first.id}/chain").status_code == 404


@pytest.mark.requirement("R-25")
def test_the_lawyer_holds_a_record_and_lifts_it_with_a_reason(world, head, browser_of):
    record = submitted(head)
    page = browser_of("lawyer")
    assert "Запретить уничтожение" in page.get(f"/records/{record.id}").text
    page.post(f"/records/{record.id}/hold", {"reason": "Дело № А19-1/2026"})
    card = page.get(f"/records/{record.id}").text
    assert "Дело № А19-1/2026" in card
    assert "Снять удержание" in card
    assert "А19-1/2026" not in browser_of("head").get(f"/records/{record.id}").text


@pytest.mark.requirement("C-17")
def test_the_sro_sees_who_has_read_an_announcement(world, clerk, browser_of):
    made = service.create(
        clerk, "announcement", fields={"subject": "Совет", "text": "Совет 1 декабря", "topic": "meeting"}
    )
    service.act(clerk, made.id, "publish")
    assert browser_of("head").get(f"/records/{made.id}").status_code == 200
    card = browser_of("clerk").get(f"/records/{made.id}").text
    assert "Прочли 1 из 5" in card
    assert "Иванов Иван Иванович" in card
    assert "Прочли" not in browser_of("head").get(f"/records/{made.id}").text


def test_a_member_writes_nothing_under_an_announcement_that_all_members_read(world, clerk, browser_of):
    made = service.create(clerk, "announcement", fields={"subject": "Совет", "text": "т", "topic": "meeting"})
    service.act(clerk, made.id, "publish")
    page = browser_of("head")
    assert 'class="composer"' not in page.get(f"/records/{made.id}").text
    assert page.post(f"/records/{made.id}/remarks", {"text": "Всем привет"}).status_code == 403


def test_a_question_asked_twice_by_one_form_begins_one_talk(world, browser_of):
    form = {"topic": "law", "subject": "Вопрос", "once": "t1"}
    page = browser_of("head")
    assert page.post("/chat", form).location == page.post("/chat", form).location


# Archive, samples, ways


@pytest.mark.requirement("R-16")
def test_the_archive_gives_the_document_and_only_to_its_company(world, head, browser_of, drain):
    record = draft(head)
    service.attach(head, record.id, io.BytesIO("Устав".encode()), "Устав.txt")
    service.act(head, record.id, "submit")
    page = browser_of("head")
    assert record.number_text not in page.get("/archive").text
    text = page.get("/archive?every=1").text
    assert record.number_text in text
    assert "Устав.txt" in text
    assert f"/records/{record.id}/case.zip" in text
    assert record.number_text not in browser_of("stranger").get("/archive?every=1").text
    assert record.number_text not in page.get("/archive?every=1&kind=reply").text


@pytest.mark.requirement("R-21")
def test_a_sample_opens_a_filled_draft_and_its_old_version_stays(world, head, clerk, browser_of):
    record = submitted(head, subject="О проверке", text="Первый текст")
    later = submitted(head, subject="О проверке", text="Второй текст")
    staff = browser_of("clerk")
    answer = staff.post(f"/records/{record.id}/sample", {"title": "Письмо о проверке"})
    code = answer.location.rpartition("/")[2]
    staff.post(f"/records/{later.id}/sample", {"title": "Письмо о проверке", "code": code})
    page = browser_of("stranger")
    assert "Письмо о проверке" in page.get("/samples").text
    assert "Первый текст" in page.get(f"/samples/{code}?version=1").text
    opened = page.post(f"/samples/{code}/start")
    assert "Второй текст" in page.get(opened.location).text
    staff.post(f"/samples/{code}/withdraw")
    assert "Письмо о проверке" not in page.get("/samples").text
    assert page.post(f"/samples/{code}/start").status_code in (403, 404)


@pytest.mark.requirement("R-21")
def test_a_published_sample_document_begins_a_draft_and_the_former_edition_does_not(world, clerk, browser_of):
    fields = {
        "subject": "Образец письма",
        "for_kind": "letter",
        "edition": "редакция 1",
        "text": "Просим выдать справку.",
    }
    made = service.create(clerk, "sample", fields=fields)
    service.act(clerk, made.id, "publish")
    page = browser_of("head")
    assert "Образец письма" in page.get("/samples").text
    opened = page.post(f"/samples/document/{made.id}/start")
    assert "Просим выдать справку." in page.get(opened.location).text
    service.act(clerk, made.id, "close")
    assert "прежняя редакция" in page.get("/samples").text
    assert page.post(f"/samples/document/{made.id}/start").status_code == 403


def test_members_make_no_samples(world, head, browser_of):
    record = submitted(head)
    assert browser_of("head").get(f"/records/{record.id}/sample").status_code == 403
    assert browser_of("head").get("/samples/nothing").status_code == 404


def test_a_sample_without_a_name_is_refused(world, head, browser_of):
    page = browser_of("clerk").post(f"/records/{submitted(head).id}/sample", {"title": " "})
    assert page.status_code == 422


def test_the_way_of_every_kind_is_drawn(world, browser_of):
    from records.kinds import registry

    page = browser_of("clerk")
    for kind in registry:
        text = page.get(f"/workflows/{kind.name}").text
        assert text.count("<rect") == len(kind.workflow.states)
        assert text.count("marker-end") == len(kind.workflow.transitions)
    assert page.get("/workflows/nothing").status_code == 404


# Chat


@pytest.mark.requirement("C-41")
def test_a_topic_finds_its_expert_and_a_message_becomes_a_letter(world, head, browser_of):
    page = browser_of("head")
    answer = page.post("/chat", {"topic": "law", "subject": "Можно ли менять уровень?"})
    record = db.session.scalars(db.select(Record)).one()
    assert record.assignee_id == world.users["lawyer"].id
    page.post(answer.location, {"text": "Мы сменили адрес, что подать?"})
    browser_of("lawyer").post(answer.location, {"text": "Заявление о внесении изменений"})
    text = page.get(answer.location).text
    assert "Заявление о внесении изменений" in text
    message = db.session.scalars(db.select(Remark).order_by(Remark.id)).first()
    made = page.post(f"/chat/messages/{message.id}/letter")
    assert "Мы сменили адрес" in page.get(made.location).text
    assert browser_of("stranger").get(answer.location).status_code == 404


@pytest.mark.requirement("C-41")
def test_a_file_of_the_talk_goes_into_the_letter(world, head, browser_of):
    page = browser_of("head")
    talk = page.post("/chat", {"topic": "dues", "subject": "Счёт"}).location
    page.post(
        talk,
        {"text": "Вот счёт", "file": (io.BytesIO("счёт".encode()), "счёт.txt")},
        content_type="multipart/form-data",
    )
    message = db.session.scalars(db.select(Remark)).one()
    made = page.post(f"/chat/messages/{message.id}/letter")
    assert "счёт.txt" in page.get(made.location).text


def test_the_messages_are_304_until_something_is_said(world, head, browser_of):
    page = browser_of("head")
    talk = page.post("/chat", {"topic": "law", "subject": "Вопрос"}).location
    first = page.get(f"{talk}/messages")
    same = {"If-None-Match": first.headers["ETag"]}
    assert page.get(f"{talk}/messages", headers=same).status_code == 304
    page.post(talk, {"text": "Ещё вопрос"})
    assert page.get(f"{talk}/messages", headers=same).status_code == 200


def test_a_question_without_a_text_is_refused(world, browser_of):
    assert browser_of("head").post("/chat", {"topic": "law", "subject": ""}).status_code == 422
    assert browser_of("head").post("/chat", {"topic": "пустяки", "subject": "x"}).status_code == 422


def test_a_letter_is_no_talk(world, head, browser_of):
    assert browser_of("head").get(f"/chat/{submitted(head).id}").status_code == 404
