"""Does a clerk find what he means? Judged queries over office documents, on every backend alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.search import Search, SearchBackend
from tests.providers.search.conftest import NAMES
from tests.records.search import archive

QUERIES = archive.load("queries.json")
MORE = archive.load("queries-more.json")


@pytest.fixture(scope="module")
def searches(open_backend: Callable[[str], SearchBackend]) -> Iterator[dict[str, Search]]:
    """The archive behind each backend."""
    backends = {name: open_backend(name) for name in NAMES}
    for backend in backends.values():
        backend.rebuild(archive.documents())
    yield {name: Search(backend, archive.originals) for name, backend in backends.items()}
    for backend in backends.values():
        backend.close()


@pytest.mark.requirement("R-20", "U-16")
@pytest.mark.parametrize("name", NAMES)
def test_judged_queries_reach_the_goals(searches: dict[str, Search], name: str) -> None:
    score = archive.score(searches[name], QUERIES)
    assert score.broken == []
    assert score.recall >= 0.95, score.weak
    assert score.rank >= 0.85, score.weak


@pytest.mark.requirement("R-20", "U-16")
@pytest.mark.parametrize("name", NAMES)
def test_queries_written_afterwards_reach_the_goals_too(searches: dict[str, Search], name: str) -> None:
    score = archive.score(searches[name], MORE)
    assert score.broken == []
    assert score.recall >= 0.95, score.weak
    assert score.rank >= 0.85, score.weak


@pytest.mark.parametrize("query", [*QUERIES, *MORE], ids=lambda query: query["id"])
def test_every_backend_finds_the_same_records(searches: dict[str, Search], query: dict[str, object]) -> None:
    found = {name: sorted(archive.ask(search, query, limit=50)) for name, search in searches.items()}
    assert found["whoosh"] == found["fts5"] == found["postgres"]


ALPHABET = (
    st.sampled_from("доверенностьаgfhjk0123456789 -/.,\"«»“”„()*:^~|&!№\\'%_\n\x00ёİ½²ﬁ") | st.characters()
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(ALPHABET, max_size=60))
def test_no_query_is_an_error(searches: dict[str, Search], text: str) -> None:
    totals = {name: search.search(text, {archive.SRO}).total for name, search in searches.items()}
    assert len(set(totals.values())) == 1, totals


WORDS = [
    "договор",
    "OR",
    "AND",
    "NOT",
    "(",
    ")",
    '"',
    "-",
    "акт",
    "сверки",
    "51-17",
    "ОДО",
    "прот*",
    "«",
    "»",
    "НЕ",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), max_size=14))
def test_no_mix_of_operators_is_an_error(searches: dict[str, Search], words: list[str]) -> None:
    text = " ".join(words)
    found = {
        name: sorted(hit.id for hit in search.search(text, {archive.SRO}, limit=50).hits)
        for name, search in searches.items()
    }
    assert found["whoosh"] == found["fts5"] == found["postgres"]


@pytest.mark.parametrize("name", NAMES)
def test_a_hit_names_the_file_it_was_found_in(searches: dict[str, Search], name: str) -> None:
    hit = searches[name].search("пролётных строений", {archive.SRO}).hits[0]
    assert (hit.id, hit.file, hit.file_name) == (5, 5, "d05.docx")
    assert "<mark>пролётных</mark> <mark>строений</mark>" in hit.snippet


@pytest.mark.parametrize("name", NAMES)
def test_what_was_searched_instead_is_told(searches: dict[str, Search], name: str) -> None:
    search = searches[name]
    assert search.search("протакола", {archive.SRO}).corrected == "протокола"
    assert search.search("ljdthtyyjcnm", {archive.SRO}).corrected == "доверенность"
    assert search.search("договор", {archive.SRO}).corrected is None


@pytest.mark.parametrize("name", NAMES)
def test_long_and_common_queries_are_quick(searches: dict[str, Search], name: str) -> None:
    import time

    started = time.perf_counter()
    for text in ("договор подряда " * 600, "и в на по с", "(" * 3000, "1" * 5000, "а" * 5000, '"' * 999):
        searches[name].search(text, {archive.SRO})
    assert time.perf_counter() - started < 3
