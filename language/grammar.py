"""Grammatical categories shared by the whole package, and the blank that does not break a line."""

from __future__ import annotations

from enum import StrEnum

NBSP = "\u00a0"


class Case(StrEnum):
    """The six cases, named by their Russian terms so that templates read naturally."""

    NOMINATIVE = "именительный"
    GENITIVE = "родительный"
    DATIVE = "дательный"
    ACCUSATIVE = "винительный"
    INSTRUMENTAL = "творительный"
    PREPOSITIONAL = "предложный"


class Gender(StrEnum):
    """Gender of a noun (or of a person: neuter does not occur there)."""

    MASCULINE = "мужской"
    FEMININE = "женский"
    NEUTER = "средний"


def capitalized(text: str) -> str:
    """Raise the first letter alone: `str.capitalize` would also lower the names inside."""
    return text[:1].upper() + text[1:]
