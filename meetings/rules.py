"""The law of meetings as data: every reason has a code, a text for people and the norm it rests on.

The codes live in `data/codes.json`. What the law fixes and no charter may change stands below as rules
with their numbers; what a charter may choose is in `meetings.charter`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .shares import Share

_CODES: Final = Path(__file__).parent / "data" / "codes.json"


@dataclass(frozen=True)
class Rule:
    """One reason of a verdict: what it says to a person, and the norm."""

    code: str
    text: str
    norm: str
    place: int
    """Order in the table of codes: reasons of a ballot's items are listed in it."""


RULES: Final[dict[str, Rule]] = {
    code: Rule(code, row["text"], row["norm"], place)
    for place, (code, row) in enumerate(json.loads(_CODES.read_text("utf-8")).items())
}


def norm_of(code: str) -> str:
    """The norm a code rests on. An unknown code is a mistake of the program, told at once."""
    return RULES[code].norm


@dataclass(frozen=True)
class Bound:
    """A share below which a charter may not set its quorum, and the norm that says so."""

    parameter: str
    least: Share
    norm: str


QUORUM_BOUNDS: Final = (
    Bound("quorum_live", Share.parse(">1/2"), "7-ФЗ ст. 29 п. 4"),
    Bound("quorum_absentee", Share.parse(">=1/2"), "ГК ст. 181.2 п. 1.1"),
    # Law is silent on the combined form; the milder of the two forms it unites is the least.
    Bound("quorum_combined", Share.parse(">=1/2"), "ГК ст. 181.2 п. 1.1, 1.2"),
)

SUFFICIENT_BASES: Final[dict[str, frozenset[str]]] = {
    # The law alone does not fix the ways of identification (004 п. 2.1).
    "remote": frozenset({"charter", "unanimous_decision"}),
    # Absentee voting rests on the charter alone (7-ФЗ ст. 29 п. 4.1; 004 п. 3.1); combined satisfies both.
    "absentee": frozenset({"charter"}),
    "combined": frozenset({"charter"}),
}
"""What each form may rest on; a meeting in person needs no special basis."""

SECRET_SUBJECTS: Final = frozenset({"council", "council_head"})
"""Elections that ГрК ст. 55.10 п. 2, 3 makes secret."""

QUORUM_RULES: Final = {
    "in_person": "quorum_live",
    "remote": "quorum_live",
    "absentee": "quorum_absentee",
    "combined": "quorum_combined",
}

MAJORITY_RULES: Final = {
    "in_person": "majority_of_present",
    "remote": "majority_of_present",
    "absentee": "majority_of_senders",
    "combined": "majority_of_participants",
}
