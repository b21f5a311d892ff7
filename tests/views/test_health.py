"""The administrator's page of health: what is wrong is said, what can be done is a button."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive import backup, digest, health
from desk import index_switch
from messaging import keeping
from records import condition, database, indexing, outbox
from records.database import FULL, db, gate, now, writing
from records.errors import Forbidden, Invalid
from records.model import Outbox
from tests.conftest import ON_POSTGRES
from tests.world import submitted

ANOTHER = "whoosh" if ON_POSTGRES else "fts5"
URL = "/settings/health"


@pytest.fixture(autouse=True)
def _as_before(instance):
    yield
    (instance / "search-backend").unlink(missing_ok=True)
    database.last_refusal.clear()


@pytest.mark.requirement("C-02", "U-01")
def test_the_page_is_the_administrators_alone(world, browser_of):
    assert browser_of("admin").get(URL).status_code == 200
    assert browser_of("director").get(URL).status_code == 403
    assert browser_of("head").get(URL).status_code == 403


def test_the_page_tells_sizes_version_index_queue_copy_and_digest(world, head, drain, browser_of, tmp_path):
    submitted(head)
    drain()
    backup.create(tmp_path / "копия.tar.gz")
    page = browser_of("admin").get(URL).text
    for words in (health.version(), "копия.tar.gz", "Свободно на диске", "Очередь фоновых работ", "отвечает"):
        assert words in page


def test_a_copy_that_was_never_made_is_a_trouble_and_one_made_is_not(world, tmp_path):
    assert "Резервной копии ещё не было." in health.gather().troubles()
    backup.create(tmp_path / "copy.tar.gz")
    found = health.gather()
    assert not [t for t in found.troubles() if "копи" in t]
    assert found.backup["records"] == 0
    old = health.Health(**{**vars(found), "backup_at": now() - timedelta(days=3)})
    assert "Последней резервной копии больше двух суток." in old.troubles()


@pytest.mark.requirement("R-29")
def test_a_digest_not_published_is_a_trouble(world, head):
    submitted(head)
    assert "Дайджест архива не публиковался больше двух суток." in health.gather().troubles()
    digest.make_due()
    published = health.gather()
    if published.digest is not None:
        assert "Дайджест архива не публиковался больше двух суток." not in published.troubles()


def test_work_that_stands_and_work_given_up_are_told_and_can_be_tried_again(world, head, admin, browser_of):
    submitted(head)
    with writing(gate()):
        db.session.execute(
            db.update(Outbox).values(created_at=now() - timedelta(hours=1), state="failed", error="нет связи")
        )
        outbox.put("mail", "1", {"mail": 1})
        db.session.execute(
            db.update(Outbox).where(Outbox.topic == "mail").values(created_at=now() - timedelta(hours=1))
        )
        db.session.commit()
    troubles = health.gather().troubles()
    assert any("стоят дольше 15 минут" in t for t in troubles)
    assert any("Фоновых работ не выполнено" in t for t in troubles)
    browser = browser_of("admin")
    assert "нет связи" in browser.get(URL).text
    assert browser.post(f"{URL}/retry").status_code == 302
    db.session.rollback()
    assert sum(queue.failed for queue in outbox.queues()) == 0


@pytest.mark.requirement("U-17")
def test_a_full_or_scarce_disk_is_said_first(world, browser_of, monkeypatch):
    monkeypatch.setattr(condition, "writes_refused", lambda: FULL)
    assert health.gather().troubles()[0] == FULL
    assert FULL in browser_of("admin").get(URL).text
    assert condition.Room(free=10 * 2**20, total=2**40).is_scarce
    assert not condition.Room(free=2**38, total=2**40).is_scarce


def test_an_index_that_does_not_answer_is_a_trouble_and_no_fault_of_the_page(world, browser_of, monkeypatch):
    def broken():
        raise OSError("index is gone")

    monkeypatch.setattr(indexing, "engine", broken)
    page = browser_of("admin").get(URL)
    assert page.status_code == 200
    assert "Поисковый индекс не отвечает" in page.text


@pytest.mark.requirement("U-01", "R-20")
def test_the_switch_is_a_job_with_progress_and_the_search_goes_over(world, head, admin, drain, browser_of):
    record = submitted(head)
    drain()
    before = indexing.backends().chosen()
    browser = browser_of("admin")
    assert browser.post(f"{URL}/index", {"backend": ANOTHER}).status_code == 302
    db.session.rollback()
    job = index_switch.under_way()
    assert job is not None
    state = f"{URL}/index/{job.id}"
    assert browser.get(state).json["state"] == "running"
    assert "data-progress-url" in browser.get(URL).text
    drain()
    assert browser.get(state).json["state"] == "done"
    assert indexing.backends().chosen() == ANOTHER != before
    assert [h.id for h in indexing.find(head, "проверки").hits] == [record.id]
    later = submitted(head, "letter", subject="О песке", text="Нужен песок")
    drain()
    assert [h.id for h in indexing.find(head, "песок").hits] == [later.id]
    index_switch.switch(before)
    assert [h.id for h in indexing.find(head, "песок").hits] == [later.id]


@pytest.mark.requirement("R-20")
def test_what_is_filed_while_the_index_is_built_is_found_in_the_new_one(world, head, drain, monkeypatch):
    submitted(head)
    drain()
    before = indexing.backends().chosen()
    original, late = indexing.all_documents, []

    def filing_meanwhile():
        yield from list(original())
        late.append(submitted(head, "letter", subject="О щебне", text="Нужен щебень"))

    monkeypatch.setattr(indexing, "all_documents", filing_meanwhile)
    index_switch.switch(ANOTHER)
    drain(["index"])
    assert [h.id for h in indexing.find(head, "щебень").hits] == [late[0].id]
    monkeypatch.undo()
    index_switch.switch(before)


@pytest.mark.requirement("U-01")
def test_a_switch_that_fails_leaves_the_present_index_and_says_so(world, head, admin, drain, monkeypatch):
    submitted(head)
    drain()
    before = indexing.backends().chosen()

    def fails(*_):
        raise OSError("no room")

    monkeypatch.setattr(type(indexing.backends()), "switch", fails)
    job = index_switch.ask(admin, ANOTHER)
    drain(["index-switch"])
    db.session.rollback()
    told = index_switch.job(job.id)
    assert (told.state, "no room" in told.error) == ("failed", True)
    assert indexing.backends().chosen() == before
    assert indexing.find(head, "проверки").hits


def test_nobody_else_switches_and_nothing_odd_is_switched_to(world, admin, director):
    with pytest.raises(Forbidden):
        index_switch.ask(director, ANOTHER)
    for name in ("", "google", indexing.backends().chosen()):
        with pytest.raises(Invalid):
            index_switch.ask(admin, name)
    index_switch.ask(admin, ANOTHER)
    with pytest.raises(Invalid, match="уже идёт"):
        index_switch.ask(admin, ANOTHER)


@pytest.mark.requirement("C-43")
def test_the_term_of_notices_is_set_on_the_page_within_its_bounds(world, browser_of):
    browser = browser_of("admin")
    assert browser.post(f"{URL}/keeping", {"days": "90"}).status_code == 302
    db.session.rollback()
    db.session.info.clear()
    assert keeping.keep_days() == 90
    for odd in ("0", "29", "99999", "-5", "много", ""):
        assert browser.post(f"{URL}/keeping", {"days": odd}).status_code == 422
    assert 'value="90"' in browser.get(URL).text


def test_the_advice_comes_past_twenty_thousand_records_and_from_whoosh_alone(world, monkeypatch):
    chosen = type(indexing.backends())
    monkeypatch.setattr(chosen, "chosen", lambda _: "whoosh")
    monkeypatch.setattr(chosen, "others", lambda _: ("fts5",))
    assert index_switch.is_advised(20_001)
    assert not index_switch.is_advised(20_000)
    monkeypatch.setattr(chosen, "chosen", lambda _: "fts5")
    assert not index_switch.is_advised(50_000)


def test_a_backend_fixed_by_the_environment_has_no_button(tmp_path):
    from providers.search.opening import Choice
    from settings import load

    fixed = Choice(load({"VECHE_INSTANCE": str(tmp_path), "VECHE_SEARCH": "fts5"}))
    (tmp_path / "search-backend").write_text("whoosh")
    assert (fixed.chosen(), fixed.others()) == ("fts5", ())
    free = Choice(load({"VECHE_INSTANCE": str(tmp_path)}))
    assert (free.chosen(), free.others()) == ("whoosh", ("fts5",))
