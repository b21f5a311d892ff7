"""One act on many: each is reported, the rest go on, a killed job goes on and does nothing twice."""

from __future__ import annotations

import pytest

from desk import bulk
from desk.model import Job
from records import outbox, query, service
from records.database import db
from records.errors import Forbidden, Invalid
from records.model import History, Outbox, Record
from tests.world import submitted


@pytest.fixture
def letters(head, clerk):
    """Thirty letters; two of them are already taken."""
    made = [submitted(head, subject=f"Письмо {n}", text="Текст") for n in range(30)]
    for record in made[:2]:
        service.act(clerk, record.id, "take")
    return [record.id for record in made]


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Record.state).order_by(Record.id)))


@pytest.mark.requirement("R-32", "U-03")
def test_thirty_selected_gives_28_done_and_2_refused_with_reasons(letters, clerk, drain, browser_of):
    page = browser_of("clerk")
    answer = page.post("/records/bulk", {"verb": "take", "ids": [str(i) for i in letters], "scope": "page"})
    assert answer.location.startswith("/jobs/")
    waiting = page.get(answer.location).text
    assert "data-progress-url" in waiting
    drain(["bulk"])
    report = page.get(answer.location).text
    assert "Выполнено: 28, отказано: 2" in report
    assert page.get(answer.location + "/state").json["state"] == "done"
    refused = [row for row in db.session.scalars(db.select(Job)).one().report if not row["done"]]
    assert [row["record"] for row in refused] == letters[:2]
    assert all(row["text"] for row in refused)


@pytest.mark.requirement("R-32")
def test_a_killed_job_goes_on_and_does_nothing_twice(letters, clerk, monkeypatch):
    bulk.start(clerk, letters, bulk.Request("take"), token="t")
    real, calls = bulk.one, []

    def dies(*arguments):
        calls.append(arguments[1])
        if len(calls) == 11:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(bulk, "one", dies)
    with pytest.raises(KeyboardInterrupt):
        outbox.drain(["bulk"])
    monkeypatch.setattr(bulk, "one", real)
    db.session.rollback()
    db.session.execute(db.update(Outbox).where(Outbox.topic == "bulk").values(leased_until=None))
    db.session.commit()
    outbox.drain(["bulk"])
    job = db.session.scalars(db.select(Job)).one()
    assert (job.state, job.done, sum(bool(r["done"]) for r in job.report)) == ("done", 30, 28)
    taken = db.session.scalar(
        db.select(db.func.count()).select_from(History).where(History.verb == "record.take")
    )
    assert taken == 30
    assert states() == ["in_review"] * 30


def test_two_workers_with_the_same_slice_leave_one_report(letters, clerk):
    job = bulk.start(clerk, letters, bulk.Request("take"), token="t")
    same = outbox.Job(1, "bulk", "", {"job": job.id}, 0)
    bulk.run_jobs([same])
    bulk.run_jobs([same])
    assert db.session.get(Job, job.id, populate_existing=True).done == bulk.SLICE


@pytest.mark.requirement("U-03")
def test_all_found_takes_every_page_of_the_list(letters, clerk, drain, browser_of):
    form = {"verb": "claim", "scope": "found", "query": "state=registered"}
    browser_of("clerk").post("/records/bulk", form)
    drain(["bulk"])
    job = db.session.scalars(db.select(Job)).one()
    assert job.total == 28
    mine = query.count(
        clerk, query.ListQuery(assignee=clerk.user_id, state=("registered",)), job.created_at.date()
    )
    assert mine == (28, False)


def test_few_are_done_at_once(letters, clerk, browser_of):
    page = (
        browser_of("clerk").post("/records/bulk", {"verb": "take", "ids": [str(i) for i in letters[:5]]}).text
    )
    assert "Выполнено: 3, отказано: 2" in page


@pytest.mark.requirement("R-32")
def test_annulment_asks_for_the_reason_first_and_keeps_it(letters, clerk, browser_of):
    page = browser_of("clerk")
    asked = page.post("/records/bulk", {"verb": "annul", "ids": [str(letters[5])]}).text
    assert "нельзя отменить" in asked
    assert states()[5] == "registered"
    page.post(
        "/records/bulk",
        {"verb": "annul", "ids": [str(letters[5])], "answered": "1", "note": "Двойник", "once": "a"},
    )
    assert states()[5] == "annulled"


def test_assignment_of_many(letters, clerk, world, browser_of):
    page = browser_of("clerk")
    assert "Исполнитель" in page.post("/records/bulk", {"verb": "assign", "ids": [str(letters[3])]}).text
    lawyer = world.users["lawyer"].id
    page.post(
        "/records/bulk",
        {"verb": "assign", "ids": [str(i) for i in letters[3:6]], "answered": "1", "user_id": str(lawyer)},
    )
    db.session.rollback()
    assert {db.session.get(Record, i).assignee_id for i in letters[3:6]} == {lawyer}


def test_nothing_chosen_is_said(clerk):
    with pytest.raises(Invalid, match="Отметьте"):
        bulk.start(clerk, [], bulk.Request("take"), token="t")


def test_somebody_else_does_not_see_the_report(letters, clerk, browser_of):
    job = bulk.start(clerk, letters, bulk.Request("take"), token="t")
    assert browser_of("registrar").get(f"/jobs/{job.id}").status_code == 404
    assert browser_of("registrar").get(f"/jobs/{job.id}/state").status_code == 404


def test_a_stranger_learns_nothing_from_a_bulk_act(letters, stranger):
    rows = bulk.start(stranger, letters[:3], bulk.Request("take"), token="t")
    assert [(row.done, row.title) for row in rows] == [(False, f"№ {i}") for i in letters[:3]]


def test_a_member_may_not_start_a_long_job(letters, head):
    with pytest.raises(Invalid):
        bulk.start(head, letters, bulk.Request("take"), token="t")


def test_nobody_acts_without_a_person(letters):
    from records.actor import PUBLIC_ACTOR

    with pytest.raises(Forbidden):
        bulk.start(PUBLIC_ACTOR, letters, bulk.Request("take"), token="t")
