"""A record to streams of terms: what every backend is given to keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from records.search.port import Filters, IndexDoc, order_key
from records.search.terms import BREAK, MOST_LETTERS, clean, fold, terms

# PostgreSQL keeps at most 16,383 positions and a megabyte of lexemes for a document. Words past ORDERED are
# found one by one, not as phrases; past MOST_BYTES of different words (tables of numbers) not at all.
ORDERED: Final = 12_000
ORDERED_INTERNAL: Final = 3_000
EVERY_KEY: Final = "a0"  # every record carries it: "all but" needs an all
MOST_BYTES: Final = 600_000
MOST_CHARACTERS: Final = 6_000_000


@dataclass(frozen=True)
class Streams:
    """Terms of one record by field, in order; `keys` answer rights and filters."""

    id: int
    order: int
    head: tuple[str, ...]  # title, numbers, organisation: weighs more
    body: tuple[str, ...]  # all that everyone who sees the record may find
    internal: tuple[str, ...]  # what the staff alone may find
    keys: tuple[str, ...]
    kind: str
    state: str


def analyse(doc: IndexDoc) -> Streams:
    """The terms of a record. The head is repeated in the body, so that one field answers every word."""
    head_texts = [doc.title, *doc.numbers, doc.case, doc.organisation]
    if doc.date:
        head_texts.append(doc.date.isoformat())
    head = stream(head_texts, ORDERED_INTERNAL)
    texts = [*head_texts, doc.body]
    for file in doc.files:
        texts += [file.name, file.text]
    return Streams(
        id=doc.id,
        order=order_key(doc),
        head=head,
        body=(EVERY_KEY, BREAK, *stream(texts, ORDERED)),
        internal=stream([doc.internal], ORDERED_INTERNAL) if doc.internal else (),
        keys=keys(doc),
        kind=doc.kind,
        state=doc.state,
    )


def stream(texts: Iterable[str], ordered: int) -> tuple[str, ...]:
    """Main terms in order with a BREAK between texts, then the extra ones, each after a BREAK."""
    main: list[str] = []
    extra: dict[str, None] = {}
    for text in texts:
        if not text:
            continue
        if main:
            main.append(BREAK)
        folded = fold(clean(text[:MOST_CHARACTERS]))
        words, others = terms(folded)
        main += [term for term in words if len(term) <= MOST_LETTERS]
        extra |= dict.fromkeys(term for term in others if len(term) <= MOST_LETTERS)
    return _limited(main, extra, ordered)


def _limited(main: list[str], extra: dict[str, None], ordered: int) -> tuple[str, ...]:
    if len(main) > ordered:
        for term in main[ordered:]:
            extra[term] = None
        main = main[:ordered]
        for term in set(main):
            extra.pop(term, None)
    room = MOST_BYTES - 2 * len("".join(set(main)))
    for term in extra:
        room -= 2 * len(term)
        if room < 0:
            break
        main += (BREAK, term)
    return tuple(main)


# --- Keys: rights and filters as terms ------------------------------------------------------------


def keys(doc: IndexDoc) -> tuple[str, ...]:
    """Terms that answer "may he?" and "of this kind?" inside the index itself."""
    found = [EVERY_KEY, *(label_key(label) for label in sorted(doc.labels))]
    if doc.kind:
        found.append(_key("k", doc.kind))
    if doc.state:
        found.append(_key("s", doc.state))
    if doc.organisation_id is not None:
        found.append(f"o{doc.organisation_id}")
    return tuple(found)


def label_key(label: str) -> str:
    return _key("l", label)


def _key(mark: str, value: str) -> str:
    # Hexadecimal, so that no label is cut by a tokenizer or reads as another one.
    return mark + value.encode().hex()


def filter_keys(filters: Filters) -> list[list[str]]:
    """Groups of keys: a record needs one of each group."""
    groups = []
    if filters.kind is not None:
        groups.append([_key("k", value) for value in _several(filters.kind)])
    if filters.state is not None:
        groups.append([_key("s", value) for value in _several(filters.state)])
    if filters.organisation_id is not None:
        ids = filters.organisation_id
        groups.append([f"o{value}" for value in ([ids] if isinstance(ids, int) else ids)])
    return groups


def _several(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
