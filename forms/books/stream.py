"""A part of a workbook as a stream of elements: constant memory, a budget of elements, no entities.

expat calls back without building a tree, so a sheet of a million empty cells costs time alone, and that is
counted: an honest table of two thousand rows stays far below the budget.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import Final
from xml.parsers import expat

from forms.books.sheet import Unreadable

BUDGET: Final = 500_000
_CHUNK: Final = 128 * 1024
_MAX_TREE_PART: Final = 4 * 1024 * 1024

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Enough(Exception):
    """The reader needs no more of the part."""


class Spent:
    """The elements all parts of one book have cost so far."""

    def __init__(self) -> None:
        self._left = BUDGET

    def take(self) -> None:
        """One more element."""
        self._left -= 1
        if self._left < 0:
            raise Unreadable("expands_too_much")


def walk(parts: zipfile.ZipFile, part: str, spent: Spent, start: Start, end: End, text: Text) -> None:
    """Hand the elements of a part to the reader by their local names until it has enough."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.EntityDeclHandler = _refuse_entity
    local: dict[str, str] = {}

    def name_of(name: str) -> str:
        found = local.get(name)
        if found is None:
            found = local[name] = name.rpartition(":")[2]
        return found

    def begin(name: str, attributes: dict[str, str]) -> None:
        spent.take()
        start(name_of(name), attributes)

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda name: end(name_of(name))
    parser.CharacterDataHandler = text
    try:
        with parts.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except Enough:
        return
    except expat.ExpatError as error:
        raise Unreadable("corrupt") from error


def _refuse_entity(*_declaration: object) -> None:
    raise Unreadable("xml_entities")


def small(parts: zipfile.ZipFile, part: str) -> bytes:
    """A part that is read whole: styles, relations, the list of sheets."""
    if parts.getinfo(part).file_size > _MAX_TREE_PART:
        raise Unreadable("expands_too_much")
    return parts.read(part)
