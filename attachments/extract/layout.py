"""Words that recognition found on a page, put into reading order: a cell of a table is read to its end.

Recognition gives lines across the whole page, so that «Гидроизоляция | 1260 | плиты» breaks a phrase in two.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Word:
    """A word and its place."""

    left: int
    top: int
    width: int
    height: int
    text: str

    @property
    def right(self) -> int:
        """Where it ends."""
        return self.left + self.width


@dataclass
class Stretch:
    """Words of one line that stand close: a whole line of prose, or what one cell has of it."""

    words: list[Word]
    below: list[Stretch] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Its left edge."""
        return self.words[0].left

    @property
    def top(self) -> int:
        """Its upper edge."""
        return min(word.top for word in self.words)

    @property
    def height(self) -> int:
        """The height of its tallest word."""
        return max(word.height for word in self.words)

    def text(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)


def text_of(table: str) -> str:
    """Plain text from tesseract's table of words (TSV)."""
    out: list[str] = []
    pending: list[Stretch] = []
    for words in _lines(table):
        stretches = _stretches(words)
        if len(stretches) > 1 or (pending and _continues(stretches[0], pending)):
            pending += stretches
        else:
            out += _cells(pending)
            pending = []
            out.append(stretches[0].text())
    return "\n".join(out + _cells(pending)) + "\n"


def _lines(table: str) -> Iterator[list[Word]]:
    key: tuple[str, ...] = ()
    words: list[Word] = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip().strip("|").strip()
        if not text or row["level"] != "5":
            continue
        place = (row["page_num"], row["block_num"], row["par_num"], row["line_num"])
        if place != key and words:
            yield words
            words = []
        key = place
        words.append(Word(int(row["left"]), int(row["top"]), int(row["width"]), int(row["height"]), text))
    if words:
        yield words


def _stretches(words: list[Word]) -> list[Stretch]:
    """A gap of two letters' height is no blank between words."""
    words = sorted(words, key=lambda word: word.left)
    gap = 2 * sorted(word.height for word in words)[len(words) // 2]
    out = [Stretch([words[0]])]
    for word in words[1:]:
        if word.left - out[-1].words[-1].right > gap:
            out.append(Stretch([word]))
        else:
            out[-1].words.append(word)
    return out


def _continues(stretch: Stretch, pending: list[Stretch]) -> bool:
    """Whether a line goes on in a cell above: the same left edge, no empty line between."""
    return any(_is_under(stretch, above) for above in pending[-40:])


def _is_under(stretch: Stretch, above: Stretch) -> bool:
    size = max(stretch.height, above.height)
    return abs(stretch.left - above.left) < size / 2 and 0 < stretch.top - above.top < 2.2 * size


def _cells(pending: list[Stretch]) -> list[str]:
    """Stretches joined downwards into cells, in the order in which cells begin."""
    heads: list[Stretch] = []
    lowest: list[Stretch] = []
    for stretch in pending:
        for n, bottom in enumerate(lowest):
            if _is_under(stretch, bottom):
                heads[n].below.append(stretch)
                lowest[n] = stretch
                break
        else:
            heads.append(stretch)
            lowest.append(stretch)
    return ["\n".join(part.text() for part in (head, *head.below)) for head in heads]
