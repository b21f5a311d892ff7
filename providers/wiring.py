"""Hands the chosen providers to the ports: storage, search, mail, and the handlers of the outbox."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from providers.search import opening
from providers.storage.local import LocalStorage
from records import indexing, outbox, storage
from settings import Settings


def connect(app: Flask, settings: Settings) -> None:
    """Choose and connect the providers of this installation."""
    storage.use(LocalStorage(Path(settings.storage)))
    indexing.use(opening.opener(settings))
    outbox.on("extract", indexing.extract_jobs, batch=10)
    outbox.on("index", indexing.index_jobs, batch=200)
    outbox.on("reindex", lambda jobs: indexing.rebuild(), batch=1)
