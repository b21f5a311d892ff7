"""Russian letters in Latin ones: names of files, addresses of pages, names abroad."""

from __future__ import annotations

import re
from typing import Final

# Table of ICAO Doc 9303, as in Russian passports (приказ МИД России от 12.02.2020 № 2113).
_ICAO: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


def transliterate(text: str) -> str:
    """«Щёлково» → «Shchelkovo»; a word in capitals stays in capitals."""
    return "".join(_letter(text, index) for index in range(len(text)))


def _letter(text: str, index: int) -> str:
    char = text[index]
    latin = _ICAO.get(char.lower())
    if latin is None:
        return char
    if char.islower():
        return latin
    after, before = text[index + 1 : index + 2], text[index - 1 : index] if index else ""
    neighbour = after if after.isalpha() else before
    return latin.upper() if neighbour.isupper() else latin.capitalize()


def slug(text: str, limit: int = 60) -> str:
    """Name for an address or a file: «Протокол № 51-17» → «protokol-51-17»."""
    bare = _NOT_WORD.sub("-", transliterate(text).lower()).strip("-")
    return bare[:limit].rstrip("-")
