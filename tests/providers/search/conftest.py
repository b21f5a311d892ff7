"""The three backends, each empty and each in a place of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from providers.search.fts5 import Fts5Backend
from providers.search.postgres import PostgresBackend
from providers.search.whoosh_index import WhooshBackend
from records.search import SearchBackend
from tests import postgres

NAMES = ("whoosh", "fts5", "postgres")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def search_database(worker_id: str) -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases and drops them at the end."""
    made: list[str] = []

    def make() -> str:
        made.append(f"search_{worker_id}_{next(_numbers)}")
        return postgres.create_database(made[-1])

    yield make
    for name in made:
        postgres.drop_database(name)


@pytest.fixture(scope="session")
def open_backend(
    tmp_path_factory: pytest.TempPathFactory, search_database: Callable[[], str]
) -> Callable[[str], SearchBackend]:
    """Opens an empty backend by name."""

    def make(name: str) -> SearchBackend:
        folder: Path = tmp_path_factory.mktemp(name)
        if name == "whoosh":
            return WhooshBackend(folder / "index")
        if name == "fts5":
            return Fts5Backend(folder / "search.db")
        return PostgresBackend(search_database())

    return make


@pytest.fixture(params=NAMES)
def backend(
    request: pytest.FixtureRequest, open_backend: Callable[[str], SearchBackend]
) -> Iterator[SearchBackend]:
    """One empty backend after another."""
    made = open_backend(request.param)
    yield made
    made.close()
