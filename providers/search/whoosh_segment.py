"""One immutable segment of the Whoosh index, read a block at a time into arrays.

Whoosh walks postings document by document in Python. Here whole blocks become arrays, and "and", "or", "not",
rights, facets and order are arithmetic over them: a frequent word costs milliseconds, not seconds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader, TermNotFound

from records.search.tree import And, Everything, Node, Nothing, Or, Phrase, Word

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Weights = NDArray[np.float32]

_MOST_KEY_MASKS: Final = 64


class Segment:
    """The columns of a segment as arrays, and its postings on demand."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader
        self.size: int = reader.doc_count_all()
        self.order = _numbers(reader, "order", ">i8", self.size)
        self.length = np.maximum(_numbers(reader, "length", ">i4", self.size), 1).astype(np.float32)
        self.kind, self.kinds = _references(reader, "kind", self.size)
        self.state, self.states = _references(reader, "state", self.size)
        self._key_masks: OrderedDict[str, Mask] = OrderedDict()

    def close(self) -> None:
        self._reader.close()

    def living(self, deleted: Iterable[int]) -> Mask:
        mask = np.ones(self.size, dtype=bool)
        mask[list(deleted)] = False
        return mask

    def places_of(self, record_ids: Sequence[int]) -> list[int]:
        """Numbers inside the segment of these records."""
        ids = self.order & ((1 << 40) - 1)
        return [int(n) for n in np.nonzero(np.isin(ids, np.array(record_ids, dtype=np.int64)))[0]]

    def carries(self, keys: Iterable[str]) -> Mask:
        """Records with any of these keys."""
        return reduce(or_, (self._key_mask(key) for key in keys), np.zeros(self.size, dtype=bool))

    def _key_mask(self, key: str) -> Mask:
        mask = self._key_masks.get(key)
        if mask is None:
            mask = np.zeros(self.size, dtype=bool)
            for numbers, _weights, _places in self.blocks("keys", key):
                mask[numbers] = True
            self._key_masks[key] = mask
            if len(self._key_masks) > _MOST_KEY_MASKS:
                self._key_masks.popitem(last=False)
        else:
            self._key_masks.move_to_end(key)
        return mask

    def blocks(self, field: str, term: str) -> Iterator[tuple[Numbers, Weights, Any]]:
        """Postings of a term: record numbers, frequencies, encoded places."""
        try:
            matcher = self._reader._terms.matcher(field, term.encode(), self._reader.schema[field].format)
        except TermNotFound:
            return
        if not hasattr(matcher, "_next_block"):  # a single posting lives in the term itself
            weights = np.array([matcher.weight()], dtype=np.float32)
            yield np.array([matcher.id()], dtype=np.int64), weights, (matcher.value(),)
            return
        while True:
            matcher._read_data()
            deltas, weights, values = matcher._data
            count = len(deltas)
            if weights is None:
                found = np.ones(count, dtype=np.float32)
            elif isinstance(weights, float):
                found = np.full(count, weights, dtype=np.float32)
            else:
                found = np.array(weights, dtype=np.float32)
            yield np.cumsum(np.array(deltas, dtype=np.int64)), found, values
            matcher._next_block()
            if matcher._atend:
                return

    def beginning(self, field: str, prefix: str) -> Iterator[str]:
        """Terms of a field that begin so."""
        wanted = prefix.encode()
        for name, term in self._reader._terms.terms_from(field, wanted):
            if name != field or not term.startswith(wanted):
                return
            yield term.decode()

    def vocabulary(self) -> Iterator[str]:
        for field in ("body", "internal"):
            if field in self._reader._terms.indexed_field_names():
                yield from self.beginning(field, "")

    def places(self, value: bytes) -> list[int]:
        decoded: list[int] = self._reader.schema["body_places"].format.decode_positions(value)
        return decoded


def _numbers(reader: SegmentReader, name: str, kind: str, size: int) -> Numbers:
    column = reader.column_reader(name, translate=False)
    width = int(kind[-1])
    raw = np.frombuffer(column._dbfile.get(column._basepos, column._count * width), dtype=kind)
    numbers = np.full(size, -1, dtype=np.int64)
    numbers[: len(raw)] = raw
    return numbers


