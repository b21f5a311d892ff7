"""Opens the chosen search backend; a broken index is put aside and made again from the records."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from records import outbox
from records.database import db, gate, writing
from records.search import IndexBroken, SearchBackend
from settings import Settings

log = logging.getLogger(__name__)


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
