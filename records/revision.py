"""Whether anything at all has been committed since: the database itself answers, in one cheap question.

SQLite counts the commits of other connections for each connection, so one that never writes sees all of
them, of this process and of others. PostgreSQL's snapshot names every transaction that is visible: it
stays the same exactly until one that wrote something ends.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading

from .database import db


class FileWatch:
    """A connection to a database file that only asks whether the file has changed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file = 0
        self._opening = ""

    def revision(self) -> str:
        """A text that differs after every commit, by whichever process."""
        with self._lock:
            present = os.stat(self.path).st_ino
            if self._connection is None or present != self._file:
                self._open(present)
            assert self._connection is not None
            row = self._connection.execute("PRAGMA data_version").fetchone()
            return f"{self._opening}:{row[0]}"

    def _open(self, present: int) -> None:
        """Also anew when the file was replaced by another; counts of two connections never mix."""
        if self._connection is not None:
            self._connection.close()
        self._connection = sqlite3.connect(
            f"file:{self.path}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
        )
        self._file, self._opening = present, secrets.token_hex(4)


_watches: dict[str, FileWatch] = {}


def revision() -> str | None:
    """The present revision of the data; None when the database cannot tell (in memory)."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        path = engine.url.database
        if not path or path == ":memory:":
            return None
        return _watches.setdefault(path, FileWatch(path)).revision()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar())
