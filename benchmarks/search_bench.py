"""Search against its goals: FTS5 beside tantivy, PostgreSQL's window beside ranking everything, Whoosh cured.

Every side answers the same questions over the same analysed terms, with rights, Russian forms and snippets.
VECHE_BENCH_SEARCH makes the archive smaller (default 100,000 records; Whoosh is measured at a fifth of it).
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import shutil
import sqlite3
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import search_corpus
from providers.search import whoosh_patch
from providers.search.fts5 import Fts5Backend
from providers.search.postgres import PostgresBackend
from providers.search.whoosh_index import WhooshBackend
from records.search import IndexDoc, Search
from records.search.analysis import analyse, label_key
from records.search.port import Sort
from records.search.query import parse
from records.search.snippets import Marker, snippet
from records.search.tree import And, Node, Or, Phrase, Word

SIZE = int(os.environ.get("VECHE_BENCH_SEARCH", "100000"))
SMALL = max(1000, SIZE // 5)
TINY = 1000
QUESTIONS = 60
STAFF = frozenset({"staff"})

Row = dict[str, object]


def run(only: str | None = None) -> list[Row]:
    """All rows, or those of one engine: fts5, postgres, whoosh."""
    engines = {"fts5": _fts5, "postgres": _postgres, "whoosh": _whoosh}
    folder = Path(tempfile.mkdtemp(prefix="search-bench-"))
    try:
        originals = Originals(folder / "originals.db", SIZE)
        rows: list[Row] = []
        for name, measure in engines.items():
            if only in (None, name):
                rows += measure(folder, originals)
        return rows
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Originals:
    """The archive on disk, read back by id as the application reads its records for a page of hits."""

    def __init__(self, path: Path, size: int) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("create table doc(id integer primary key, packed blob)")
        self._connection.executemany(
            "insert into doc values(?,?)", ((doc.id, _packed(doc)) for doc in search_corpus.records(size))
        )
        self._connection.commit()

    def __call__(self, ids: Sequence[int]) -> Mapping[int, IndexDoc]:
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(f"select packed from doc where id in ({marks})", list(ids))
        return {doc.id: doc for doc in (_unpacked(packed) for (packed,) in rows)}

    def first(self, count: int) -> Iterable[IndexDoc]:
        rows = self._connection.execute("select packed from doc order by id limit ?", (count,))
        return (_unpacked(packed) for (packed,) in rows)

    def words(self, count: int, each: int = 1) -> list[str]:
        """Words to ask for, as frequent as they are in the texts."""
        chance = random.Random(5)
        found = []
        for doc in self.first(count * 20):
            if doc.id % 20 == 0:
                words = re.findall("[а-яё]{5,}", doc.body.lower())
                found.append(" ".join(chance.sample(words, each)))
        return found


def _packed(doc: IndexDoc) -> bytes:
    fields = {**vars(doc), "labels": sorted(doc.labels), "date": doc.date and doc.date.isoformat()}
    return zlib.compress(json.dumps(fields, ensure_ascii=False).encode(), 1)


def _unpacked(packed: bytes) -> IndexDoc:
    fields = json.loads(zlib.decompress(packed))
    fields |= {"labels": frozenset(fields["labels"]), "date": date.fromisoformat(fields["date"])}
    return IndexDoc(**fields)


def p95(questions: Sequence[str], ask: Callable[[str], object], clock: Callable[[], float]) -> float:
    """Milliseconds of the slow ones; each question is asked three times and the fastest answer counts."""
    for question in questions[:3]:
        ask(question)
    taken = []
    gc.collect()
    for question in questions:
        best = min(_timed(ask, question, clock) for _ in range(3))
        taken.append(best * 1000)
    return sorted(taken)[int(len(taken) * 0.95)]


def _timed(ask: Callable[[str], object], question: str, clock: Callable[[], float]) -> float:
    started = clock()
    ask(question)
    return clock() - started


def row(name: str, value: float, reference: float, goal: float | None, unit: str = "ms p95") -> Row:
    ratio = value / reference
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "reference": round(reference, 3),
        "ratio": round(ratio, 3),
        "goal": None if goal is None else f"<= {goal:g}",
        "holds": None if goal is None else ratio <= goal,
    }


# --- FTS5 beside tantivy


def _fts5(folder: Path, originals: Originals) -> list[Row]:
    backend = Fts5Backend(folder / "search.db")
    backend.rebuild(originals.first(SIZE))
    ours = Search(backend, originals)
    theirs = Tantivy(folder / "tantivy", originals)
    cpu = time.process_time
    rows = []
    for name, each, goal in (("word", 1, 1.5), ("three words", 3, 15.0)):
        questions = originals.words(QUESTIONS, each)
        value = p95(questions, lambda text: ours.search(text, STAFF), cpu)
        reference = p95(questions, theirs.search, cpu)
        rows.append(row(f"search fts5 {SIZE}: {name}, against tantivy", value, reference, goal))
        bare = p95(questions, lambda text: backend.search(parse(text), STAFF), cpu)
        bare_theirs = p95(questions, lambda text: theirs.ids(parse(text)), cpu)
        rows.append(row(f"search fts5 {SIZE}: {name}, without snippets", bare, bare_theirs, None))
    backend.close()
    return rows


class Tantivy:
    """The yardstick: the same terms, the same rights, the same snippets, its own index and ranking."""

    def __init__(self, folder: Path, originals: Originals) -> None:
        import tantivy

        self._library = tantivy
        self._originals = originals
        folder.mkdir()
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True)
        for field in ("head", "body", "keys"):
            builder.add_text_field(field, tokenizer_name="whitespace", index_option="position")
        self._schema = builder.build()
        index = tantivy.Index(self._schema, path=str(folder))
        writer = index.writer(heap_size=128_000_000, num_threads=1)
        for doc in originals.first(SIZE):
            streams = analyse(doc)
            texts = {field: " ".join(getattr(streams, field)) for field in ("head", "body", "keys")}
            writer.add_document(tantivy.Document(id=doc.id, **texts))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def search(self, text: str) -> list[str]:
        query = parse(text)
        ids = self.ids(query)
        marker = Marker(query)
        docs = self._originals(ids)
        return [snippet(docs[number], marker).html for number in ids]

    def ids(self, query: Node) -> list[int]:
        must = self._library.Occur.Must
        right = self._library.Query.term_query(self._schema, "keys", label_key("staff"))
        whole = self._library.Query.boolean_query([(must, self._query(query)), (must, right)])
        found = self._searcher.search(whole, 20).hits
        return [self._searcher.doc(address)["id"][0] for _score, address in found]

    def _query(self, node: Node) -> Any:
        kind, occur = self._library.Query, self._library.Occur
        match node:
            case Word(terms=terms):
                wanted = [kind.term_query(self._schema, "body", term) for term in terms]
                wanted += [
                    kind.boost_query(kind.term_query(self._schema, "head", term), 6.0) for term in terms
                ]
                return kind.boolean_query([(occur.Should, one) for one in wanted])
            case Phrase(slots=slots):
                return kind.phrase_query(self._schema, "body", [slot[0] for slot in slots])
            case And(nodes=nodes):
                return kind.boolean_query([(occur.Must, self._query(child)) for child in nodes])
            case Or(nodes=nodes):
                return kind.boolean_query([(occur.Should, self._query(child)) for child in nodes])
        raise ValueError(node)


# --- PostgreSQL: the window beside everything


def _postgres(folder: Path, originals: Originals) -> list[Row]:
    from tests import postgres

    backend = PostgresBackend(postgres.create_database("bench_search"))
    backend.rebuild(originals.first(SIZE))
    questions = originals.words(QUESTIONS)
    value = p95(questions, lambda text: backend.search(parse(text), STAFF), time.perf_counter)
    reference = p95(questions, lambda text: _rank_all(backend, parse(text)), time.perf_counter)
    backend.close()
    postgres.drop_database("bench_search")
    return [row(f"search postgres {SIZE}: window, against ts_rank over all", value, reference, 0.05)]


def _rank_all(backend: PostgresBackend, query: Node) -> list[int]:
    from providers.search.postgres import _WEIGHTS, _expression

    words = _expression(query, staff=False)
    with backend._connection() as connection, connection.cursor() as cursor:
        cursor.execute(
            "select id from search_doc where tsv @@ %s::tsquery and keys && %s::text[]"
            " order by ts_rank(%s::real[], tsv, %s::tsquery, 1) desc limit 20",
            (words, [label_key("staff")], _WEIGHTS, words),
        )
        return [number for (number,) in cursor.fetchall()]


# --- Whoosh: what the cures give


def _whoosh(folder: Path, originals: Originals) -> list[Row]:
    cpu = time.process_time
    large, small = WhooshBackend(folder / "large"), WhooshBackend(folder / "small")
    large.rebuild(originals.first(SMALL))
    small.rebuild(originals.first(TINY))
    questions = originals.words(QUESTIONS)
    searcher = large._index.searcher()

    def library_ids(text: str) -> list[int]:
        return list(searcher.docs_for_query(_library_query(parse(text))))

    reference = p95(questions, library_ids, cpu)
    searcher.close()
    rows = []
    sorts: tuple[Sort, ...] = ("newest", "relevance")
    for sort in sorts:
        value = p95(questions, lambda text, sort=sort: large.search(parse(text), STAFF, sort=sort), cpu)
        name = f"search whoosh {SMALL}: rights, facets, {sort}, against the library's bare list of ids"
        rows.append(row(name, value, reference, 1.3))
    added, added_small = _one_more(large, originals), _one_more(small, originals)
    name = f"search whoosh {SMALL}: one record added, against {TINY}"
    rows.append(row(name, added, added_small, 1.5, "ms median"))
    large.optimize()
    large.close()
    small.close()
    cured = _opening(folder / "large")
    whoosh_patch.withdraw()
    raw = _opening(folder / "large")
    whoosh_patch.apply()
    name = f"search whoosh {SMALL}: opening, against the library as it came"
    rows.append(row(name, cured, raw, 0.05, "ms median"))
    return rows


def _library_query(node: Node) -> Any:
    from whoosh import query

    match node:
        case Word(terms=terms):
            return query.Or([query.Term("body", term) for term in terms])
        case And(nodes=nodes):
            return query.And([_library_query(child) for child in nodes])
        case Or(nodes=nodes):
            return query.Or([_library_query(child) for child in nodes])
        case Phrase(slots=slots):
            return query.And([query.Term("body", slot[0]) for slot in slots])
    raise ValueError(node)


def _one_more(backend: WhooshBackend, originals: Originals) -> float:
    """Median of filing one record, visible at once."""
    taken = []
    for doc in list(originals.first(20)):
        fields = {**vars(doc), "id": doc.id + 10_000_000}
        started = time.process_time()
        backend.add([IndexDoc(**fields)])
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


def _opening(folder: Path) -> float:
    from whoosh import index

    taken = []
    for _ in range(5):
        started = time.process_time()
        searcher = index.open_dir(str(folder)).searcher()
        taken.append((time.process_time() - started) * 1000)
        searcher.close()
    return statistics.median(taken)
