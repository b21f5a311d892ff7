"""Pages ask the database a fixed number of questions, whatever the length of the list (U-19)."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from records import service
from records.database import db
from tests.world import draft, submitted
from views import _unchanged


@pytest.fixture(autouse=True)
def _drawn_anew(monkeypatch):
    """A page given again from memory asks nothing; here each is drawn."""
    monkeypatch.setattr(_unchanged, "PAGES", frozenset())


@contextlib.contextmanager
def counted() -> Iterator[list[str]]:
    """Statements sent to the database inside."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def statements(page, url: str) -> int:
    page.get(url)  # the first look writes the reading mark
    with counted() as sent:
        assert page.get(url).status_code == 200
    return len(sent)


@pytest.mark.requirement("U-19")
@pytest.mark.parametrize(
    ("url", "most"), [("/records", 14), ("/intake", 14), ("/archive?every=1", 14), ("/calendar", 14)]
)
def test_a_list_asks_no_more_for_fifty_rows_than_for_five(url, most, world, head, browser_of):
    page = browser_of("clerk")
    for _ in range(5):
        submitted(head)
    few = statements(page, url)
    for _ in range(45):
        submitted(head)
    assert statements(page, url) == few
    assert few <= most


@pytest.mark.requirement("U-19")
@pytest.mark.parametrize(("name", "most"), [("clerk", 28), ("head", 28)])
def test_a_card_asks_no_more_with_many_files_and_remarks(name, most, world, head, clerk, browser_of):
    record = draft(head)
    for number in range(3):
        service.attach(head, record.id, io.BytesIO(f"файл {number}".encode()), f"файл {number}.txt")
    service.act(head, record.id, "submit")
    service.remark(clerk, record.id, "Раз", public=True)
    other = submitted(head)
    service.link(head, other.id, record.id, "supplements")
    page = browser_of(name)
    few = statements(page, f"/records/{record.id}")
    for number in range(9):
        service.remark(clerk, record.id, f"Замечание {number}", public=True)
        service.link(head, submitted(head).id, record.id, "supplements")
    assert statements(page, f"/records/{record.id}") == few
    assert few <= most


@pytest.mark.requirement("U-19")
@pytest.mark.parametrize("name", ["head", "clerk"])
def test_the_start_page_does_not_grow_with_the_work(name, world, head, browser_of):
    page = browser_of(name)
    submitted(head)
    few = statements(page, "/")
    for _ in range(20):
        submitted(head)
    assert statements(page, "/") == few
    assert few <= 20
