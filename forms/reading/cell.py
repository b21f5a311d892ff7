"""The outcome of reading one cell, and the cleaning every text goes through first."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from forms.messages import cell_text

# Marks that nobody sees and nobody typed: zero widths, soft hyphens, marks of writing direction.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\ufffd]")
_RUNS: Final = re.compile(r"[ \t]+")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A typed value, or what is wrong. `warning` says that the value was mended; `raw` is what was seen."""

    value: Any = None
    error: str | None = None
    warning: str | None = None
    raw: str = ""

    @property
    def text(self) -> str:
        """What the person is told, empty when all is well."""
        code = self.error or self.warning
        return cell_text(code) if code else ""

    @property
    def is_empty(self) -> bool:
        """Whether there is neither value nor fault."""
        return self.error is None and self.value in (None, "", [])

    def as_json(self) -> object:
        """The plain value, or an object that says what is wrong or was mended."""
        if self.error is not None:
            return {"error": self.error, "raw": printable(self.raw), "text": self.text}
        if self.warning is not None:
            return {
                "value": self.value,
                "warning": self.warning,
                "raw": printable(self.raw),
                "text": self.text,
            }
        return self.value


EMPTY: Final = Cell()


def wrong(code: str, raw: str) -> Cell:
    """A cell that is not taken."""
    return Cell(None, code, None, raw)


def mended(value: object, code: str, raw: str) -> Cell:
    """A cell that is taken, and the person is told how."""
    return Cell(value, None, code, raw)


def has_forbidden(text: str) -> bool:
    """Whether a text holds control characters or halves of characters."""
    return _FORBIDDEN.search(text) is not None


def printable(text: str) -> str:
    """A text that any screen and any file can carry."""
    return _FORBIDDEN.sub("\ufffd", text) if has_forbidden(text) else text


def cleaned(text: str) -> str:
    """NFC, ordinary spaces and line ends, nothing invisible, no spaces at the edges."""
    if text.isascii():
        return text.replace("\r\n", "\n").replace("\r", "\n").strip() if "\r" in text else text.strip()
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", _INVISIBLE.sub("", text)))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").strip()


def one_line(text: str) -> str:
    """Line breaks and runs of spaces become one space."""
    return _BLANKS.sub(" ", text).strip()


def lines(text: str) -> str:
    """Line breaks stay, runs of spaces shrink, edges of lines are cut."""
    if "\n" not in text:
        return _RUNS.sub(" ", text)
    return "\n".join(_RUNS.sub(" ", line).strip() for line in text.split("\n")).strip()
