"""One door to search: parse, ask the backend, forgive mistakes, cut the snippets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from language.layout import to_latin, to_russian
from records.search.morphology import LONGEST, surface
from records.search.port import Filters, IndexDoc, Page, SearchBackend, Sort
from records.search.query import Chunk, chunks, parse
from records.search.snippets import Marker, marked, snippet
from records.search.spelling import Vocabulary
from records.search.terms import fold, stem
from records.search.tree import Everything, Node, Nothing, Word

Originals = Callable[[Sequence[int]], Mapping[int, IndexDoc]]

_MOST_REPAIRS: Final = 6
_MOST_CANDIDATES: Final = 24
_SHORTEST_BEGINNING: Final = 5


@dataclass(frozen=True)
class Found:
    """One hit as it is shown: `title_html` and `snippet` are escaped HTML with <mark>."""

    id: int
    title: str
    title_html: str
    snippet: str
    file: int | None  # the file the snippet comes from; None for the card
    file_name: str | None
    score: float


@dataclass(frozen=True)
class Results:
    """A page of hits. `corrected`: nothing was found for the text as typed, and this was searched instead."""

    hits: Sequence[Found]
    total: int
    total_capped: bool
    facets: Mapping[str, Mapping[str, int]]
    corrected: str | None = None


@dataclass(frozen=True)
class _Asker:
    """Whose eyes the index is seen with: every question of this search goes through them."""

    backend: SearchBackend
    labels: frozenset[str]
    staff: bool

    def ask(
        self,
        query: Node,
        *,
        filters: Filters | None = None,
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 0,
    ) -> Page:
        return self.backend.search(
            query, self.labels, filters=filters, sort=sort, offset=offset, limit=limit, staff=self.staff
        )

    def count(self, text: str) -> int:
        query = parse(text)
        return 0 if isinstance(query, Nothing | Everything) else self.ask(query).total


class Search:
    """Search over one backend. `originals` gives the records of a page for their titles and snippets."""

    def __init__(self, backend: SearchBackend, originals: Originals) -> None:
        self.backend = backend
        self._originals = originals
        self._vocabulary = Vocabulary(backend.vocabulary, backend.stamp)

    def search(
        self,
        text: str,
        labels: Iterable[str],
        *,
        filters: Filters | None = None,
        sort: Sort = "relevance",
        offset: int = 0,
        limit: int = 20,
        staff: bool = False,
    ) -> Results:
        """Records visible to these labels. Mistakes are forgiven only when nothing is found as typed."""
        asker = _Asker(self.backend, frozenset(labels), staff)
        query = parse(text)
        if isinstance(query, Nothing):
            return Results((), 0, False, Page().facets)
        if isinstance(query, Everything):
            sort = "newest"
        page = asker.ask(query, filters=filters, sort=sort, offset=offset, limit=limit)
        corrected = None
        if page.total == 0 and not isinstance(query, Everything):
            corrected = self.correct(text, asker)
            if corrected is not None:
                query = parse(corrected)
                page = asker.ask(query, filters=filters, sort=sort, offset=offset, limit=limit)
                corrected = corrected if page.total else None
        return Results(
            self._found(page, query, staff=staff), page.total, page.total_capped, page.facets, corrected
        )

    def suggest(self, text: str, labels: Iterable[str], *, staff: bool = False) -> str | None:
        """What was probably meant, when a word of the text finds nothing visible."""
        return self.correct(text, _Asker(self.backend, frozenset(labels), staff))

    def correct(self, text: str, asker: _Asker) -> str | None:
        """The text with its unknown words mended, or None. Only words of visible records are proposed."""
        whole = _other_layout(text)
        if whole and asker.count(whole):
            return whole
        cleaned, words = chunks(text)
        out, place, changed = [], 0, False
        for word in words[:_MOST_REPAIRS]:
            better = self._mend(word, asker)
            if better is not None:
                out += [cleaned[place : word.start], better]
                place, changed = word.end, True
        return "".join([*out, cleaned[place:]]).strip() if changed else None

    def _mend(self, chunk: Chunk, asker: _Asker) -> str | None:
        if asker.count(chunk.text):
            return None
        for typed in _typings(chunk.text):
            if typed != chunk.text and asker.count(typed):
                return typed
            word = fold(typed).strip("*.,;:!?+-")
            if not word.isalpha() or len(word) > LONGEST:
                continue
            beginning = self._beginning(word, asker)
            if beginning:
                return beginning
            near = self._nearest(word, asker)
            if near:
                return near
        return None

    def _beginning(self, word: str, asker: _Asker) -> str | None:
        """«Ангарстрой» for «Ангарстройсервис»: an unfinished name."""
        if len(word) < _SHORTEST_BEGINNING:
            return None
        return word + "*" if asker.ask(Word((), (word,))).total else None

    def _nearest(self, word: str, asker: _Asker) -> str | None:
        """The nearest visible word; of several equally near, the one in most visible records."""
        best: tuple[int, int, str] | None = None
        for candidate, distance in self._vocabulary.near(word)[:_MOST_CANDIDATES]:
            if best is not None and distance > best[0]:
                break
            total = asker.ask(Word((candidate,))).total
            if total and (best is None or -total < best[1]):
                best = (distance, -total, candidate)
        return _shown(word, best[2]) if best else None

    def _found(self, page: Page, query: Node, *, staff: bool) -> list[Found]:
        ids = [hit.id for hit in page.hits]
        docs = self._originals(ids) if ids else {}
        marker = Marker(query)
        return [_hit(docs[hit.id], marker, hit.score, staff=staff) for hit in page.hits if hit.id in docs]


def _hit(doc: IndexDoc, marker: Marker, score: float, *, staff: bool) -> Found:
    cut = snippet(doc, marker, staff=staff)
    return Found(doc.id, doc.title, marked(doc.title, marker), cut.html, cut.file_id, cut.file_name, score)


def _other_layout(text: str) -> str | None:
    """The whole query in the Russian layout, when it holds no Russian letter."""
    folded = fold(text)
    if any("а" <= c <= "я" for c in folded) or not any("a" <= c <= "z" for c in folded):
        return None
    return to_russian(text)


def _typings(word: str) -> Iterator[str]:
    """The word in the other layout first when it is Latin, then as typed."""
    folded = fold(word)
    if any("a" <= c <= "z" for c in folded) and not any("а" <= c <= "я" for c in folded):
        yield to_russian(word)
        yield word
    else:
        yield word
        yield to_latin(word)


def _shown(word: str, candidate: str) -> str:
    """A whole word for a stem: the ending the user typed if it fits, else a dictionary form."""
    own = stem(word)
    if word.startswith(own):
        guess = candidate + word[len(own) :]
        if stem(guess) == candidate:
            return guess
    guess = surface(candidate)
    return guess if stem(guess) == candidate else candidate + "*"
