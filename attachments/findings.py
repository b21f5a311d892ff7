"""What the checks of one file have found."""

from __future__ import annotations

from dataclasses import dataclass, field

from attachments.limits import Limits


class Refusal(Exception):
    """The file is not taken; `code` is one of the codes of `attachments.messages.REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Findings:
    """Flags for the card and the names of what lies inside."""

    limits: Limits
    flags: list[str] = field(default_factory=list)
    inner_names: list[str] = field(default_factory=list)
    inner_renamed: bool = False

    def flag(self, code: str) -> None:
        """Remember a warning once."""
        if code not in self.flags:
            self.flags.append(code)
