"""Shares of a whole («более 1/2», «не менее 2/3», «все»): how many votes they need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_WRITTEN: Final = re.compile(r"^(>=?)(\d+)/(\d+)$")


@dataclass(frozen=True)
class Share:
    """A share of the base: more than a fraction, or not less than it; the whole; or no bar at all."""

    text: str
    part: Fraction | None = None
    strict: bool = False

    @staticmethod
    def parse(text: str) -> Share:
        """Read «>1/2», «>=2/3», «all», «plurality». Raises ValueError with the text that cannot be read."""
        if text in {"all", "plurality"}:
            return Share(text)
        found = _WRITTEN.match(text)
        if found is None or int(found[3]) == 0:
            raise ValueError(f"доля «{text}» не читается")
        return Share(text, Fraction(int(found[2]), int(found[3])), found[1] == ">")

    @property
    def is_all(self) -> bool:
        return self.text == "all"

    @property
    def above_half(self) -> bool:
        """Whether a qualified majority: the fraction itself is above one half (unanimity is above any)."""
        return self.is_all or (self.part is not None and self.part > Fraction(1, 2))

    def needed(self, base: int) -> int:
        """The least whole number of votes that satisfies the share of the base; at least one."""
        if self.is_all:
            return max(1, base)
        if self.part is None:
            return 1
        exact = self.part * base
        least = exact.numerator // exact.denominator  # the whole part
        if self.strict or exact.denominator != 1:
            least += 1
        return max(1, least)

    def is_below(self, other: Share) -> bool:
        """Whether this share asks less than the other (both are fractions)."""
        if self.part is None or other.part is None:
            return False
        return self.part < other.part or (self.part == other.part and other.strict and not self.strict)
