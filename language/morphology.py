"""Declension of ordinary words through pymorphy3, whose dictionary is opened at the first need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from language.grammar import Case, Gender
from language.plural import Forms, plural

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

_GRAMMEME: Final = {
    Case.NOMINATIVE: "nomn",
    Case.GENITIVE: "gent",
    Case.DATIVE: "datv",
    Case.ACCUSATIVE: "accs",
    Case.INSTRUMENTAL: "ablt",
    Case.PREPOSITIONAL: "loct",
}
_GENDERS: Final = {"masc": Gender.MASCULINE, "femn": Gender.FEMININE, "neut": Gender.NEUTER}
_ATTRIBUTES: Final = ("ADJF", "PRTF")
_TOKEN: Final = re.compile(r"[А-Яа-яЁё]+(?:-[А-Яа-яЁё]+)*")
_LINKS: Final = ("и", "или")


@lru_cache(maxsize=1)
def analyzer() -> MorphAnalyzer:
    """One analyzer for the process; imported late, for most commands never need it."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


@dataclass(frozen=True)
class _Word:
    """A word of a phrase that must change with the case, with its reading in the nominative."""

    text: str
    parse: Parse
    is_attribute: bool


@lru_cache(maxsize=4096)
def decline_phrase(phrase: str, case: Case) -> str:
    """Decline the head and its attributes; what depends on the head stays.

    «заместитель генерального директора» → «заместителю генерального директора».
    Abbreviations, names in quotes and words unknown to the dictionary stay too.
    """
    if case is Case.NOMINATIVE:
        return phrase
    pieces = re.split(r"([ \u00a0]+)", phrase)
    for start, stop in _agreeing_runs(pieces):
        _decline_run(pieces, start, stop, case)
    return "".join(pieces)


def _agreeing_runs(pieces: list[str]) -> list[tuple[int, int]]:
    """Stretches in the nominative: attributes and a noun; a next one only if it too is plainly so."""
    runs: list[tuple[int, int]] = []
    index = 0
    while index < len(pieces):
        stop = _run_end(pieces, index)
        if stop == index:
            break
        runs.append((index, stop))
        index = _next_run(pieces, stop + 1)
    return runs


def _run_end(pieces: list[str], start: int) -> int:
    """Index after the head noun, or after the last attribute when it stands for a noun («управляющий»)."""
    attribute: Parse | None = None
    index = start
    while index < len(pieces):
        word = _reading(pieces[index], attribute)
        if word is None:
            break
        if not word.is_attribute:
            return index + 1
        attribute, index = word.parse, index + 2
    return index - 1 if attribute is not None else start


def _next_run(pieces: list[str], index: int) -> int:
    """Where another head in the nominative may begin: after «и», or as an apposition."""
    if index < len(pieces) and pieces[index].lower() in _LINKS:
        index += 2
    if index >= len(pieces) or not _plainly_nominative(pieces[index]):
        return len(pieces)
    return index


def _plainly_nominative(text: str) -> bool:
    if not _TOKEN.fullmatch(text) or text.isupper():
        return False
    best = analyzer().parse(text)[0].tag
    return best.case == "nomn" and best.number == "sing" and best.POS in ("NOUN", *_ATTRIBUTES)


def _reading(text: str, attribute: Parse | None) -> _Word | None:
    """The word's reading in the nominative that agrees with the attribute before it."""
    if not _TOKEN.fullmatch(text) or (text.isupper() and len(text) > 1):
        return None
    for parse in analyzer().parse(text):
        tag = parse.tag
        if tag.case != "nomn" or tag.POS not in ("NOUN", *_ATTRIBUTES):
            continue
        if attribute is not None and not _agree(attribute, parse):
            continue
        return _Word(text, parse, tag.POS in _ATTRIBUTES)
    return None


def _agree(attribute: Parse, parse: Parse) -> bool:
    if attribute.tag.number != parse.tag.number:
        return False
    if parse.tag.number == "plur" or "ms-f" in parse.tag:
        return True
    return bool(attribute.tag.gender == parse.tag.gender)


def _decline_run(pieces: list[str], start: int, stop: int, case: Case) -> None:
    words = _run_words(pieces, start, stop)
    animate = "inan" not in words[-1].parse.tag
    for offset, word in enumerate(words):
        pieces[start + 2 * offset] = _inflected(word, case, animate=animate)


def _run_words(pieces: list[str], start: int, stop: int) -> list[_Word]:
    words: list[_Word] = []
    attribute: Parse | None = None
    for index in range(start, stop, 2):
        word = _reading(pieces[index], attribute)
        if word is None:
            break
        words.append(word)
        attribute = word.parse
    return words


def _inflected(word: _Word, case: Case, *, animate: bool) -> str:
    grammemes = {_GRAMMEME[case], word.parse.tag.number}
    masculine_or_plural = word.parse.tag.gender == "masc" or word.parse.tag.number == "plur"
    if word.is_attribute and case is Case.ACCUSATIVE and masculine_or_plural:
        grammemes.add("anim" if animate else "inan")
    changed = word.parse.inflect(grammemes)
    if changed is None:
        return word.text
    return _same_case_of_letters(word.text, str(changed.word))


def _same_case_of_letters(pattern: str, text: str) -> str:
    return text[:1].upper() + text[1:] if pattern[:1].isupper() else text


@lru_cache(maxsize=1024)
def noun_forms(noun: str) -> Forms:
    """The three forms that agree with numbers: «выписка» → («выписка», «выписки», «выписок»)."""
    for parse in analyzer().parse(noun):
        if parse.tag.POS == "NOUN" and parse.tag.case == "nomn" and parse.tag.number == "sing":
            return (noun, *(str(parse.make_agree_with_number(n).word) for n in (2, 5)))  # type: ignore[return-value]
    raise ValueError(f"«{noun}» — не существительное в именительном падеже")


@lru_cache(maxsize=1024)
def noun_gender(noun: str) -> Gender:
    """Gender of a noun, for numerals: «одна выписка»."""
    for parse in analyzer().parse(noun):
        if parse.tag.POS == "NOUN" and parse.tag.gender in _GENDERS:
            return _GENDERS[parse.tag.gender]
    raise ValueError(f"род слова «{noun}» неизвестен")


@lru_cache(maxsize=4096)
def agree_in_case(n: int, noun: str, case: Case) -> str:
    """The noun beside a numeral in any case: «(двадцатью одним) голосом», «(пяти) голосам»."""
    if case in (Case.NOMINATIVE, Case.ACCUSATIVE):
        return plural(n, *noun_forms(noun))
    singular = abs(n) % 10 == 1 and abs(n) % 100 != 11
    for parse in analyzer().parse(noun):
        if parse.tag.POS == "NOUN" and parse.tag.case == "nomn" and parse.tag.number == "sing":
            changed = parse.inflect({_GRAMMEME[case], "sing" if singular else "plur"})
            if changed is not None:
                return str(changed.word)
    raise ValueError(f"«{noun}» не склоняется")
