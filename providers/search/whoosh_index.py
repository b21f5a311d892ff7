"""Whoosh backend: the embedded default, pure Python on disk, comfortable up to some 20,000 records.

One writer at a time (the outbox worker). Commits never merge until segments are many, and then merge small
ones alone: filing one more paper costs the same in a large archive as in a small one. Readers follow the
index by its generation.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Whoosh 2.7.4 predates raw strings
    from whoosh import index as whoosh_index
    from whoosh import writing
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.reading import SegmentReader

from providers.search import whoosh_patch
from providers.search.whoosh_hits import Found, View
from providers.search.whoosh_schema import schema
from providers.search.whoosh_segment import Segment
from records.search.analysis import analyse, filter_keys, label_key
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
from records.search.tree import Everything, Node, Nothing

whoosh_patch.apply()

MOST_SEGMENTS: Final = 25
_STAMP: Final = "veche.json"
_LAYOUT: Final = 1  # of the fields; another layout cannot be read
_BATCH: Final = 500
_BLOCK: Final = 1024  # postings
_MEMORY_MB: Final = 48
_LOCK_SECONDS: Final = 5.0
_TRIES: Final = 3


class _Codec(W3Codec):
    """Long blocks, for they are read whole; no lengths: they would be looked up on disk for every posting."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=1)


class _Writer(writing.SegmentWriter):
    """Merging hands on the absent value of a posting as None, which the library then refuses to write."""

    def _process_posts(self, items: Any, startdoc: int, docmap: Any) -> Iterator[tuple[Any, ...]]:
        for *posting, value in super()._process_posts(items, startdoc, docmap):
            yield (*posting, value or b"")


