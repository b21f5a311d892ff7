"""Help in place, videos of one's own, the check of the computer, questions to support."""

from __future__ import annotations

import io

import pytest

from accounts import help_topics, support
from accounts.model import SupportRequest
from records.database import db
from records.errors import Forbidden, Invalid

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(2000)


@pytest.mark.requirement("C-12")
def test_help_of_a_page_opens_the_topic_of_that_page(browser_of, world, head):
    browser = browser_of("head")
    assert 'href="/help/menu"' in browser.get("/").text
    assert help_topics.topic_of("records.new", "extract_request").code == "extract"
    assert help_topics.topic_of("records.new", "report").code == "reports"
    assert help_topics.topic_of("records.trash", "") is None


@pytest.mark.requirement("C-12")
def test_topics_named_in_the_header_exist(browser_of):
    browser = browser_of("head")
    statuses = {code: browser.get(f"/help/{code}").status_code for code in help_topics.topics()}
    assert set(statuses.values()) == {200}


@pytest.mark.requirement("C-12")
def test_the_office_places_its_own_video(browser_of):
    clerk, head = browser_of("clerk"), browser_of("head")
    data = {"video": (io.BytesIO(MP4), "выписка.mp4")}
    assert clerk.post("/help/extract/video", data, content_type="multipart/form-data").status_code == 302
    assert "/help/extract/video" in head.get("/help/extract").text
    part = head.get("/help/extract/video", headers={"Range": "bytes=0-11"})
    assert (part.status_code, part.data, part.mimetype) == (206, MP4[:12], "video/mp4")
    part.close()
    clerk.post("/help/extract/video", {"remove": "1"})
    assert head.get("/help/extract/video").status_code == 404


def test_a_page_that_calls_itself_a_video_is_refused(browser_of):
    data = {"video": (io.BytesIO(b"<html><script>alert(1)</script>"), "видео.mp4")}
    answer = browser_of("clerk").post("/help/extract/video", data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "MP4 или WebM" in answer.text


def test_members_do_not_place_videos(head):
    with pytest.raises(Forbidden):
        help_topics.put_video(head, "extract", io.BytesIO(MP4), "x.mp4")


@pytest.mark.requirement("C-13")
@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36", "Браузер: в порядке"),
        ("Mozilla/5.0 (Windows NT 6.1) Chrome/49.0 Safari/537.36", "Браузер: нужно исправить"),
        ("Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/145.0", "Браузер: в порядке"),
        ("curl/8", "Браузер: нужно исправить"),
    ],
)
def test_the_check_of_the_computer_tells_what_to_do(browser, world, agent, said):
    page = browser.get("/workstation", headers={"User-Agent": agent}, follow_redirects=True).text
    assert said in page
    assert "Файлы cookie: в порядке" in page
    assert "Установите программу КриптоПро" in page


@pytest.mark.requirement("C-13")
def test_a_browser_without_cookies_is_told_so(app):
    client = app.test_client(use_cookies=False)
    page = client.get("/workstation?again=1").text
    assert "Файлы cookie: нужно исправить" in page


@pytest.mark.requirement("C-14")
def test_a_question_arrives_with_page_time_and_browser(browser_of, world, letters):
    page = "/records/5?token=secret-token-value"
    browser = browser_of("head")
    browser.post(
        "/support", {"text": "Не открывается файл", "page": page}, headers={"User-Agent": "Firefox/145.0"}
    )
    entry = db.session.scalars(db.select(SupportRequest)).one()
    assert (entry.page, entry.agent) == ("/records/5", "Firefox/145.0")
    text = letters("office@baikal.example")[0].text
    assert all(word in text for word in ("Не открывается файл", "/records/5", "Firefox/145.0", "Иванов"))
    assert "secret" not in text


@pytest.mark.requirement("C-14")
@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("/activate/Zx8f2kQ1mP0aLr7tVw3yBn5c", "/activate/…"),
        ("/password/reset/Zx8f2kQ1mP0aLr7tVw3yBn5c?x=1#y", "/password/reset/…"),
        ("https://evil.example/records/5", "/records/5"),
        ("//evil.example/x", "/x"),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/records/417/edit", "/records/417/edit"),
    ],
)
def test_no_secret_and_no_foreign_address_goes_with_the_question(page, kept):
    assert support.safe_page(page) == kept


@pytest.mark.requirement("C-14")
def test_support_answers_by_mail(world, clerk, head, letters):
    entry = support.ask(head, "Где отчёты?", page="/", agent="x")
    support.answer(clerk, entry.id, "В меню слева")
    assert "В меню слева" in letters("head@member.example")[0].text


def test_before_login_support_needs_an_address(browser, world):
    assert browser.post("/support", {"text": "Не могу войти"}).status_code == 422
    given = {"text": "Не могу войти", "email": "x@member.example"}
    assert browser.post("/support", given).status_code == 200


def test_an_empty_question_is_not_taken(head):
    with pytest.raises(Invalid):
        support.ask(head, "  ", page="/", agent="x")
