"""The time from receipt to answer is measured by itself, by kind and by employee."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import pace
from records import service
from records.database import db, gate, now, writing
from records.errors import Forbidden
from records.model import Record
from tests.world import submitted
from views.pace import words


@pytest.fixture
def answered(world, head, curator, director, drain):
    """A letter that came three days ago and has been answered just now; another waits."""

    def answer(days=3):
        letter = submitted(head)
        service.act(director, letter.id, "take")
        service.assign(director, letter.id, curator.user_id)
        reply = service.start_reply(curator, letter.id)
        service.save(curator, reply.id, {"text": "Проверка в декабре."})
        service.act(curator, reply.id, "to_sign")
        service.act(director, reply.id, "sign")
        drain(["print"])  # the paper is made, then it goes
        with writing(gate()):
            db.session.execute(
                db.update(Record)
                .where(Record.id == letter.id)
                .values(received_at=now() - timedelta(days=days, minutes=1))
            )
            db.session.commit()
        return letter

    return answer


@pytest.mark.requirement("C-46")
def test_the_time_runs_from_receipt_to_the_answer(answered, head, curator, director):
    answered(3)
    submitted(head)
    found = pace.served(director, 30)
    assert [one.kind for one in found] == ["letter"]
    assert timedelta(days=3) <= found[0].took < timedelta(days=3, minutes=5)
    assert found[0].employee == curator.user_id


@pytest.mark.requirement("C-46")
def test_a_paper_taken_back_is_no_answer(world, head, clerk, director):
    service.act(clerk, submitted(head).id, "annul", note="Подан по ошибке")
    assert pace.served(director, 30) == []


@pytest.mark.requirement("C-46")
def test_figures_are_by_kind_and_by_employee_with_medians(answered, director, curator):
    for days in (1, 2, 30):
        answered(days)
    (kind,) = pace.by_kind(pace.served(director, 365))
    assert (kind.count, kind.median.days) == (3, 2)
    assert kind.slowest_tenth > timedelta(days=20)
    (person,) = pace.by_employee(pace.served(director, 365))
    assert (person.title, person.count) == (curator.name, 3)


@pytest.mark.requirement("C-46")
def test_an_employee_sees_his_own_pace_and_a_member_none(answered, curator, lawyer, head, browser_of):
    answered()
    assert len(pace.served(curator, 30)) == 1
    assert pace.served(lawyer, 30) == []
    with pytest.raises(Forbidden):
        pace.served(head, 30)
    assert browser_of("head").get("/desk/pace").status_code == 403
    assert "По сотрудникам" not in browser_of("curator").get("/desk/pace").text


@pytest.mark.requirement("C-46")
def test_the_page_shows_the_pace_and_an_empty_one_explains_itself(answered, world, browser_of):
    browser = browser_of("director")
    assert "Ответов за это время не было" in browser.get("/desk/pace").text
    answered()
    page = browser.get("/desk/pace?days=30").text
    assert "3\u00a0дн." in page
    assert "Кураторова" in page
    assert browser.get("/desk/pace?days=x").status_code == 200


@pytest.mark.parametrize(
    ("took", "said"),
    [
        (timedelta(seconds=20), "меньше минуты"),
        (timedelta(minutes=12), "12 мин"),
        (timedelta(hours=5, minutes=20), "5 ч 20 мин"),
        (timedelta(days=3, hours=4, minutes=9), "3 дн. 4 ч"),
        (timedelta(days=2), "2 дн."),
    ],
)
def test_a_span_is_said_in_two_units_at_most(took, said):
    assert words(took).replace("\u00a0", " ") == said
