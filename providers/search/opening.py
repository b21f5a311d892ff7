"""Opens the chosen search backend; a broken index is put aside and made again from the records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from records import outbox
from records.database import db, gate, writing
from records.search import IndexBroken, IndexDoc, SearchBackend
from records.search.port import Progress
from settings import SEARCH_BACKENDS, Settings, chosen_search

log = logging.getLogger(__name__)


class Choice:
    """Implements records.search.port.Backends: the choice lies in the instance, for every process to see."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def chosen(self) -> str:
        fixed = self._settings.search
        return fixed if self._settings.search_is_set else chosen_search(self._settings.instance, fixed)

    def others(self) -> tuple[str, ...]:
        if self._settings.search_is_set:
            return ()
        left = SEARCH_BACKENDS - {self.chosen()} - ({"postgresql"} if self._settings.is_sqlite else set())
        return tuple(sorted(left))

    def open(self) -> SearchBackend:
        return opener(replace(self._settings, search=self.chosen()))()

    def switch(self, name: str, docs: Iterable[IndexDoc], progress: Progress | None = None) -> int:
        backend = opener(replace(self._settings, search=name))()
        try:
            done = backend.rebuild(docs, progress)
        finally:
            backend.close()
        choice = self._settings.instance / "search-backend"
        fresh = choice.with_suffix(".new")
        fresh.write_text(name, "utf-8")
        fresh.replace(choice)
        return done


def opener(settings: Settings) -> Callable[[], SearchBackend]:
    """How this installation opens its backend."""

    def open_backend() -> SearchBackend:
        try:
            return _open(settings)
        except IndexBroken as broken:
            log.warning("search index is broken (%s): it will be made again", broken)
            _put_aside(settings)
            ask_for_rebuild()
            return _open(settings)

    return open_backend


def ask_for_rebuild() -> None:
    """Have the worker make the index anew."""
    with writing(gate()):
        outbox.put("reindex", "all")
        db.session.commit()


def index_path(settings: Settings) -> Path:
    """Where the embedded index lives."""
    return settings.instance / ("index" if settings.search == "whoosh" else "search.db")


def _open(settings: Settings) -> SearchBackend:
    if settings.search == "postgresql":
        from providers.search.postgres import PostgresBackend

        return PostgresBackend(db.engine)
    if settings.search == "fts5":
        from providers.search.fts5 import Fts5Backend

        return Fts5Backend(index_path(settings))
    from providers.search.whoosh_index import WhooshBackend

    return WhooshBackend(index_path(settings))


def _put_aside(settings: Settings) -> None:
    if settings.search == "fts5":
        from providers.search.fts5 import Fts5Backend

        Fts5Backend.discard(index_path(settings))
    elif settings.search == "whoosh":
        from providers.search.whoosh_index import WhooshBackend

        WhooshBackend.discard(index_path(settings))
