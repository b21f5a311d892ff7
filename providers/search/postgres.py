"""PostgreSQL backend: full text beside the records, for many processes and large archives.

Our terms go into a tsvector as they are; no dictionary of the server touches them. `ts_rank` reads the whole
vector of every row it ranks, so only the newest hits are ranked. Rights and filters are keys in an array
under the same GIN index, so that a member's few papers are found without walking everybody's.

Internal remarks of the staff are lexemes of their own (marked), which a member's query never names.
"""

from __future__ import annotations

import contextlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, create_engine

from records.search.analysis import Streams, analyse, filter_keys, label_key
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
from records.search.terms import ANALYSIS_VERSION, BREAK
from records.search.tree import And, Everything, Node, Nothing, Or, Phrase, Word

_BATCH: Final = 500
_LOCK: Final = 7_302_100  # advisory: writers share it, a rebuild holds it alone
_SETUP_LOCK: Final = 7_302_101
_INTERNAL: Final = "_"
_LAST_POSITION: Final = 16_383
_MOST_POSITIONS: Final = 255
_WEIGHTS: Final = "{0.15, 0.15, 0.15, 1.0}"  # the head is A, the rest D

# A frequent word is met at once by walking from the newest record back; any other is found by its index.
_FREQUENT: Final = 0.25

# Vectors are kept uncompressed: reading one costs half as much, the table is a sixth larger.
_TABLES: Final = """
create table if not exists search_doc{suffix}(
    ord bigint primary key, id bigint not null unique, kind text not null, state text not null,
    keys text[] not null, tsv tsvector not null
);
alter table search_doc{suffix} alter column tsv set storage external;
create table if not exists search_word{suffix}(term text primary key);
create table if not exists search_meta(name text primary key, value text not null);
create sequence if not exists search_stamp;
"""
_GIN: Final = "create index if not exists search_doc_gin on search_doc{suffix} using gin(tsv, keys)"


