"""Names of people: «Фамилия И. О.», six cases, gender."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case as _LibraryCase
from pytrovich.enums import Gender as _LibraryGender
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from language.grammar import NBSP, Case, Gender

_CASE: Final = {
    Case.GENITIVE: _LibraryCase.GENITIVE,
    Case.DATIVE: _LibraryCase.DATIVE,
    Case.ACCUSATIVE: _LibraryCase.ACCUSATIVE,
    Case.INSTRUMENTAL: _LibraryCase.INSTRUMENTAL,
    Case.PREPOSITIONAL: _LibraryCase.PREPOSITIONAL,
}
_PATRONYMIC: Final = re.compile(r"(?:вич|ьич|кич|мич|вна|чна|инична)$", re.IGNORECASE)
_TURKIC: Final = {
    "оглы": Gender.MASCULINE,
    "оглу": Gender.MASCULINE,
    "улы": Gender.MASCULINE,
    "кызы": Gender.FEMININE,
    "гызы": Gender.FEMININE,
}
_INITIAL: Final = re.compile(r"[А-ЯЁA-Z]\.?", re.IGNORECASE)
# Surnames whose ending is stressed: «Ткачом», not «Ткачем» as the rules of the library would have it.
_STRESSED: Final = re.compile(
    r"^(?:ткач|грач|драч|скрипач|трубач|толкач|деркач|пугач|лихач|богач|силач|горбач|усач|калач|сыч|"
    r"кузьмич|фомич|ильич|лукич|ключ|луч|плющ|хрущ|лещ|клещ|хвощ)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PersonName:
    """A name in its parts; the patronymic may be absent, and may be of two words («Гасан оглы»)."""

    surname: str
    first: str = ""
    patronymic: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.surname, self.first, self.patronymic) if part)

    @property
    def initials(self) -> str:
        """«И. О.»; of a double name «А.-М.»."""
        shown = [_initial(part) for part in (self.first, self.patronymic.split(" ")[0]) if part]
        return NBSP.join(shown)


def _initial(part: str) -> str:
    return "-".join(f"{piece[0].upper()}." for piece in part.split("-") if piece)


def parse_name(full: str) -> PersonName:
    """Read «Фамилия Имя Отчество», «Имя Отчество Фамилия», «Фамилия И. О.», «И.О. Фамилия»."""
    words = re.sub(r"\.(?=\S)(?!-)", ". ", full.replace(NBSP, " ")).split()
    if not words:
        raise ValueError("имя не указано")
    if len(words) > 1 and _surname_is_last(words):
        words = [words[-1], *words[:-1]]
    return PersonName(words[0], words[1] if len(words) > 1 else "", " ".join(words[2:]))


def _surname_is_last(words: list[str]) -> bool:
    if _is_initial(words[0]) and not _is_initial(words[-1]):
        return True
    return len(words) == 3 and bool(_PATRONYMIC.search(words[1])) and not _PATRONYMIC.search(words[2])


def _is_initial(word: str) -> bool:
    return all(_INITIAL.fullmatch(piece) for piece in word.split("-"))


def surname_initials(full: str) -> str:
    """«Иванов И. И.», in lists and tables."""
    name = parse_name(full)
    return f"{name.surname}{NBSP}{name.initials}" if name.initials else name.surname


def initials_surname(full: str) -> str:
    """«И. И. Иванов», in signatures (ГОСТ Р 7.0.97-2016, 5.22)."""
    name = parse_name(full)
    return f"{name.initials}{NBSP}{name.surname}" if name.initials else name.surname


def name_and_patronymic(full: str) -> str:
    """«Иван Иванович», in a form of address."""
    name = parse_name(full)
    return " ".join(part for part in (name.first, name.patronymic) if part) or name.surname


def salutation(full: str) -> str:
    """«Уважаемая Наталья Александровна!»; of unknown gender: «Здравствуйте, …!»."""
    gender = gender_of(full)
    address = name_and_patronymic(full)
    if gender is None:
        return f"Здравствуйте, {address}!"
    return f"{'Уважаемая' if gender is Gender.FEMININE else 'Уважаемый'} {address}!"


@lru_cache(maxsize=1)
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@lru_cache(maxsize=1)
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()


@lru_cache(maxsize=8192)
def gender_of(full: str) -> Gender | None:
    """Gender by the patronymic first, then by name and surname; nothing when they do not tell."""
    name = parse_name(full)
    ending = name.patronymic.rsplit(" ", 1)[-1].lower()
    if ending in _TURKIC:
        return _TURKIC[ending]
    first = "" if _is_initial(name.first) else name.first
    patronymic = "" if _is_initial(name.patronymic) else name.patronymic
    detector: Any = _detector()  # its `detect` carries no types
    found = detector.detect(lastname=name.surname, firstname=first or None, middlename=patronymic or None)
    known = {_LibraryGender.MALE: Gender.MASCULINE, _LibraryGender.FEMALE: Gender.FEMININE}
    return known.get(found)


@lru_cache(maxsize=8192)
def decline_name(full: str, case: Case, gender: Gender | None = None) -> str:
    """The full name, surname first, in a case: «Дубининой Натальи Александровны»; initials stay."""
    name = parse_name(full)
    known = gender or gender_of(full)
    return str(
        PersonName(
            _declined(name.surname, NamePart.LASTNAME, case, known),
            _declined(name.first, NamePart.FIRSTNAME, case, known),
            _declined(name.patronymic, NamePart.MIDDLENAME, case, known),
        )
    )


def _declined(part: str, kind: NamePart, case: Case, gender: Gender | None) -> str:
    if not part or case is Case.NOMINATIVE or _is_initial(part):
        return part
    if kind is NamePart.MIDDLENAME and part.rsplit(" ", 1)[-1].lower() in _TURKIC:
        return part
    if kind is NamePart.LASTNAME and case is Case.INSTRUMENTAL and _is_stressed(part, gender):
        return f"{part}ом"
    library_gender = {
        Gender.MASCULINE: _LibraryGender.MALE,
        Gender.FEMININE: _LibraryGender.FEMALE,
    }.get(gender or Gender.NEUTER, _LibraryGender.ANDROGYNOUS)
    return str(_maker().make(kind, library_gender, _CASE[case], part, gender is not None))


def _is_stressed(surname: str, gender: Gender | None) -> bool:
    return gender is Gender.MASCULINE and _STRESSED.match(surname) is not None


def surname_initials_in_case(full: str, case: Case, gender: Gender | None = None) -> str:
    """«Дубининой Н. А.», for «поручить Дубининой Н. А.»; the gender is read from the full name."""
    return surname_initials(decline_name(full, case, gender or gender_of(full)))
