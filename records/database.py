"""The database: one SQLAlchemy handle, types that hold on both engines, and the gate for writers.

SQLite (embedded): WAL, synchronous=FULL, foreign keys on; a transaction that will write begins with
BEGIN IMMEDIATE behind a fair gate, so that writers queue instead of colliding.
PostgreSQL: ordinary transactions; rows are locked by the unit of work.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from .errors import Unavailable


class Base(DeclarativeBase):
    """The declarative base; names of constraints are fixed so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base  # what a class made at run time offers, told to the checker of types
else:
    Model = db.Model

Json = JSON().with_variant(JSONB(), "postgresql")
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """An aware moment; kept in UTC. A naive one is refused: it would lie about its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_writing: ContextVar[bool] = ContextVar("writing", default=False)


class WriteGate:
    """A queue in front of SQLite's single writer: fair between threads, then between processes.

    SQLite's own busy handler is unfair (a writer may wait seconds under load); the kernel's file
    lock wakes waiters in turn and is freed when a process dies.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Condition()
        self._next = self._serving = 0

    @contextlib.contextmanager
    def pass_through(self) -> Iterator[None]:
        with self._turn:
            ticket, self._next = self._next, self._next + 1
            self._turn.wait_for(lambda: self._serving == ticket)
        try:
            with self._handle() as handle:  # closing frees the lock
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
        finally:
            with self._turn:
                self._serving += 1
                self._turn.notify_all()

    def _handle(self) -> IO[str]:
        try:
            return self._path.open("a")
        except OSError as error:
            raise refused(FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else READ_ONLY) from error


SHUT = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
"""What the system answers where one may only read."""


@contextlib.contextmanager
def writing(gate: WriteGate | None) -> Iterator[None]:
    """Transactions begun inside may write at once (BEGIN IMMEDIATE on SQLite, behind the gate)."""
    if _writing.get():
        yield
        return
    token = _writing.set(True)
    try:
        with gate.pass_through() if gate else contextlib.nullcontext():
            yield
    except DBAPIError as error:
        raise _refused(error) from error
    finally:
        _writing.reset(token)


FULL = "На диске сервера кончилось место, запись не принята."
READ_ONLY = "Хранилище открыто только для чтения, запись не принята."
_SIGNS = (
    (FULL, ("disk is full", "no space", "53100")),
    (READ_ONLY, ("readonly", "read-only", "unable to open", "disk i/o", "25006")),
)
"""What SQLite says, and the codes of PostgreSQL (disk_full, read_only_sql_transaction)."""

last_refusal: list[tuple[datetime, str]] = []
"""When this process was last refused a write and why: the health page tells it."""


def _refused(error: DBAPIError) -> Exception:
    """A database that cannot take a write now is a state of the installation, not a fault of the program."""
    text = f"{error.orig} {getattr(error.orig, 'sqlstate', None) or ''}".lower()
    for words, signs in _SIGNS:
        if any(sign in text for sign in signs):
            return refused(words)
    return error


def refused(words: str) -> Unavailable:
    """Remember the refusal for the health page, and name it."""
    last_refusal[:] = [(now(), words)]
    return Unavailable(words)


_gates: dict[str, WriteGate] = {}


def gate() -> WriteGate | None:
    """The gate of the present application's database; PostgreSQL needs none."""
    return _gates.get(str(db.engine.url))


def prepare_engine(engine: Engine) -> None:
    """Set the connection's habits once per engine."""
    if engine.dialect.name == "sqlite":
        database = engine.url.database
        if database and database != ":memory:":
            _gates[str(engine.url)] = WriteGate(Path(database + ".writer"))
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def now() -> datetime:
    """The present moment, aware, in UTC. The one clock of the program; tests move it by freezing time."""
    return datetime.now(UTC)
