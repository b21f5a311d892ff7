"""Reading requests: JSON that cannot harm, versions, repeat keys, parameters of lists."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.routing import BaseConverter

from records.errors import Invalid
from records.service import Once

from .errors import Problem

T = TypeVar("T")

MAX_DEPTH = 20
MAX_ID = 10**15 - 1
_VERSION = re.compile(r'"?(?:W/)?"?(\d{1,9})(?:-[0-9a-f]+)?"?')
_PLAIN_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_EXPECTED = {
    "string": "текст",
    "integer": "целое число",
    "number": "число",
    "boolean": "true или false",
    "array": "список",
    "object": "объект",
}


class IdConverter(BaseConverter):
    """An id in an address: plain digits, never longer than the database can hold."""

    regex = "[0-9]{1,15}"

    def to_python(self, value: str) -> int:
        return int(value)


def body(*, allowed: Mapping[str, str], required: tuple[str, ...] = ()) -> dict[str, object]:
    """The JSON object of a request, checked against the names and types that the endpoint takes."""
    given = _json_object()
    errors: dict[str, list[str]] = {}
    for name, value in given.items():
        if name not in allowed:
            errors[name] = ["Нет такого поля."]
        elif wrong := mismatch(value, allowed[name].split("|")):
            errors[name] = [wrong]
    for name in required:
        if given.get(name) is None:
            errors.setdefault(name, ["Обязательное поле."])
    if errors:
        raise Invalid(errors)
    return given


def mismatch(value: object, types: list[str]) -> str | None:
    """What is wrong with the JSON type of a value, or None. `true` is no number."""
    for name in types:
        if isinstance(value, _PLAIN_TYPES[name]) and (name == "boolean" or not isinstance(value, bool)):
            return None
    return f"Ожидается {' или '.join(_EXPECTED[t] for t in types if t in _EXPECTED)}."


def _json_object() -> dict[str, object]:
    raw = request.get_data(cache=True)
    if not raw and request.mimetype in ("", "application/json"):
        return {}
    if request.mimetype != "application/json":
        raise Problem(415, "unsupported_media_type", "Ожидается Content-Type: application/json.")
    try:
        given = json.loads(raw, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_request", "Тело запроса — не JSON или вложено слишком глубоко.") from error
    if not isinstance(given, dict):
        raise Problem(400, "bad_request", "Ожидается объект JSON.")
    _check_inside(given)
    return given


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _check_inside(given: object) -> None:
    """Refuse depth, and text no database can hold: NUL and halves of surrogate pairs."""
    level: list[object] = [given]
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for item in level:
            if isinstance(item, dict):
                below += item.keys()
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, str):
                _check_text(item)
        if not below:
            return
        level = below
    raise Problem(400, "bad_request", f"JSON вложен глубже {MAX_DEPTH} уровней.")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Problem(400, "bad_request", "В тексте есть знак с кодом 0.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Problem(400, "bad_request", "В тексте есть половина суррогатной пары Юникода.") from error


def version(given: Mapping[str, object]) -> int | None:
    """The version the caller has seen: `version` in the body, else the ETag in If-Match."""
    named = given.get("version")
    if isinstance(named, int):
        return named
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return None
    found = _VERSION.fullmatch(header)
    if found is None:
        raise Problem(400, "bad_request", "If-Match: передайте ETag, полученный с документом.")
    return int(found.group(1))


def once(*, content: str | None = None) -> Once | None:
    """The Idempotency-Key with a fingerprint of this request: a repeat answers as the first time."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return None
    if len(key) > 255:
        raise Problem(400, "bad_request", "Idempotency-Key: не длиннее 255 знаков.")
    asked = content.encode() if content is not None else request.get_data(cache=True)
    fingerprint = hashlib.sha256(f"{request.method} {request.path}\n".encode() + asked)
    return Once("api-" + hashlib.sha256(key.encode()).hexdigest(), fingerprint.hexdigest())


def uploaded() -> tuple[FileStorage, Mapping[str, str]]:
    """The one file of a multipart request and its other parts."""
    if request.mimetype != "multipart/form-data":
        raise Problem(415, "unsupported_media_type", "Ожидается multipart/form-data с частью file.")
    sent = request.files.getlist("file")
    if len(sent) != 1 or not sent[0].filename:
        raise Invalid({"file": ["Передайте ровно один файл в части file, с именем."]})
    for text in (sent[0].filename, *request.form.values()):
        _check_text(text)
    return sent[0], request.form


def once_of_file(item: FileStorage, slot: str) -> Once | None:
    """The repeat key of an upload: the boundary of the parts differs each time, the bytes do not."""
    if "Idempotency-Key" not in request.headers:
        return None
    stream: Any = item.stream
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stream.seek(0)
    return once(content=f"{slot}\n{item.filename}\n{digest}")


class Parameters:
    """Parameters of an address: each is asked for by name; one that nobody asked for is an error."""

    def __init__(self) -> None:
        self._given = request.args
        self._asked: set[str] = set()
        self.errors: dict[str, list[str]] = {}
        for values in self._given.listvalues():
            for value in values:
                _check_text(value)

    def text(self, name: str, *, longest: int = 300) -> str:
        self._asked.add(name)
        value = self._given.get(name, "").strip()
        if len(value) > longest:
            self.errors[name] = [f"Не длиннее {longest} знаков."]
        return value

    def one_of(self, name: str, known: frozenset[str] | set[str]) -> str:
        value = self.text(name)
        if value and value not in known:
            self.errors[name] = ["Такого значения нет."]
        return value

    def many_of(self, name: str, known: frozenset[str] | set[str]) -> tuple[str, ...]:
        self._asked.add(name)
        values = tuple(part for value in self._given.getlist(name) for part in value.split(",") if part)
        if any(value not in known for value in values):
            self.errors[name] = ["Такого значения нет."]
        return values[:50]

    def number(self, name: str, *, least: int = 1, most: int = MAX_ID) -> int | None:
        return self._parsed(
            name, lambda text: _bounded(text, least, most), f"Ожидается целое число от {least} до {most}."
        )

    def day(self, name: str) -> date | None:
        return self._parsed(name, date.fromisoformat, "Ожидается дата в виде 2026-11-05.")

    def flag(self, name: str) -> bool | None:
        return self._parsed(
            name,
            {"true": True, "1": True, "false": False, "0": False}.__getitem__,
            "Ожидается true или false.",
        )

    def cursor(self, shape: str) -> str:
        value = self.text("cursor", longest=20)
        if value and not re.fullmatch(shape, value):
            self.errors["cursor"] = ["Передайте значение next предыдущей страницы без изменений."]
        return value

    def _parsed(self, name: str, parse: Callable[[str], T], wrong: str) -> T | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return parse(value)
        except (ValueError, KeyError):
            self.errors[name] = [wrong]
            return None

    def refuse(self) -> None:
        """Raise Invalid when something was wrong. A misspelt filter must not return everything."""
        for name in self._given:
            if name not in self._asked:
                self.errors[name] = ["Такого параметра нет."]
        if self.errors:
            raise Invalid(self.errors)


def _bounded(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", text) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)
