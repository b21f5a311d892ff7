"""SQLite FTS5 backend: for archives past some 20,000 records, with nothing to install.

It keeps a file of its own beside the application's database, not tables inside it: a rebuild may grow it by
hundreds of megabytes and holds the writer for minutes, backups need not carry what can be made again, and the
records may live on PostgreSQL while the index stays here.

FTS5 cannot take a tokenizer of ours through Python's sqlite3, so it is fed analysed terms. The index is
"contentless": the streams stand packed beside it, because deleting needs the very terms that were put in.
Row ids are order keys (day, then record id), so "newest first" and a range of dates are the
index's own order.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from records.search.analysis import EVERY_KEY, Streams, analyse, filter_keys, label_key
from records.search.port import (
    CAP,
    WINDOW,
    Filters,
    Hit,
    IndexBroken,
    IndexBusy,
    IndexDoc,
    Page,
    Progress,
    Sort,
    order_range,
    record_id,
)
from records.search.terms import ANALYSIS_VERSION
from records.search.tree import And, Everything, Node, Nothing, Or, Phrase, Word

_LAYOUT: Final = 1  # of the tables; another layout cannot be read
_BATCH: Final = 500
_READERS: Final = 2
_BUSY_SECONDS: Final = 5.0
_BROAD: Final = 4  # a key that more than a quarter of the records carry does not narrow the ranking
_HEAD_WEIGHT: Final = 6.0

_TABLES: Final = """
create table if not exists meta(name text primary key, value text not null) without rowid;
create table if not exists doc(
    ord integer primary key, id integer not null unique,
    kind text not null, state text not null, streams blob not null
);
create index if not exists doc_facets on doc(ord, kind, state);
create table if not exists key_count(key text primary key, n integer not null) without rowid;
create virtual table if not exists ft using fts5(
    head, body, internal, keys, content='', prefix='4 6',
    tokenize="unicode61 remove_diacritics 0 tokenchars '_'"
);
create virtual table if not exists vocabulary using fts5vocab(ft, 'row');
"""
_FIELDS: Final = ("head", "body", "internal", "keys")


class Fts5Backend:
    """One file, one writer at a time, a few readers."""

    name = "fts5"

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._write_lock = threading.Lock()
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        try:
            self._writer = self._connect()
            self._prepare()
            for _ in range(_READERS):
                self._readers.put(self._connect())
        except sqlite3.DatabaseError as error:
            raise IndexBroken(str(error)) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
        )
        # The index can be made again from the records, so NORMAL is safe enough for it.
        connection.executescript(
            "pragma journal_mode=wal; pragma synchronous=normal;"
            "pragma cache_size=-8000; pragma temp_store=memory;"
        )
        return connection

    def _prepare(self) -> None:
        layout = self._writer.execute("pragma user_version").fetchone()[0]
        if layout not in (0, _LAYOUT):
            raise IndexBroken(f"the index has layout {layout}, this program needs {_LAYOUT}")
        self._writer.executescript(_TABLES + f"pragma user_version={_LAYOUT};")
        version = self._meta(self._writer, "analysis")
        if version is None:
            self._writer.execute("insert or ignore into meta values('analysis', ?)", (str(ANALYSIS_VERSION),))
            self._writer.execute("insert or ignore into meta values('stamp', '0')")

    @staticmethod
    def discard(path: str | os.PathLike[str]) -> None:
        """Remove a broken index, so that a new one can be built."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)

    # --- Writing --------------------------------------------------------------------------------------

    def add(self, docs: Iterable[IndexDoc]) -> None:
        source = iter(docs)
        while batch := list(itertools.islice(source, _BATCH)):
            streams = [analyse(doc) for doc in {doc.id: doc for doc in batch}.values()]
            with self._transaction() as cursor:
                _forget(cursor, [one.id for one in streams])
                _insert(cursor, streams)

    def remove(self, ids: Iterable[int]) -> None:
        with self._transaction() as cursor:
            _forget(cursor, list(ids))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        with self._write_lock, _errors(), contextlib.closing(self._writer.cursor()) as cursor:
            cursor.execute("begin immediate")
            try:
                yield cursor
                cursor.execute("update meta set value = cast(value as integer) + 1 where name = 'stamp'")
                cursor.execute("commit")
            except BaseException:
                cursor.execute("rollback")
                raise

    def rebuild(self, docs: Iterable[IndexDoc], progress: Progress | None = None) -> int:
        """In one transaction: readers see the old index to the end, a crash leaves it as it was."""
        with self._transaction() as cursor:
            cursor.execute("drop table vocabulary")
            for table in ("ft", "doc", "key_count"):
                cursor.execute(f"drop table {table}")
            for statement in _TABLES.split(";"):
                cursor.execute(statement)
            seen: set[int] = set()
            for doc in docs:
                if doc.id in seen:
                    continue
                seen.add(doc.id)
                _insert(cursor, [analyse(doc)])
                if progress and len(seen) % _BATCH == 0:
                    progress(len(seen))
            cursor.execute("insert into ft(ft) values('optimize')")
            cursor.execute("insert or replace into meta values('analysis', ?)", (str(ANALYSIS_VERSION),))
        self._writer.execute("pragma wal_checkpoint(truncate)")
        if progress:
            progress(len(seen))
        return len(seen)

    def optimize(self) -> None:
        with self._transaction() as cursor:
            cursor.execute("insert into ft(ft) values('optimize')")
        self._writer.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        self._writer.close()
        while not self._readers.empty():
            self._readers.get_nowait().close()

    # --- Reading --------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        connection = self._readers.get()
        try:
            with _errors():
                yield connection
        finally:
            self._readers.put(connection)

    def search(
        self,
        query: Node,
        labels: Iterable[str],
        *,
        filters: Filters | None = None,
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 20,
        staff: bool = False,
    ) -> Page:
        groups = [sorted({label_key(label) for label in labels}), *filter_keys(filters or Filters())]
        if isinstance(query, Nothing) or not all(groups):
            return Page()
        low, high = order_range(filters or Filters())
        words = _expression(query)
        columns = "{body internal}" if staff else "body"
        match = _all_of([f"{columns} : ({words})" if words else "", *(_keys(group) for group in groups)])
        with self._reader() as connection:
            # One read snapshot for the hits, the facets and the ranking.
            connection.execute("begin")
            try:
                newest = _newest(connection, match, low, high, CAP + 1, 0)
                shown = newest[:CAP]
                page = self._ordered(connection, query, groups, shown, sort, offset, limit, staff=staff)
                if offset + limit > CAP and len(newest) > CAP:
                    start = max(offset, CAP)
                    page += [
                        Hit(record_id(o))
                        for o in _newest(connection, match, low, high, offset + limit - start, start)
                    ]
                return Page(page, len(shown), len(newest) > CAP, _facets(connection, shown))
            finally:
                connection.execute("commit")

    def _ordered(
        self,
        connection: sqlite3.Connection,
        query: Node,
        groups: Sequence[Sequence[str]],
        shown: Sequence[int],
        sort: Sort,
        offset: int,
        limit: int,
        *,
        staff: bool,
    ) -> list[Hit]:
        """A stretch of the capped hits: the window by rank, the rest by age."""
        window = shown[:WINDOW]
        if limit <= 0:
            return []
        if sort == "newest" or isinstance(query, Everything) or offset >= len(window):
            return [Hit(record_id(key)) for key in shown[offset : offset + limit]]
        scores = _scores(connection, query, groups, window, staff=staff)
        ranked = sorted(window, key=lambda key: (-scores.get(key, 0.0), -key))
        keys = [*ranked, *shown[WINDOW:]][offset : offset + limit]
        return [Hit(record_id(key), scores.get(key, 0.0)) for key in keys]

    def vocabulary(self) -> Iterable[str]:
        with self._reader() as connection:
            return [term for (term,) in connection.execute("select term from vocabulary")]

    def stamp(self) -> str:
        with self._reader() as connection:
            return self._meta(connection, "stamp") or "0"

    def check(self) -> Mapping[str, object]:
        with self._reader() as connection:
            count = connection.execute("select count(*) from doc").fetchone()[0]
            version = self._meta(connection, "analysis")
            sound = connection.execute("pragma quick_check(1)").fetchone()[0] == "ok"
            segments = connection.execute("select count(distinct segid) from ft_idx").fetchone()[0]
        size = sum(p.stat().st_size for p in self.path.parent.glob(self.path.name + "*"))
        return {
            "backend": self.name,
            "count": count,
            "segments": segments,
            "size": size,
            "stamp": self.stamp(),
            "analysis": version,
            "ok": sound,
            "due": version != str(ANALYSIS_VERSION),
        }

    @staticmethod
    def _meta(connection: sqlite3.Connection, name: str) -> str | None:
        row = connection.execute("select value from meta where name = ?", (name,)).fetchone()
        return str(row[0]) if row else None


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexBusy(str(error)) from error
        raise
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise IndexBroken(str(error)) from error
        raise


