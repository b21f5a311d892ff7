"""Reading values out of JSON: each reader answers the typed value or says where the document is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from .shares import Share

Reader = Callable[[Any, str], Any]

_INSTANT: Final = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$")
_DAY: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_NAME: Final = re.compile(r"^[a-z][a-z0-9_.-]*$")
_RANGE: Final = re.compile(r"^([a-z]+)(\d+)(?:\.\.([a-z]+)(\d+))?$")

_LONGEST_RANGE: Final = 200_000
_YEARS: Final = range(1900, 2200)
"""Years in which a term can be counted; outside them a date is a slip of the pen."""


class BadScenario(ValueError):
    """The document breaks the format; the text says where and how."""


def text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise BadScenario(f"{where}: нужна строка")
    return value


def name(value: Any, where: str) -> str:
    """An identifier: a small Latin letter, then letters, digits, «_», «.», «-»."""
    if not isinstance(value, str) or not _NAME.match(value):
        raise BadScenario(f"{where}: не годится как обозначение: {value!r}")
    return value


def flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadScenario(f"{where}: нужно true или false")
    return value


def whole(value: Any, where: str) -> int:
    if type(value) is not int or value < 1:
        raise BadScenario(f"{where}: нужно целое число от 1")
    return value


def instant(value: Any, where: str) -> datetime:
    """A moment with seconds and an offset; one without an offset would lie about its zone."""
    if not isinstance(value, str) or not _INSTANT.match(value):
        raise BadScenario(f"{where}: нужен момент с секундами и смещением, а не {value!r}")
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadScenario(f"{where}: нет такого момента: {value}") from error
    if found.year not in _YEARS:
        raise BadScenario(f"{where}: год вне разумного: {value}")
    return found


def day(value: Any, where: str) -> date:
    if not isinstance(value, str) or not _DAY.match(value):
        raise BadScenario(f"{where}: нужна дата ГГГГ-ММ-ДД, а не {value!r}")
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise BadScenario(f"{where}: нет такой даты: {value}") from error
    if found.year not in _YEARS:
        raise BadScenario(f"{where}: год вне разумного: {value}")
    return found


def threshold(value: Any, where: str) -> Share:
    try:
        return Share.parse(text(value, where))
    except ValueError as error:
        raise BadScenario(f"{where}: {error}") from error


def mark(value: Any, where: str) -> str | tuple[str, ...]:
    """«for», «against», «abstain», or a list of what is marked."""
    if isinstance(value, list):
        return tuple(name(entry, where) for entry in value)
    if value not in ("for", "against", "abstain"):
        raise BadScenario(f"{where}: не бывает отметки {value!r}")
    return str(value)


def one_of(*words: str) -> Reader:
    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in words:
            raise BadScenario(f"{where}: {value!r}, а бывает {', '.join(words)}")
        return value

    return read


def or_null(reader: Reader) -> Reader:
    return lambda value, where: None if value is None else reader(value, where)


def many(reader: Reader, *, least: int = 0) -> Reader:
    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) < least:
            raise BadScenario(f"{where}: нужен список" + (" не короче одного" if least else ""))
        return tuple(reader(entry, f"{where}[{place}]") for place, entry in enumerate(value))

    return read


def table(reader: Reader) -> Reader:
    def read(value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise BadScenario(f"{where}: нужен объект")
        return {name(key, where): reader(entry, f"{where}.{key}") for key, entry in value.items()}

    return read


def as_is(value: Any, where: str) -> Any:
    """A part that is read later, by its own rules."""
    return value


def shape(
    value: Any, where: str, required: Mapping[str, Reader], optional: Mapping[str, Reader] | None = None
) -> dict[str, Any]:
    """An object with these fields and no other; what is absent stays absent."""
    if not isinstance(value, dict):
        raise BadScenario(f"{where}: нужен объект")
    readers = {**required, **(optional or {})}
    for key in value:
        if key not in readers:
            raise BadScenario(f"{where}: неизвестное поле «{key}»")
    for key in required:
        if key not in value:
            raise BadScenario(f"{where}: нет поля «{key}»")
    return {key: readers[key](entry, f"{where}.{key}") for key, entry in value.items()}


def expand(written: str, where: str) -> list[str]:
    """«m1..m6» as six names; «m1» as one."""
    found = _RANGE.match(written) if isinstance(written, str) else None
    if found is None:
        raise BadScenario(f"{where}: не читается перечень {written!r}")
    if found[3] is None:
        return [written]
    first, last = int(found[2]), int(found[4])
    if last - first >= _LONGEST_RANGE:
        raise BadScenario(f"{where}: перечень {written!r} слишком длинный")
    if found[1] != found[3] or last < first or found[2] != str(first) or found[4] != str(last):
        raise BadScenario(f"{where}: не читается перечень {written!r}")
    return [f"{found[1]}{number}" for number in range(first, last + 1)]


def member_list(known: Mapping[str, object]) -> Reader:
    """A list of members with ranges; every one must be on the register."""

    def read(value: Any, where: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise BadScenario(f"{where}: нужен непустой список членов")
        named = [one for written in value for one in expand(written, where)]
        for one in named:
            if one not in known:
                raise BadScenario(f"{where}: нет члена {one}")
        return tuple(named)

    return read
