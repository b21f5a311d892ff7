"""What is wrong with a requisite, in words for a person, and the cleaning of what was typed or pasted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_BLANKS: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f\ufeff\u200b]+")
_TO_CYRILLIC: Final = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_TO_LATIN: Final = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")
_LIKE_DIGITS: Final = {
    "O": "0",
    "О": "0",
    "o": "0",
    "о": "0",
    "l": "1",
    "I": "1",
    "З": "3",
    "з": "3",
    "B": "8",
}


@dataclass(frozen=True)
class Problem:
    """A fault of a value: stable code, sentence, advice, and the value that was probably meant."""

    code: str
    message: str
    hint: str = ""
    suggestion: str | None = None
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


def without_blanks(value: str) -> str:
    """Blanks of every width removed, as a number copied from a letter or a table has them."""
    return _BLANKS.sub("", value)


def to_cyrillic(text: str) -> str:
    """Latin letters that look like Cyrillic ones become Cyrillic: «C-77» → «С-77»."""
    return text.translate(_TO_CYRILLIC)


def to_latin(text: str) -> str:
    """Cyrillic letters that look like Latin ones become Latin: «ВY» → «BY»."""
    return text.translate(_TO_LATIN)


def is_digits(text: str) -> bool:
    """ASCII digits alone: `str.isdigit` would let «٣» and «²» pass."""
    return bool(text) and text.isascii() and text.isdigit()


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Sum of digits by weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def digits_problem(name: str, text: str, lengths: Sequence[int]) -> Problem | None:
    """Whether the text is digits of a permitted length; says which sign is wrong, how many are missing."""
    for position, char in enumerate(text, start=1):
        if not is_digits(char):
            return _foreign_sign(name, text, position, char, lengths)
    if len(text) in lengths:
        return None
    return Problem(
        "length", f"{name}: {_signs(len(text))}, а нужно {_either(lengths)}", _length_hint(text, lengths)
    )


def _foreign_sign(name: str, text: str, position: int, char: str, lengths: Sequence[int]) -> Problem:
    like = _LIKE_DIGITS.get(char)
    mended = "".join(_LIKE_DIGITS.get(sign, sign) for sign in text)
    suggestion = mended if is_digits(mended) and len(mended) in lengths else None
    hint = f"Вместо буквы «{char}» нужна цифра {like}" if like else "Введите только цифры, без дефисов и букв"
    return Problem("not_digits", f"{name}: {position}-й знак «{char}» — не цифра", hint, suggestion)


def _signs(count: int) -> str:
    if count % 10 == 1 and count % 100 != 11:
        return f"введена {count} цифра"
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return f"введены {count} цифры"
    return f"введено {count} цифр"


def _either(lengths: Sequence[int]) -> str:
    return " или ".join(str(length) for length in lengths)


def _length_hint(text: str, lengths: Sequence[int]) -> str:
    if len(text) + 1 in lengths:
        return "Не хватает одной цифры: таблицы теряют ноль в начале номера"
    if len(text) - 1 in lengths:
        return "Одна цифра лишняя: сверьте с документом"
    return "Скопируйте номер из документа целиком"


def swapped_neighbours(text: str, *, start: int = 0) -> list[tuple[int, str]]:
    """All texts got by exchanging two unlike neighbours, with the place of the first (from one)."""
    return [
        (index + 1, text[:index] + text[index + 1] + text[index] + text[index + 2 :])
        for index in range(start, len(text) - 1)
        if text[index] != text[index + 1]
    ]


def swap_advice(candidates: Sequence[tuple[int, str]]) -> tuple[str, str | None]:
    """Advice when exactly one exchange of neighbours makes the number right; of several none is guessed."""
    if len(candidates) != 1:
        return "Сверьте номер с документом: одна из цифр неверна", None
    place, meant = candidates[0]
    return f"Возможно, переставлены {place}-я и {place + 1}-я цифры: {meant}", meant