def _references(reader: SegmentReader, name: str, size: int) -> tuple[NDArray[np.uint16], list[str]]:
    column = reader.column_reader(name, translate=False)
    kind = ">u1" if column._itemsize == 1 else ">u2"
    raw = np.frombuffer(column._dbfile.get(column._basepos, size * column._itemsize), dtype=kind)
    return raw.astype(np.uint16), [value.decode() for value in column._uniques]


class Evaluation:
    """One query over one segment: which records match, and how often each leaf stands in them."""

    def __init__(self, segment: Segment, *, staff: bool) -> None:
        self._segment = segment
        self._fields = ("body", "internal") if staff else ("body",)
        self.leaves: dict[Node, Weights] = {}

    def mask(self, node: Node, *, scored: bool = True) -> Mask:
        size = self._segment.size
        match node:
            case Word() | Phrase():
                weights = self.leaves.get(node)
                if weights is None:
                    weights = self._word(node) if isinstance(node, Word) else self._phrase(node)
                    if scored:
                        self.leaves[node] = weights
                return weights > 0
            case Or(nodes=nodes):
                return reduce(or_, (self.mask(n, scored=scored) for n in nodes), np.zeros(size, dtype=bool))
            case And(nodes=nodes, without=without):
                mask = np.ones(size, dtype=bool)
                for child in nodes:
                    mask &= self.mask(child, scored=scored)
                for child in without:
                    mask &= ~self.mask(child, scored=False)
                return mask
            case Everything():
                return np.ones(size, dtype=bool)
            case Nothing():
                return np.zeros(size, dtype=bool)

    def _word(self, word: Word) -> Weights:
        weights = np.zeros(self._segment.size, dtype=np.float32)
        for field in self._fields:
            terms = dict.fromkeys(word.terms)
            for prefix in word.prefixes:
                terms.update(dict.fromkeys(self._segment.beginning(field, prefix)))
            self._add(weights, field, terms)
        return weights

    def _add(self, weights: Weights, field: str, terms: Iterable[str]) -> None:
        for term in terms:
            for numbers, found, _values in self._segment.blocks(field, term):
                weights[numbers] += found

    def head(self, leaf: Word | Phrase) -> Weights:
        """How often the leaf's words stand in the title, the numbers, the organisation."""
        weights = np.zeros(self._segment.size, dtype=np.float32)
        terms = leaf.terms if isinstance(leaf, Word) else [term for slot in leaf.slots for term in slot]
        self._add(weights, "head", dict.fromkeys(terms))
        for prefix in leaf.prefixes if isinstance(leaf, Word) else ():
            self._add(weights, "head", self._segment.beginning("head", prefix))
        return weights

    def _phrase(self, phrase: Phrase) -> Weights:
        """Candidates carry every slot; only their places are decoded, slot by slot from the left."""
        weights = np.zeros(self._segment.size, dtype=np.float32)
        for field in self._fields:
            candidates = np.ones(self._segment.size, dtype=bool)
            for slot in phrase.slots:
                here = np.zeros(self._segment.size, dtype=np.float32)
                self._add(here, field, slot)
                candidates &= here > 0
                if not candidates.any():
                    break
            else:
                for number, count in self._side_by_side(f"{field}_places", phrase.slots, candidates):
                    weights[number] += count
        return weights

    def _side_by_side(
        self, field: str, slots: Sequence[Sequence[str]], candidates: Mask
    ) -> Iterator[tuple[int, int]]:
        ends = self._slot_places(field, slots[0], candidates)
        for slot in slots[1:]:
            candidates = np.zeros_like(candidates)
            candidates[list(ends)] = True
            following = self._slot_places(field, slot, candidates)
            ends = {
                number: {place + 1 for place in places} & following[number]
                for number, places in ends.items()
                if number in following
            }
            ends = {number: places for number, places in ends.items() if places}
        for number, places in ends.items():
            yield number, len(places)

    def _slot_places(self, field: str, slot: Sequence[str], candidates: Mask) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for term in slot:
            for numbers, _weights, values in self._segment.blocks(field, term):
                for place in np.nonzero(candidates[numbers])[0]:
                    where = self._segment.places(values[place])
                    found.setdefault(int(numbers[place]), set()).update(where)
        return found
