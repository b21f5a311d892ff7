"""What happens to an index: torn files, two writers, a rebuild meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import whoosh

from providers.search import fts5, whoosh_index, whoosh_patch
from providers.search.fts5 import Fts5Backend
from providers.search.postgres import PostgresBackend
from providers.search.whoosh_index import WhooshBackend
from records.search import IndexBroken, IndexBusy, IndexDoc, SearchBackend
from records.search.query import parse

LABELS = frozenset({"all"})


def doc(number: int) -> IndexDoc:
    return IndexDoc(id=number, title="Договор", body="договор подряда", labels=LABELS)


def total(backend: SearchBackend) -> int:
    return backend.search(parse("договор"), LABELS).total


def test_an_index_is_there_after_closing(tmp_path: Path) -> None:
    for make in (WhooshBackend, Fts5Backend):
        first = make(tmp_path / make.name)
        first.add([doc(1)])
        first.close()
        second = make(tmp_path / make.name)
        assert total(second) == 1
        second.close()


# The library leaves the file it fails on to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_torn_whoosh_index_is_told_and_can_be_discarded(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")
    backend.add([doc(1)])
    backend.close()
    segment = next((tmp_path / "index").glob("*.seg"))
    segment.write_bytes(segment.read_bytes()[:100])
    with pytest.raises(IndexBroken):
        WhooshBackend(tmp_path / "index")
    WhooshBackend.discard(tmp_path / "index")
    fresh = WhooshBackend(tmp_path / "index")
    fresh.rebuild([doc(1)])
    assert total(fresh) == 1
    fresh.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", ["veche.json", "_MAIN_1.toc"])
def test_a_whoosh_index_without_its_heart_is_broken(tmp_path: Path, name: str) -> None:
    WhooshBackend(tmp_path / "index").add([doc(1)])
    (tmp_path / "index" / name).write_bytes(b"\x00")
    with pytest.raises(IndexBroken):
        WhooshBackend(tmp_path / "index")


def test_a_torn_fts5_index_is_told_and_can_be_discarded(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    backend = Fts5Backend(path)
    backend.add([doc(1)])
    backend.close()
    path.write_bytes(b"torn" * 1000)
    with pytest.raises(IndexBroken):
        Fts5Backend(path)
    Fts5Backend.discard(path)
    fresh = Fts5Backend(path)
    fresh.rebuild([doc(1)])
    assert total(fresh) == 1
    fresh.close()


@pytest.mark.parametrize("name", ["whoosh", "fts5", "postgres"])
def test_during_a_rebuild_readers_see_the_old_index_and_writers_wait(
    name: str, tmp_path: Path, search_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_index, "_LOCK_SECONDS", 0.1)
    monkeypatch.setattr(fts5, "_BUSY_SECONDS", 0.1)
    place: str | Path = search_database() if name == "postgres" else tmp_path / "index"
    make = {"whoosh": WhooshBackend, "fts5": Fts5Backend, "postgres": PostgresBackend}[name]
    one, other = make(place), make(place)
    one.add([doc(1)])
    seen: list[object] = []

    def docs() -> Iterator[IndexDoc]:
        yield doc(1)
        yield doc(2)
        seen.append(total(other))
        try:
            other.add([doc(3)])
        except IndexBusy:
            seen.append("busy")

    one.rebuild(docs())
    assert seen == [1, "busy"]
    assert total(other) == 2
    other.add([doc(3)])
    assert total(one) == 3
    one.close()
    other.close()


@pytest.mark.parametrize("name", ["whoosh", "fts5", "postgres"])
def test_two_processes_see_each_other(name: str, tmp_path: Path, search_database: Callable[[], str]) -> None:
    place: str | Path = search_database() if name == "postgres" else tmp_path / "index"
    make = {"whoosh": WhooshBackend, "fts5": Fts5Backend, "postgres": PostgresBackend}[name]
    reader, writer = make(place), make(place)
    assert total(reader) == 0
    before = reader.stamp()
    writer.add([doc(1), doc(2)])
    assert total(reader) == 2
    assert reader.stamp() != before
    writer.remove([1])
    assert total(reader) == 1
    writer.optimize()
    assert total(reader) == 1
    reader.close()
    writer.close()


def test_writers_of_one_process_take_turns(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")
    threads = [threading.Thread(target=backend.add, args=([doc(number)],)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total(backend) == 8
    backend.close()


def test_a_failed_whoosh_write_leaves_no_lock(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")

    def torn() -> Iterator[IndexDoc]:
        yield doc(1)
        raise RuntimeError("torn")

    with pytest.raises(RuntimeError, match="torn"):
        backend.rebuild(torn())
    backend.add([doc(2)])
    assert total(backend) == 1
    backend.close()


def test_the_patch_is_for_the_version_it_was_measured_on() -> None:
    assert whoosh.__version__ == (2, 7, 4)


def test_a_view_reads_like_a_file() -> None:
    view = whoosh_patch.View(memoryview(b"one\ntwo\nthree"))
    assert (view.readline(), view.tell(), view.read(3)) == (b"one\n", 4, b"two")
    assert (view.seek(-5, 2), view.read()) == (8, b"three")
    assert view.readline() == b""
    target = bytearray(3)
    view.seek(0)
    assert (view.readinto(target), bytes(target)) == (3, b"one")