class PostgresBackend:
    """Tables search_* in a database given by an engine or a DSN."""

    name = "postgres"

    def __init__(self, database: Engine | str) -> None:
        self._own = isinstance(database, str)
        self._engine = _engine(database) if isinstance(database, str) else database
        with self._transaction(shared=False) as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", (_SETUP_LOCK,))
            cursor.execute(_TABLES.format(suffix=""))
            cursor.execute(_GIN.format(suffix="") + " with (fastupdate = off)")
            cursor.execute(
                "insert into search_meta values('analysis', %s) on conflict do nothing",
                (str(ANALYSIS_VERSION),),
            )

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Any]:
        with _errors(), contextlib.closing(self._engine.raw_connection()) as connection:
            yield connection

    @contextlib.contextmanager
    def _transaction(self, *, shared: bool = True) -> Iterator[Any]:
        """A writing transaction; IndexBusy while a rebuild holds the lock."""
        with self._connection() as connection, connection.cursor() as cursor:
            try:
                if shared:
                    _try_lock(cursor, "pg_try_advisory_xact_lock_shared")
                    cursor.execute("select nextval('search_stamp')")
                yield cursor
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    # --- Writing --------------------------------------------------------------------------------------

    def add(self, docs: Iterable[IndexDoc]) -> None:
        source = iter(docs)
        while batch := list(itertools.islice(source, _BATCH)):
            streams = [analyse(doc) for doc in {doc.id: doc for doc in batch}.values()]
            with self._transaction() as cursor:
                cursor.execute("delete from search_doc where id = any(%s)", ([one.id for one in streams],))
                cursor.executemany(
                    "insert into search_doc(ord, id, kind, state, keys, tsv)"
                    " values(%s,%s,%s,%s,%s,%s::tsvector)",
                    [_row(one) for one in streams],
                )
                cursor.execute(
                    "insert into search_word select unnest(%s::text[]) on conflict do nothing",
                    (_words(streams),),
                )

    def remove(self, ids: Iterable[int]) -> None:
        with self._transaction() as cursor:
            cursor.execute("delete from search_doc where id = any(%s)", (list(ids),))

    def rebuild(self, docs: Iterable[IndexDoc], progress: Progress | None = None) -> int:
        """New tables beside the old ones, then one short exchange of names."""
        with self._connection() as connection, connection.cursor() as cursor:
            _try_lock(cursor, "pg_try_advisory_lock")
            connection.commit()
            try:
                count = self._fill(cursor, docs, progress)
                cursor.execute(
                    "drop table search_doc; drop table search_word;"
                    "alter table search_doc_new rename to search_doc;"
                    "alter table search_word_new rename to search_word;"
                    "alter index search_doc_gin_new rename to search_doc_gin;"
                )
                cursor.execute(
                    "update search_meta set value = %s where name = 'analysis'", (str(ANALYSIS_VERSION),)
                )
                cursor.execute("select nextval('search_stamp')")
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            finally:
                cursor.execute("select pg_advisory_unlock(%s)", (_LOCK,))
                connection.commit()
        with self._maintenance() as cursor:
            cursor.execute("vacuum analyze search_doc")
        return count

    def _fill(self, cursor: Any, docs: Iterable[IndexDoc], progress: Progress | None) -> int:
        cursor.execute("drop table if exists search_doc_new, search_word_new")
        cursor.execute(_TABLES.format(suffix="_new"))
        seen: set[int] = set()
        words: set[str] = set()
        with cursor.copy("copy search_doc_new(ord, id, kind, state, keys, tsv) from stdin") as rows:
            for doc in docs:
                if doc.id in seen:
                    continue
                seen.add(doc.id)
                streams = analyse(doc)
                words.update(_words([streams]))
                rows.write_row(_row(streams))
                if progress and len(seen) % _BATCH == 0:
                    progress(len(seen))
        with cursor.copy("copy search_word_new(term) from stdin") as rows:
            for word in sorted(words):
                rows.write_row((word,))
        cursor.execute(
            "create index search_doc_gin_new on search_doc_new using gin(tsv, keys) with (fastupdate = off)"
        )
        if progress:
            progress(len(seen))
        return len(seen)

    def optimize(self) -> None:
        with self._maintenance() as cursor:
            cursor.execute("vacuum analyze search_doc")

    @contextlib.contextmanager
    def _maintenance(self) -> Iterator[Any]:
        """VACUUM runs outside transactions."""
        with self._connection() as connection:
            connection.rollback()
            driver = connection.driver_connection
            driver.autocommit = True
            try:
                with connection.cursor() as cursor:
                    yield cursor
            finally:
                driver.autocommit = False

    def close(self) -> None:
        if self._own:
            self._engine.dispose()

    # --- Reading --------------------------------------------------------------------------------------

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
        chosen = filters or Filters()
        groups = [sorted({label_key(label) for label in labels}), *filter_keys(chosen)]
        if isinstance(query, Nothing) or not all(groups):
            return Page()
        where, values = _where(query, groups, order_range(chosen), staff=staff)
        most = max(CAP + 1, offset + limit)
        with self._connection() as connection, connection.cursor() as cursor:
            rows = _newest(cursor, where, values, most)
            keys = [row[0] for row in rows]
            scores: dict[int, float] = {}
            if limit > 0 and sort == "relevance" and offset < WINDOW and not isinstance(query, Everything):
                scores = _scores(cursor, query, keys[:WINDOW], staff=staff)
                window = sorted(keys[:WINDOW], key=lambda key: (-scores.get(key, 0.0), -key))
                keys = [*window, *keys[WINDOW:]]
            connection.rollback()
        hits = [Hit(record_id(key), scores.get(key, 0.0)) for key in keys[offset : offset + limit]]
        return Page(hits, min(len(rows), CAP), len(rows) > CAP, _facets(rows[:CAP]))

    def vocabulary(self) -> Iterable[str]:
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute("select term from search_word")
            return [row[0] for row in cursor.fetchall()]

    def stamp(self) -> str:
        return str(self._one("select last_value::text || is_called::text from search_stamp"))

    def check(self) -> Mapping[str, object]:
        version = self._one("select value from search_meta where name = 'analysis'")
        return {
            "backend": self.name,
            "count": self._one("select count(*) from search_doc"),
            "segments": 1,
            "size": self._one("select pg_total_relation_size('search_doc')"),
            "stamp": self.stamp(),
            "analysis": version,
            "ok": True,
            "due": version != str(ANALYSIS_VERSION),
        }

    def _one(self, statement: str) -> Any:
        with self._connection() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]


def _engine(dsn: str) -> Engine:
    return create_engine(dsn.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=4)


def _try_lock(cursor: Any, function: str) -> None:
    cursor.execute(f"select {function}(%s)", (_LOCK,))
    if not cursor.fetchone()[0]:
        raise IndexBusy("the index is being rebuilt")


@contextlib.contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (
        psycopg.errors.UniqueViolation,
        psycopg.errors.SerializationFailure,
        psycopg.errors.DeadlockDetected,
    ) as e:
        raise IndexBusy(str(e)) from e  # two writers met over one record
    except (
        psycopg.errors.UndefinedTable,
        psycopg.errors.UndefinedColumn,
        psycopg.errors.IndexCorrupted,
    ) as e:
        raise IndexBroken(str(e)) from e


# --- Rows -----------------------------------------------------------------------------------------


def _row(streams: Streams) -> tuple[object, ...]:
    return (streams.order, streams.id, streams.kind, streams.state, list(streams.keys), _vector(streams))


