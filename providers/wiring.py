"""Hands the chosen providers to the ports: storage, search, mail, and the handlers of the outbox."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from providers.storage.local import LocalStorage
from records import storage
from settings import Settings


def connect(app: Flask, settings: Settings) -> None:
    """Choose and connect the providers of this installation."""
    storage.use(LocalStorage(Path(settings.storage)))
