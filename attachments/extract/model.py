"""What extraction gives, and what a reader of one format works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from attachments.content import Content
from attachments.limits import Limits


@dataclass(frozen=True)
class Extracted:
    """Text of a file; `warnings` are codes of `attachments.messages.WARNINGS`."""

    text: str
    tool: str
    warnings: tuple[str, ...] = ()
    ocr_needed: bool = False


@dataclass
class Job:
    """The running extraction of one file: the text so far and what to tell of it."""

    limits: Limits
    ocr: bool
    tool: str = ""
    depth: int = 0
    warnings: list[str] = field(default_factory=list)
    ocr_needed: bool = False
    ocr_pages: int = 0
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def is_full(self) -> bool:
        """Whether enough text has been read."""
        return self._length >= self.limits.max_text_chars

    def add(self, text: str) -> None:
        """Take a piece of text; past the limit it is dropped, and that is told."""
        room = self.limits.max_text_chars - self._length
        if len(text) > room:
            self.warn("truncated")
            text = text[: max(0, room)]
        self._pieces.append(text)
        self._length += len(text)

    def line(self, text: str) -> None:
        """A piece of text that ends a line."""
        if text:
            self.add(text + "\n")

    def warn(self, code: str) -> None:
        """Remember a warning once."""
        if code not in self.warnings:
            self.warnings.append(code)

    def text(self) -> str:
        """All pieces together."""
        return "".join(self._pieces)


Reader = Callable[[Content, Job], None]


class Unreadable(ValueError):
    """The file cannot be read as what it says it is; `code` is the warning."""

    def __init__(self, code: str = "unreadable") -> None:
        super().__init__(code)
        self.code = code