def _vector(streams: Streams) -> str:
    """The text form of a tsvector. The head comes first in the body, so its terms stand there first."""
    head = set(streams.head)
    places: dict[str, list[str]] = defaultdict(list)
    for mark, terms in (("", streams.body), (_INTERNAL, streams.internal)):
        for place, term in enumerate(terms, start=1):
            if term == BREAK:
                continue
            found = places[mark + term]
            if len(found) < _MOST_POSITIONS:
                weight = "A" if not found and not mark and term in head else ""
                found.append(f"{min(place, _LAST_POSITION)}{weight}")
    return " ".join(f"'{term}':{','.join(where)}" for term, where in places.items())


def _words(streams: Iterable[Streams]) -> list[str]:
    """Words for the spelling, in one order, so that two writers do not wait for each other in a circle."""
    every = set().union(*({*one.body, *one.internal} for one in streams))
    return sorted(term for term in every if len(term) > 2 and term.isalpha())


# --- Queries --------------------------------------------------------------------------------------


def _where(
    query: Node, groups: Sequence[Sequence[str]], days: tuple[int, int], *, staff: bool
) -> tuple[str, list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    words = _expression(query, staff=staff)
    if words:
        conditions.append("tsv @@ %s::tsquery")
        values.append(words)
    for group in groups:
        conditions.append("keys && %s::text[]")
        values.append(list(group))
    conditions.append("ord between %s and %s")
    return " and ".join(conditions), [*values, *days]


def _newest(cursor: Any, where: str, values: Sequence[object], most: int) -> list[tuple[int, str, str]]:
    """The newest matching rows; the planner forgets the price of reading vectors, so the way is chosen here.

    Walking back from the newest reads every vector on its way until enough have matched: splendid for a word
    in half of the records, ruinous for a word in one of a hundred. The other way collects all matches by the
    index (OFFSET 0 keeps the planner from walking) and then takes the newest.
    """
    columns = "select ord, kind, state from search_doc"
    if _share(cursor, where, values) >= _FREQUENT:
        cursor.execute(f"{columns} where {where} order by ord desc limit %s", [*values, most])
    else:
        cursor.execute(
            f"select * from ({columns} where {where} offset 0) found order by ord desc limit %s",
            [*values, most],
        )
    found: list[tuple[int, str, str]] = cursor.fetchall()
    return found


def _share(cursor: Any, where: str, values: Sequence[object]) -> float:
    """Which part of the records the planner expects to match; its statistics know the frequent words."""
    cursor.execute(f"explain (format json) select 1 from search_doc where {where}", values)
    expected = cursor.fetchone()[0][0]["Plan"]["Plan Rows"]
    cursor.execute("select reltuples from pg_class where oid = 'search_doc'::regclass")
    return float(expected) / max(1.0, float(cursor.fetchone()[0]))


def _scores(cursor: Any, query: Node, window: Sequence[int], *, staff: bool) -> dict[int, float]:
    words = _expression(query, staff=staff, ranked=True)
    if not words or not window:
        return {}
    cursor.execute(
        "select ord, ts_rank(%s::real[], tsv, %s::tsquery, 1) from search_doc where ord = any(%s)",
        (_WEIGHTS, words, list(window)),
    )
    return {key: float(score) for key, score in cursor.fetchall()}


def _facets(rows: Iterable[Sequence[Any]]) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = {"kind": {}, "state": {}}
    for _key, kind, state in rows:
        facets["kind"][kind] = facets["kind"].get(kind, 0) + 1
        facets["state"][state] = facets["state"].get(state, 0) + 1
    return facets


def _expression(node: Node, *, staff: bool, ranked: bool = False) -> str:
    """The tsquery of a tree, or nothing for "everything". Ranking leaves exclusions out."""
    marks = ("", _INTERNAL) if staff else ("",)
    match node:
        case Word(terms=terms, prefixes=prefixes):
            found = [f"'{mark}{term}'" for mark in marks for term in terms]
            found += [f"'{mark}{prefix}':*" for mark in marks for prefix in prefixes]
            return " | ".join(found)
        case Phrase(slots=slots):
            return " | ".join(
                "("
                + " <-> ".join("(" + " | ".join(f"'{mark}{t}'" for t in slot) + ")" for slot in slots)
                + ")"
                for mark in marks
            )
        case Or(nodes=nodes):
            found = [_expression(child, staff=staff, ranked=ranked) for child in nodes]
            return " | ".join(f"({one})" for one in found if one)
        case And(nodes=nodes, without=without):
            found = [_expression(child, staff=staff, ranked=ranked) for child in nodes]
            wanted = [f"({one})" for one in found if one]
            unwanted = [] if ranked else [f"!({_expression(child, staff=staff)})" for child in without]
            return " & ".join([*wanted, *unwanted])
        case Everything() | Nothing():
            return ""
