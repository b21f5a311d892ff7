"""PDF of every paper: the document becomes plain data, a typst template lays it out on A4."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from documents import letters
from documents.barcode import code128_svg
from documents.compose import compose
from documents.marks import SignatureMark, details, headline
from documents.model import Document, Label, Letter, Organisation
from documents.paper import Block, Fields, Heading, Items, Paper, Paragraph, Signature, Table, widths
from documents.printable import CENTRED, RIGHT_ALIGNED, SOFT_BREAK, Cell, Kind, breakable, clean, shown
from documents.qr import qr_svg
from documents.typesetting import Data, typeset, typeset_apart
from language.dates import short_date
from language.typography import number_sign

# A letter's text is 175 mm wide: margins of 20 and 15 mm.
LETTER_WIDTH = 175.0
# Sizes of the type in tables, points.
_PLAIN_TABLE, _LETTER_TABLE, _CROWDED_TABLE = 9.0, 11.0, 7.5
_MANY_COLUMNS = 9
# Hyphenation saves a quarter of the pages for a third more time; long tables go without it where they can.
_SHORT_TABLE = 500
_WIDEST_SIGN = 2.2  # millimetres of a sign of 9 points with room to spare


def render(document: Document | Paper | Label, *, apart: bool = False) -> bytes:
    """The document as PDF; `apart` lays it out in a child process, so that this one stays small."""
    template, data, made_at = _job(document)
    return (typeset_apart if apart else typeset)(template, data, made_at)


def _job(document: Document | Paper | Label) -> tuple[str, Data, datetime]:
    match document:
        case Label():
            # A label shows the day of registration only, so it is the stamp of the file as well.
            return "label", _label(document), datetime.combine(document.registered_on, time(), UTC)
        case Letter():
            return "letter", _letter(document), document.made_at
        case Paper():
            return "paper", _paper(document), document.made_at
        case _:
            paper = compose(document)
            return "paper", _paper(paper), paper.made_at


def _paper(paper: Paper) -> Data:
    return {
        "title": clean(paper.title),
        "subtitle": clean(paper.subtitle),
        "organisation": clean(paper.organisation),
        "footer": clean(paper.footer),
        "keywords": [clean(word) for word in paper.keywords],
        "landscape": paper.landscape,
        "draft": paper.draft,
        "qr": qr_svg(paper.qr_url) if paper.qr_url else "",
        "qr-text": breakable(clean(paper.qr_url)),
        "made": f"Сформировано {shown(paper.made_at)}" if paper.is_dated else "",
        "blocks": [_block(block, paper.width) for block in paper.blocks],
    }


def _letter(letter: Letter) -> Data:
    return {
        "title": letters.subject(letter),
        "organisation": _letterhead(letter.organisation),
        "dated": letters.dated(letter),
        "reference": letters.reference(letter),
        "addressees": [[breakable(line) for line in letters.addressee(to)] for to in letter.addressees],
        "heading": letters.subject(letter),
        "salutation": clean(letter.salutation),
        "blocks": [_block(block, LETTER_WIDTH, size=_LETTER_TABLE) for block in letter.body],
        "attachments": letters.attachments(letter),
        "signature": _block(letter.signature, LETTER_WIDTH),
        "executor": letters.executor(letter),
        "qr": qr_svg(letter.qr_url) if letter.qr_url else "",
        "draft": letter.draft,
    }


def _letterhead(organisation: Organisation) -> Data:
    return {
        "name": clean(organisation.name),
        "full": breakable(clean(organisation.full_name)),
        "short": clean(organisation.short_name),
        "lines": [breakable(line) for line in letters.reference_data(organisation)],
        "emblem": list(organisation.emblem or b""),
    }


def _label(label: Label) -> Data:
    return {
        "organisation": clean(label.organisation),
        "number": number_sign(clean(label.number)),
        "day": f"от {short_date(label.registered_on)}",
        "place": clean(label.place),
        "code": clean(label.code),
        "bars": code128_svg(label.code),
        "qr": qr_svg(label.qr_url) if label.qr_url else "",
        "width": label.width_mm,
        "height": label.height_mm,
    }


def _block(block: Block, width: float, *, size: float = _PLAIN_TABLE) -> Data:
    """A block as the template takes it; every string is cleaned and may be broken."""
    match block:
        case Heading(text):
            return {"type": "heading", "text": _words(text)}
        case Paragraph():
            look = {"indent": block.indent, "bold": block.bold, "small": block.small}
            return {"type": "paragraph", "text": _words(block.text), **look}
        case Items(items, numbered):
            return {"type": "items", "items": [_words(item) for item in items], "numbered": numbered}
        case Fields(rows):
            return {"type": "fields", "rows": [[_words(name), _words(value)] for name, value in rows]}
        case Table():
            return _table(block, width, size)
        case Signature(position, name, mark):
            return {
                "type": "signature",
                "position": _words(position),
                "name": clean(name),
                "mark": _mark(mark),
            }


def _table(table: Table, width: float, size: float) -> Data:
    kinds = [column.kind for column in table.columns]
    cells = _cells(table.rows, kinds)
    sizes = widths(table.columns, width)
    return {
        "type": "table",
        "heads": [_words(column.title) for column in table.columns],
        "widths": sizes,
        "aligns": [_align(kind) for kind in kinds],
        "kinds": kinds,
        "size": size if len(kinds) <= _MANY_COLUMNS else _CROWDED_TABLE,
        "cells": cells,
        "tight": len(table.rows) <= _SHORT_TABLE or _is_tight(cells, sizes),
        "soft": any(SOFT_BREAK in cell for cell in cells),
        "empty": clean(table.empty),
    }


def _cells(rows: Sequence[Sequence[Cell]], kinds: Sequence[Kind]) -> list[str]:
    """All cells in one flat list, as the table of typst takes them; a row of another length is refused."""
    return [_words(value, kind) for row in rows for value, kind in zip(row, kinds, strict=True)]


def _is_tight(cells: Sequence[str], sizes: Sequence[float]) -> bool:
    """Whether a word is longer than its column, so that only hyphenation keeps it inside."""
    room = [size / _WIDEST_SIGN for size in sizes]
    return any(
        max(map(len, cell.split()), default=0) > room[place % len(room)]
        for place, cell in enumerate(cells)
        if len(cell) > room[place % len(room)]
    )


def _words(value: Cell, kind: Kind = "text") -> str:
    text = shown(value, kind)
    return text if kind == "hash" else breakable(text)


def _align(kind: Kind) -> str:
    if kind in RIGHT_ALIGNED:
        return "right"
    return "center" if kind in CENTRED else "left"


def _mark(mark: SignatureMark | None) -> Data | None:
    if mark is None:
        return None
    return {"headline": headline(mark), "details": details(mark)}
