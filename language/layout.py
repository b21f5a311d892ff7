"""Text typed in the wrong keyboard layout: «ghjnjrjk» was meant to be «протокол»."""

from __future__ import annotations

from typing import Final

_LATIN: Final = "`qwertyuiop[]asdfghjkl;'zxcvbnm,." + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'
_RUSSIAN: Final = "ёйцукенгшщзхъфывапролджэячсмитьбю" + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_RUSSIAN: Final = str.maketrans(_LATIN, _RUSSIAN)
_TO_LATIN: Final = str.maketrans(_RUSSIAN, _LATIN)
_VOWELS: Final = frozenset("аеёиоуыэюя")
_IMPOSSIBLE_START: Final = frozenset("ъыь")


def to_russian(text: str) -> str:
    """What the same keys give in the Russian layout."""
    return text.translate(_TO_RUSSIAN)


def to_latin(text: str) -> str:
    """What the same keys give in the Latin layout."""
    return text.translate(_TO_LATIN)


def swap_layout(text: str) -> str:
    """Change the layout by the letters that prevail: Russian becomes Latin, Latin becomes Russian."""
    russian = sum(char.lower() in _RUSSIAN for char in text)
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return to_latin(text) if russian > latin else to_russian(text)


def meant_russian(text: str) -> str | None:
    """Russian text meant by a Latin one, or nothing when the guess does not look like a Russian word.

    Every word of three letters and more must hold a vowel and may not begin with ъ, ы or ь.
    """
    if not text.isascii() or not any(char.isalpha() for char in text):
        return None
    guess = to_russian(text)
    words = ["".join(char for char in word if char.isalpha()) for word in guess.lower().split()]
    likely = all(_looks_russian(word) for word in words if word)
    return guess if likely else None


def _looks_russian(word: str) -> bool:
    if word[0] in _IMPOSSIBLE_START:
        return False
    return len(word) < 3 or any(char in _VOWELS for char in word)
