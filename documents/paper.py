"""A paper built from blocks: what every plain print (form, receipt, journal, inventory) comes down to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from documents.marks import SignatureMark
from documents.printable import Cell, Kind

# The working width of an A4 sheet in millimetres. The left edge keeps 20 mm for the file, the right one 10 mm
# (ГОСТ Р 7.0.97, п. 3.3 of the 2016 edition). A landscape sheet is filed by its upper edge.
PORTRAIT_WIDTH = 180.0
LANDSCAPE_WIDTH = 277.0

_FIXED_WIDTHS: dict[Kind, float] = {
    "code": 34.0,
    "integer": 15.0,
    "number": 27.0,
    "money": 31.0,
    "date": 23.0,
    "moment": 28.0,
    "flag": 14.0,
    "hash": 93.0,
}
_NARROWEST_TEXT = 22.0


@dataclass(frozen=True)
class Column:
    """A column of a printed table; a text column without a width shares what the others leave."""

    title: str
    kind: Kind = "text"
    width: float | None = None


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str
    indent: bool = True
    bold: bool = False
    small: bool = False


@dataclass(frozen=True)
class Items:
    """A list; numbered as «1)», otherwise with dashes."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Fields:
    """Pairs «name – value»; an empty value is shown by a dash, so that a reader sees nothing was lost."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    empty: str = "Записей нет."


@dataclass(frozen=True)
class Signature:
    """Who signs: post, name (И. О. Фамилия) and the mark of an electronic signature, if there is one."""

    position: str
    name: str
    mark: SignatureMark | None = None


Block = Heading | Paragraph | Items | Fields | Table | Signature


@dataclass(frozen=True)
class Paper:
    """A plain paper: title, blocks and what is repeated on every page."""

    title: str
    blocks: tuple[Block, ...]
    made_at: datetime
    organisation: str = ""
    subtitle: str = ""
    footer: str = ""
    qr_url: str = ""
    landscape: bool = False
    draft: bool = False
    is_dated: bool = True  # «Сформировано …» in the foot line
    keywords: tuple[str, ...] = field(default=())

    @property
    def width(self) -> float:
        return LANDSCAPE_WIDTH if self.landscape else PORTRAIT_WIDTH


def widths(columns: Sequence[Column], available: float) -> list[float]:
    """Widths of the columns in millimetres; their sum never passes the sheet."""
    fixed = [column.width or _FIXED_WIDTHS.get(column.kind) for column in columns]
    open_count = sum(width is None for width in fixed)
    rest = available - sum(width for width in fixed if width is not None)
    share = max(rest / open_count, _NARROWEST_TEXT) if open_count else 0.0
    wanted = [share if width is None else width for width in fixed]
    scale = min(1.0, available / sum(wanted)) if open_count else available / sum(wanted)
    return [round(width * scale, 2) for width in wanted]