# --- Rows -----------------------------------------------------------------------------------------


def _insert(cursor: sqlite3.Cursor, streams: Iterable[Streams]) -> None:
    for one in streams:
        fields = [" ".join(getattr(one, field)) for field in _FIELDS]
        packed = zlib.compress("\n".join(fields).encode(), 1)
        cursor.execute("insert into doc values(?,?,?,?,?)", (one.order, one.id, one.kind, one.state, packed))
        cursor.execute(
            "insert into ft(rowid, head, body, internal, keys) values(?,?,?,?,?)", (one.order, *fields)
        )
        cursor.executemany(
            "insert into key_count values(?,1) on conflict(key) do update set n = n + 1",
            [(key,) for key in one.keys],
        )


def _forget(cursor: sqlite3.Cursor, ids: Sequence[int]) -> None:
    for number in ids:
        row = cursor.execute("select ord, streams from doc where id = ?", (number,)).fetchone()
        if row is None:
            continue
        fields = zlib.decompress(row[1]).decode().split("\n")
        cursor.execute(
            "insert into ft(ft, rowid, head, body, internal, keys) values('delete',?,?,?,?,?)",
            (row[0], *fields),
        )
        cursor.executemany(
            "update key_count set n = n - 1 where key = ?", [(key,) for key in fields[-1].split()]
        )
        cursor.execute("delete from doc where ord = ?", (row[0],))


