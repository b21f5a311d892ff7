"""A transaction of messaging's own: begun as a writer, committed once, or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from records.database import db, gate, writing


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Write in a transaction of its own. What the session was reading is let go first: a reader that turns
    writer half-way is refused by SQLite when somebody wrote in between."""
    if db.session().in_transaction():
        db.session.rollback()
    with writing(gate()):
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
