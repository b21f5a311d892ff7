"""The port of full-text search: what is indexed, what is asked, what comes back.

Analysis, query language, rights, spelling and snippets are ours and stand above this port, so that every
backend indexes the same terms and answers with the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from records.search.tree import Node

# Hits are ranked among the newest WINDOW of them; counts and facets stop at CAP. Ranking everything is what
# makes a frequent word slow, and nobody reads the thousandth letter about «договор».
WINDOW = 500
CAP = 1000

Sort = Literal["relevance", "newest"]
Progress = Callable[[int], None]


class IndexBroken(Exception):
    """The index cannot be read or was made by another version of the analysis: rebuild it."""


class IndexBusy(Exception):
    """Another process writes the index (a rebuild); try again later."""


@dataclass(frozen=True)
class IndexFile:
    """One attachment: its name and the text that extraction gave."""

    id: int
    name: str
    text: str


@dataclass(frozen=True)
class IndexDoc:
    """A record as the index sees it."""

    id: int
    title: str = ""
    numbers: Sequence[str] = ()
    organisation: str = ""  # names and ИНН in one text
    body: str = ""  # fields and remarks that everyone who sees the record may read
    internal: str = ""  # remarks of the staff; only the staff finds them
    files: Sequence[IndexFile] = ()
    kind: str = ""
    state: str = ""
    organisation_id: int | None = None
    date: date | None = None
    case: str = ""  # index of the case file
    labels: frozenset[str] = frozenset()  # a hit is visible to actors who share a label with it


@dataclass(frozen=True)
class Filters:
    """Each is one value or several; the several mean "any of"."""

    kind: str | Sequence[str] | None = None
    state: str | Sequence[str] | None = None
    organisation_id: int | Sequence[int] | None = None
    date_from: date | None = None
    date_to: date | None = None


@dataclass(frozen=True)
class Hit:
    id: int
    score: float = 0.0


@dataclass(frozen=True)
class Page:
    """`total` is exact up to CAP; facets count the newest CAP hits."""

    hits: Sequence[Hit] = ()
    total: int = 0
    total_capped: bool = False
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: {"kind": {}, "state": {}})


class SearchBackend(Protocol):
    """Keeps analysed terms and finds records by them. Safe to call from several threads."""

    name: str

    def add(self, docs: Iterable[IndexDoc]) -> None:
        """Index records; one that is already there is replaced. IndexBusy during a rebuild elsewhere."""

    def remove(self, ids: Iterable[int]) -> None:
        """Forget records; unknown ids are nothing to complain about."""

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
        """Records that match, share a label and pass the filters. `staff` searches internal remarks too."""

    def vocabulary(self) -> Iterable[str]:
        """Every term of the index, for the spelling; what an actor may see of it is checked above."""

    def stamp(self) -> str:
        """Changes whenever the index changes; cheap."""

    def optimize(self) -> None:
        """Merge what many small writes left behind."""

    def check(self) -> Mapping[str, object]:
        """backend, count, segments, size, stamp, analysis, ok, due: what the health page shows."""

    def rebuild(self, docs: Iterable[IndexDoc], progress: Progress | None = None) -> int:
        """Replace the whole index; readers see the old one until the new one is complete."""

    def close(self) -> None: ...


class Backends(Protocol):
    """Which backends this installation can search with, and the way from one to another."""

    def chosen(self) -> str:
        """The name of the one in force; cheap, for it is asked at every search."""

    def others(self) -> tuple[str, ...]:
        """Those one may go over to; none when the environment has fixed the choice."""

    def open(self) -> SearchBackend:
        """Open the one in force."""

    def switch(self, name: str, docs: Iterable[IndexDoc], progress: Progress | None = None) -> int:
        """Build the index of another backend and, once it is whole, put it in force."""


def order_key(doc: IndexDoc) -> int:
    """Newest first is largest first: the day of the document, then the record id."""
    return ((doc.date.toordinal() if doc.date else 0) << 40) | doc.id


def order_range(filters: Filters) -> tuple[int, int]:
    """The order keys of the dates asked for, both ends included."""
    low = filters.date_from.toordinal() << 40 if filters.date_from else 0
    high = ((filters.date_to.toordinal() + 1) << 40) - 1 if filters.date_to else (1 << 62)
    return low, high


def record_id(key: int) -> int:
    return key & ((1 << 40) - 1)
