"""What is filed is found: by a word inside the attachment, in any form,
by those who may see it and nobody else."""

from __future__ import annotations

import io

import pytest

from records import indexing, service
from records.database import db
from records.model import Outbox
from records.search import Filters
from tests.world import attach, draft, submitted


@pytest.fixture
def filed(head, drain):
    record = draft(head, subject="О переезде", text="Переехали в новый офис.")
    attach(head, record, io.BytesIO("Помещение арендовано у хладокомбината.".encode()), "договор.txt")
    record = service.act(head, record.id, "submit")
    drain(["extract", "index"])
    left = db.session.execute(
        db.select(Outbox.topic, Outbox.error).where(Outbox.topic.in_(("extract", "index")))
    ).all()
    assert left == [], "the worker's part was not done"
    return record


def ids(actor, text, **options):
    return [hit.id for hit in indexing.find(actor, text, **options).hits]


@pytest.mark.requirement("R-20", "R-34", "U-16")
@pytest.mark.parametrize(
    "text", ["хладокомбинатами", "ХЛАДОКОМБИНАТ", "[kflrjv,byfn", "переездом", "7701677668", "Вх-00001"]
)
def test_the_owner_and_the_staff_find_it(filed, head, curator, text):
    for who in (head, curator):
        found = indexing.find(who, text)
        told = (
            found.total,
            found.corrected,
            indexing.engine().backend.check(),
            indexing.documents([filed.id]),
        )
        assert [hit.id for hit in found.hits] == [filed.id], told


@pytest.mark.requirement("R-37")
def test_a_stranger_finds_nothing_and_no_count_betrays_it(filed, stranger, outsider):
    for who in (stranger, outsider):
        found = indexing.find(who, "хладокомбинат")
        assert (list(found.hits), found.total, found.corrected) == ([], 0, None)
        assert not any(found.facets["kind"].values())


def test_the_snippet_says_which_file_it_comes_from(filed, head):
    hit = indexing.find(head, "хладокомбинату").hits[0]
    assert hit.file_name == "договор.txt"
    assert "<mark>хладокомбината</mark>" in hit.snippet


@pytest.mark.requirement("R-12")
def test_an_internal_remark_is_found_by_the_staff_only(filed, head, curator, drain):
    service.remark(curator, filed.id, "Подозрительный аудитор")
    service.remark(curator, filed.id, "Пришлите экспликацию", public=True)
    drain(["index"])
    assert ids(curator, "аудитору") == [filed.id]
    assert ids(head, "аудитору") == []
    assert ids(head, "экспликацией") == [filed.id]


def test_a_draft_is_found_by_its_company_only(head, proxy, curator, drain):
    record = draft(head, subject="Тайный черновик", text="x")
    drain(["index"])
    assert ids(proxy, "тайного черновика") == [record.id]
    assert ids(curator, "тайного черновика") == []


def test_filters_by_kind_and_date(filed, curator):
    assert ids(curator, "переезд", filters=Filters(kind="letter")) == [filed.id]
    assert ids(curator, "переезд", filters=Filters(kind="invoice")) == []
    assert ids(curator, "переезд", filters=Filters(date_to=filed.registered_on.replace(year=2020))) == []


def test_a_lost_index_is_made_again_from_the_records(filed, head):
    backend = indexing.engine().backend
    backend.remove([filed.id])
    assert ids(head, "хладокомбинат") == []
    assert indexing.rebuild() >= 1
    assert ids(head, "хладокомбинат") == [filed.id]


def test_the_search_page_shows_the_hit_and_suggestions(filed, browser_of):
    page = browser_of("head").get("/search?q=хладокомбинату").text
    assert "<mark>хладокомбината</mark>" in page
    assert "договор.txt" in page
    assert "<mark>переезде</mark>" in browser_of("head").get("/search/suggest?q=переездом").text
    assert "переезде" not in browser_of("stranger").get("/search/suggest?q=переездом").text


def test_a_full_number_opens_the_record(filed, browser_of):
    answer = browser_of("head").get(f"/search?q={filed.number_text}")
    assert answer.location.endswith(f"/records/{filed.id}")
    assert browser_of("stranger").get(f"/search?q={filed.number_text}").status_code == 200


def test_a_draft_thrown_away_is_found_no_more(head, drain):
    record = draft(head, subject="Ненужный набросок", text="x")
    drain(["index"])
    service.trash(head, record.id)
    drain(["index"])
    assert ids(head, "ненужному наброску") == []
    assert submitted(head).number_text