class WhooshBackend:
    """One directory. Safe for threads: a search holds the lock for its few milliseconds of Python anyway."""

    name = "whoosh"

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)
        self._lock = threading.RLock()
        self._write_lock = threading.Lock()
        self._segments: dict[str, Segment] = {}
        self._views: list[View] = []
        self._generation = -1
        self._index = self._open()
        self._refresh()

    def _open(self) -> Any:
        stamp = self.directory / _STAMP
        if not self.directory.exists() or not any(self.directory.iterdir()):
            return self._create()
        try:
            layout = json.loads(stamp.read_text(encoding="utf-8"))["layout"]
            if layout != _LAYOUT:
                raise IndexBroken(f"the index has layout {layout}, this program needs {_LAYOUT}")
            return whoosh_index.open_dir(str(self.directory))
        except IndexBroken:
            raise
        except Exception as error:  # a torn file may break anywhere in the library
            raise IndexBroken(f"{type(error).__name__}: {error}") from error

    def _create(self) -> Any:
        self.directory.mkdir(parents=True, exist_ok=True)
        made = whoosh_index.create_in(str(self.directory), schema())
        self._write_stamp()
        return made

    def _write_stamp(self) -> None:
        temporary = self.directory / (_STAMP + ".new")
        temporary.write_text(json.dumps({"layout": _LAYOUT, "analysis": ANALYSIS_VERSION}), encoding="utf-8")
        os.replace(temporary, self.directory / _STAMP)

    @staticmethod
    def discard(directory: str | os.PathLike[str]) -> None:
        """Remove a broken index, so that a new one can be built."""
        shutil.rmtree(directory, ignore_errors=True)

    # --- Following the index --------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Open what appeared since the last look; a writer may sweep old files away under our hands."""
        for attempt in range(_TRIES):
            generation = self._index.latest_generation()
            if generation == self._generation:
                return
            try:
                self._follow(generation)
                return
            except FileNotFoundError as error:
                if attempt == _TRIES - 1:
                    raise IndexBroken(str(error)) from error
            except Exception as error:
                raise IndexBroken(f"{type(error).__name__}: {error}") from error

    def _follow(self, generation: int) -> None:
        contents = self._index._read_toc()
        segments: dict[str, Segment] = {}
        views = []
        for one in contents.segments:
            name = one.segment_id()
            known = self._segments.get(name)
            segment = known or Segment(SegmentReader(self._index.storage, contents.schema, one))
            segments[name] = segment
            views.append(View(segment, segment.living(one.deleted_docs())))
        for name, old in self._segments.items():
            if name not in segments:
                old.close()
        self._segments, self._views, self._generation = segments, views, generation

    # --- Writing --------------------------------------------------------------------------------------

    def add(self, docs: Iterable[IndexDoc]) -> None:
        latest = {doc.id: doc for doc in docs}
        if not latest:
            return
        with self._writer() as writer:
            self._forget(writer, list(latest))
            for doc in latest.values():
                _write(writer, doc)

    def remove(self, ids: Iterable[int]) -> None:
        with self._writer() as writer:
            self._forget(writer, list(ids))

    def _forget(self, writer: Any, ids: Sequence[int]) -> None:
        """Mark by number: the library's own way opens the whole index to look for a term."""
        for one in writer.segments:
            segment = self._segments.get(one.segment_id())
            if segment is None:
                continue
            for place in segment.places_of(ids):
                if not one.is_deleted(place):
                    one.delete_document(place)

    @contextlib.contextmanager
    def _writer(self, policy: Any = None) -> Iterator[Any]:
        with self._write_lock:
            try:
                writer = _Writer(
                    self._index, timeout=_LOCK_SECONDS, delay=0.05, limitmb=_MEMORY_MB, codec=_Codec()
                )
            except writing.LockError as error:
                raise IndexBusy("another process writes the index") from error
            try:
                with self._lock:
                    self._refresh()
                yield writer
            except BaseException:
                writer.cancel()
                raise
            writer.commit(mergetype=policy or _merge_when_many)
            with self._lock:
                self._refresh()

    def optimize(self) -> None:
        """One segment, without the deleted."""
        with self._lock:
            self._refresh()
            done = len(self._views) <= 1 and all(view.living.all() for view in self._views)
        if not done:
            with self._writer(_merge_all):
                return

    def rebuild(self, docs: Iterable[IndexDoc], progress: Progress | None = None) -> int:
        """A new segment in place of all the old ones, in one commit."""
        count = 0
        seen: set[int] = set()
        with self._writer(writing.CLEAR) as writer:
            for doc in docs:
                if doc.id in seen:
                    continue
                seen.add(doc.id)
                _write(writer, doc)
                count += 1
                if progress and count % _BATCH == 0:
                    progress(count)
        self._write_stamp()
        if progress:
            progress(count)
        return count

    def close(self) -> None:
        with self._lock:
            for segment in self._segments.values():
                segment.close()
            self._segments, self._views, self._generation = {}, [], -1
            self._index.close()

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
        with self._lock:
            self._refresh()
            found = Found.of(self._views, query, groups, order_range(chosen), staff=staff)
            newest = found.newest(max(CAP + 1, offset + limit))
            shown = newest[:CAP]
            facets = found.facets(shown)
            if limit > 0 and sort == "relevance" and not isinstance(query, Everything) and offset < WINDOW:
                newest, scores = found.ranked(query, newest)
            else:
                scores = np.zeros(len(newest), dtype=np.float32)
            hits = [
                Hit(record_id(int(found.order[place])), float(score))
                for place, score in zip(
                    newest[offset : offset + limit], scores[offset : offset + limit], strict=True
                )
            ]
            return Page(hits, len(shown), len(found.order) > CAP, facets)

    def vocabulary(self) -> Iterable[str]:
        with self._lock:
            self._refresh()
            found: set[str] = set()
            for view in self._views:
                found.update(view.segment.vocabulary())
            return found

    def stamp(self) -> str:
        return str(self._index.latest_generation())

    def check(self) -> Mapping[str, object]:
        with self._lock:
            self._refresh()
            count = sum(int(view.living.sum()) for view in self._views)
            segments = len(self._views)
        version = json.loads((self.directory / _STAMP).read_text(encoding="utf-8"))["analysis"]
        return {
            "backend": self.name,
            "count": count,
            "segments": segments,
            "size": sum(file.stat().st_size for file in self.directory.iterdir() if file.is_file()),
            "stamp": self.stamp(),
            "analysis": str(version),
            "ok": True,
            "due": version != ANALYSIS_VERSION,
        }


def _write(writer: Any, doc: IndexDoc) -> None:
    streams = analyse(doc)
    fields: dict[str, object] = {
        "head": streams.head,
        "body": streams.body,
        "body_places": streams.body,
        "keys": streams.keys,
        "order": streams.order,
        "length": len(streams.body),
        "kind": streams.kind.encode(),
        "state": streams.state.encode(),
    }
    if streams.internal:
        fields |= {"internal": streams.internal, "internal_places": streams.internal}
    writer.add_document(**fields)


# --- Merging --------------------------------------------------------------------------------------


def _merge_when_many(writer: Any, segments: list[Any]) -> list[Any]:
    """Leave segments alone until they are many; then join the smallest, none larger than the rest."""
    alive = [one for one in segments if one.doc_count() > 0]
    if len(alive) < MOST_SEGMENTS:
        return alive
    alive.sort(key=lambda one: one.doc_count_all())
    total = 0
    merged = 0
    for one in alive:
        if merged > MOST_SEGMENTS // 2 and one.doc_count_all() > total:
            break
        total += one.doc_count_all()
        merged += 1
    return _merge_into(writer, alive[:merged], alive[merged:])


def _merge_all(writer: Any, segments: list[Any]) -> list[Any]:
    return _merge_into(writer, segments, [])


def _merge_into(writer: Any, merged: list[Any], kept: list[Any]) -> list[Any]:
    for one in merged:
        reader = SegmentReader(writer.storage, writer.schema, one)
        writer.add_reader(reader)
        reader.close()
    return kept
