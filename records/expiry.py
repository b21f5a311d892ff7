"""What may be forgotten: rows that only served a moment. Records, history and files are never among them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from .database import Model, db, gate, now, writing
from .model import OnceToken

TOKENS_LIVE = timedelta(days=14)
"""A form left open for two weeks is stale anyway; no program repeats a request later than that."""
BATCH = 2000
"""Rows at a time: filings go on between the batches."""


def forget(model: type[Model], key: Any, *conditions: ColumnElement[bool]) -> int:
    """Delete rows of a table in small transactions; returns how many."""
    gone = 0
    while True:
        if db.session().in_transaction():
            db.session.rollback()  # a reader cannot turn writer half-way
        with writing(gate()):
            ids = list(db.session.scalars(select(key).where(*conditions).limit(BATCH)))
            if ids:
                db.session.execute(delete(model).where(key.in_(ids)))
            db.session.commit()
        gone += len(ids)
        if len(ids) < BATCH:
            return gone


def forget_tokens() -> int:
    """The results of acts done long ago: nobody presses that button twice any more."""
    return forget(OnceToken, OnceToken.token, OnceToken.created_at < now() - TOKENS_LIVE)
