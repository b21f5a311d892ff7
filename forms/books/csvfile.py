"""Text tables (.csv, .tsv): encoding by content, the separator by what divides the first lines evenly."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

from forms import clipboard
from forms.books.sheet import Sheet, Unreadable

_SEPARATORS: Final = ("\t", ";", ",")
_LOOKED_AT: Final = 10


def read(path: Path) -> list[Sheet]:
    """One sheet."""
    text = clipboard.decoded(path.read_bytes())
    if text is None:
        raise Unreadable("bad_encoding")
    sheet = Sheet(path.stem)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)), 1
        ):
            sheet.add(number, dict(enumerate(row)))
            if sheet.is_full:
                break
    except csv.Error as error:
        raise Unreadable("corrupt") from error
    return [sheet]


def _separator(text: str) -> str:
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:_LOOKED_AT]
    counts = {sign: sum(line.count(sign) for line in lines) for sign in _SEPARATORS}
    return max(_SEPARATORS, key=lambda sign: counts[sign])
