"""What the Whoosh index holds. The classes are pickled into the index, so they stay where they are."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from whoosh import columns, fields, formats

Posting = tuple[bytes, int, float, bytes]


class Terms(fields.FieldType):
    """Analysed terms and how often each stands in the record. Without places words are read much faster."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(self, value: Sequence[str], **_options: object) -> Iterator[Posting]:
        for term, count in Counter(value).items():
            yield term.encode(), count, float(count), b""


class PlacesFormat(formats.Format):
    """Places as plain numbers: read and written without a pickle for each."""

    posting_size = -1

    def __init__(self) -> None:
        super().__init__(field_boost=1.0)

    def encode(self, places: Sequence[int]) -> bytes:
        return array("I", places).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        return array("I", value).tolist()


class Places(fields.FieldType):
    """Where each term stands: for phrases alone."""

    def __init__(self) -> None:
        super().__init__(format=PlacesFormat(), analyzer=None)

    def index(self, value: Sequence[str], **_options: object) -> Iterator[Posting]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, term in enumerate(value):
            if term.isalpha() or term.isdecimal():  # extra terms stand in no phrase
                places[term].append(place)
        for term, where in places.items():
            yield term.encode(), len(where), float(len(where)), self.format.encode(where)


def schema() -> fields.Schema:
    return fields.Schema(
        head=Terms(),
        body=Terms(),
        internal=Terms(),
        keys=Terms(),
        body_places=Places(),
        internal_places=Places(),
        order=fields.COLUMN(columns.NumericColumn("q", default=-1)),
        length=fields.COLUMN(columns.NumericColumn("i", default=-1)),
        kind=fields.COLUMN(columns.RefBytesColumn()),
        state=fields.COLUMN(columns.RefBytesColumn()),
    )
