"""What a clipboard or a sheet holds before anything is recognised: rows of cells, as shown and as stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

Stored = Decimal | bool | dt.datetime | dt.date | str | None
Nature = Literal["number", "bool", "date", "text", "error", "uncomputed"]

MAX_ROWS = 2000
MAX_COLUMNS = 256


class Typed(NamedTuple):
    """A cell whose program told more than its text: the stored value, and that it is shown as percent."""

    shown: str
    value: Stored
    nature: Nature
    percent: bool = False
    # The shown text was made up here from a bare value: there was no display to disagree with.
    bare: bool = False


RawCell = str | Typed
Span = tuple[int, int]


@dataclass(frozen=True)
class Refused:
    """The whole payload is not taken: a stable code and a sentence for the person."""

    code: str
    text: str

    def as_json(self) -> dict[str, str]:
        """As commands and the API answer."""
        return {"code": self.code, "text": self.text}


@dataclass(frozen=True)
class Grid:
    """Rows of raw cells; `spans` tells how far a merged cell reaches, `warnings` what is to be said."""

    rows: list[list[RawCell]] = field(default_factory=list)
    spans: Mapping[Span, Span] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()
    error: Refused | None = None
    # Numbers of the rows in the source, when they are not 1, 2, 3…
    numbers: list[int] | None = None

    def number_of(self, index: int) -> int:
        """The number of a row as the person sees it at its source."""
        return self.numbers[index] if self.numbers is not None else index + 1


def shown(cell: RawCell) -> str:
    """The text of a raw cell."""
    return cell if isinstance(cell, str) else cell.shown


def is_blank(cell: RawCell) -> bool:
    """Whether there is nothing in a raw cell."""
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return cell.value is None and not cell.shown.strip() and cell.nature not in ("error", "uncomputed")
