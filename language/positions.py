"""Positions of people in cases: «генеральный директор» → «генеральному директору»."""

from __future__ import annotations

import re
from typing import Final

from language.grammar import Case
from language.morphology import decline_phrase

# «и. о. директора», «врио директора» do not change: what follows stands in the genitive already.
_ACTING: Final = re.compile(r"^(?:и\.?\s?о\.?|врио|вр\.\s?и\.\s?о\.)\s", re.IGNORECASE)


def decline_position(position: str, case: Case) -> str:
    """A position as it stands before a name: in the case of the name, head and attributes alone."""
    text = position.strip()
    return text if _ACTING.match(text.replace("\u00a0", " ")) else decline_phrase(text, case)


def addressee(position: str, name_in_dative: str) -> str:
    """«Генеральному директору Иванову И. И.», the addressee of a letter (ГОСТ Р 7.0.97-2016, 5.15)."""
    shown = decline_position(position, Case.DATIVE)
    return f"{shown[:1].upper()}{shown[1:]} {name_in_dative}"
