"""The nearest words of the index to a mistyped one."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from records.search.morphology import LONGEST, is_word
from records.search.terms import stem

_LETTERS: Final = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_BIT: Final = {letter: 1 << place for place, letter in enumerate(_LETTERS + "abcdefghijklmnopqrstuvwxyz")}
_SHORTEST: Final = 4
_FAST_SECONDS: Final = 0.1
_SLOW_MAX_AGE: Final = 60.0


def distance(a: str, b: str, most: int) -> int:
    """Edit distance with swaps of neighbours counted once; `most` + 1 when it is greater."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def allowed(length: int) -> int:
    """How many mistakes a word of this length may hold. Short words have too many neighbours to guess."""
    return 0 if length < _SHORTEST else 1 if length < 8 else 2


class Vocabulary:
    """The words of an index, held as bare strings with the set of their letters for a fast first sieve."""

    def __init__(self, load: Callable[[], Iterable[str]], stamp: Callable[[], str]) -> None:
        self._load = load
        self._stamp = stamp
        self._words: list[str] = []
        self._letters = array("Q")
        self._known: set[str] = set()
        self._loaded: tuple[str, float, float] | None = None  # stamp, when, how long it took

    def near(self, word: str) -> list[tuple[str, int]]:
        """Stems of the index near a folded word and their distances, nearest first, then by the alphabet.

        A dictionary word is not a mistake: «космодром» is absent, not a mistyped «аэродром».
        """
        if len(word) > LONGEST or not word.isalpha() or is_word(word):
            return []
        self._refresh()
        wanted = stem(word)
        # «протоколамм» ends badly and so does its stem: dictionary words one mistake away are tried too.
        found = {s: 1 for s in _edited_stems(word) if s in self._known and s != wanted}
        most = max(allowed(len(wanted)), 1 if len(word) > _SHORTEST else 0)
        for candidate in self._sieve(wanted, most):
            length = distance(wanted, candidate, most)
            if 0 < length <= most:
                found[candidate] = min(length, found.get(candidate, length))
        return sorted(found.items(), key=lambda item: (item[1], item[0][0] != wanted[0], item[0]))

    def _sieve(self, wanted: str, most: int) -> Iterator[str]:
        letters = _letters(wanted)
        for place, other in enumerate(self._letters):
            if (letters ^ other).bit_count() <= 2 * most:
                yield self._words[place]

    def _refresh(self) -> None:
        stamp = self._stamp()
        now = time.monotonic()
        if self._loaded:
            last, when, took = self._loaded
            if last == stamp or (took > _FAST_SECONDS and now - when < _SLOW_MAX_AGE):
                return
        words = sorted({term for term in self._load() if len(term) >= 3 and term.isalpha()})
        self._words = words
        self._letters = array("Q", map(_letters, words))
        self._known = set(words)
        self._loaded = (stamp, now, time.monotonic() - now)


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= _BIT.get(letter, 0)
    return bits


def _edited_stems(word: str) -> Iterator[str]:
    """Stems of dictionary words one mistake away."""
    for edited in _edits(word):
        if is_word(edited):
            yield stem(edited)


def _edits(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        left, right = word[:place], word[place:]
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in _LETTERS:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]