# --- Queries --------------------------------------------------------------------------------------


def _newest(
    connection: sqlite3.Connection, match: str, low: int, high: int, limit: int, offset: int
) -> list[int]:
    rows = connection.execute(
        "select rowid from ft where ft match ? and rowid between ? and ?"
        " order by rowid desc limit ? offset ?",
        (match, low, high, limit, offset),
    )
    return [row[0] for row in rows]


def _facets(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = {"kind": {}, "state": {}}
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"select kind, state, count(*) from doc indexed by doc_facets where ord in ({marks})"
            " group by kind, state",
            part,
        )
        for kind, state, count in rows:
            for facet, value in (("kind", kind), ("state", state)):
                facets[facet][value] = facets[facet].get(value, 0) + count
    return facets


def _scores(
    connection: sqlite3.Connection,
    query: Node,
    groups: Sequence[Sequence[str]],
    window: Sequence[int],
    *,
    staff: bool,
) -> dict[int, float]:
    """bm25 of the window. Broad keys stay out: bm25 would count every row that carries them."""
    words = _expression(query, ranked=True)
    if not words or not window:
        return {}
    columns = "{head body internal}" if staff else "{head body}"
    narrow = [group for group in groups if _is_narrow(connection, group)]
    match = _all_of([f"{columns} : ({words})", *(_keys(group) for group in narrow)])
    inside = set(window)
    rows = connection.execute(
        f"select rowid, bm25(ft, {_HEAD_WEIGHT}, 1.0, 1.0, 0.0) from ft"
        " where ft match ? and rowid between ? and ?",
        (match, window[-1], window[0]),
    )
    return {key: -score for key, score in rows if key in inside}


def _is_narrow(connection: sqlite3.Connection, group: Sequence[str]) -> bool:
    marks = ",".join("?" * len(group))
    found = (
        connection.execute(f"select sum(n) from key_count where key in ({marks})", group).fetchone()[0] or 0
    )
    every = connection.execute("select n from key_count where key = ?", (EVERY_KEY,)).fetchone()
    return every is not None and found * _BROAD < int(every[0])


def _keys(group: Sequence[str]) -> str:
    return "keys : (" + " OR ".join(f'"{key}"' for key in group) + ")"


def _all_of(expressions: Iterable[str]) -> str:
    return " AND ".join(f"({expression})" for expression in expressions if expression)


def _expression(node: Node, *, ranked: bool = False) -> str:
    """The FTS5 expression of a tree, or nothing for "everything". Ranking leaves exclusions out."""
    match node:
        case Word(terms=terms, prefixes=prefixes):
            return " OR ".join([*(f'"{term}"' for term in terms), *(f'"{prefix}"*' for prefix in prefixes)])
        case Phrase(slots=slots):
            return " OR ".join('"' + " ".join(terms) + '"' for terms in itertools.product(*slots))
        case Or(nodes=nodes):
            return " OR ".join(f"({_expression(child, ranked=ranked)})" for child in nodes)
        case And(nodes=nodes, without=without):
            wanted = " AND ".join(f"({_expression(child, ranked=ranked)})" for child in nodes)
            if not without or ranked:
                return wanted or EVERY_KEY
            unwanted = " OR ".join(f"({_expression(child)})" for child in without)
            return f"({wanted or EVERY_KEY}) NOT ({unwanted})"
        case Everything() | Nothing():
            return ""
