"""Versions of a kind's fields: the program ships version 1, staff publish later ones on the screen (R-41).

A record keeps the version it was filled under and is shown with it for ever; a new record takes the newest.
Workflows and rights have no versions here: they change in code, reviewed and tested like law (docs/house.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import has_app_context
from sqlalchemy import select

from . import parameters
from .actor import Actor
from .database import db, now
from .errors import Conflict
from .fields import Choice, Choices, Date, Field, Flag, Integer, LongText, Money, RecordRef, Rows, Text
from .kinds import COMMON_COLUMNS, RecordKind, registry
from .model import KindVersion

SETTING = "fields"
"""kind → digests of its published versions, in order; read with the core's other settings at no cost."""

TYPES: Mapping[str, type[Field]] = {
    "text": Text,
    "long": LongText,
    "choice": Choice,
    "choices": Choices,
    "date": Date,
    "integer": Integer,
    "money": Money,
    "flag": Flag,
    "record": RecordRef,
    "rows": Rows,
}
NAMES = {made: name for name, made in TYPES.items()}

Described = dict[str, Any]
"""A field as it is kept: name, type, label, hint, required, choices, hidden."""


def connect() -> None:
    """Have the registry answer with published versions (wiring)."""
    registry.use_versions(current, at_version)


def describe(kind: RecordKind) -> list[Described]:
    """The data fields of a kind as plain values."""
    return [
        {
            "name": field.name,
            "type": NAMES.get(type(field), "text"),
            "label": field.label,
            "hint": field.hint,
            "required": field.required,
            "staff_only": field.staff_only,
            "hidden": False,
            **(
                {"choices": [list(pair) for pair in field.choices.items()]}
                if isinstance(field, Choice)
                else {}
            ),
        }
        for field in kind.data_fields
    ]


def digest_of(fields: Sequence[Described]) -> str:
    return hashlib.sha256(_text(fields).encode()).hexdigest()


def _text(fields: Sequence[Described]) -> str:
    return json.dumps(list(fields), ensure_ascii=False, sort_keys=True)


def published(name: str) -> list[str]:
    """Digests of the versions of a kind after the first; none outside an application."""
    if not has_app_context():
        return []
    known = parameters.get(SETTING, {})
    found = known.get(name, []) if isinstance(known, dict) else []
    return [str(digest) for digest in found]


def current(kind: RecordKind) -> RecordKind:
    """The kind with the fields new records are filled under."""
    versions = published(kind.name)
    return kind if not versions else _with(kind, versions[-1], len(versions) + 1)


def at_version(kind: RecordKind, version: int) -> RecordKind:
    """The kind as it was when a record was filled under this version of its fields."""
    versions = published(kind.name)
    if not versions:
        return kind
    if version <= 1:
        return _with(kind, f"{versions[0]}/1", 1)
    return _with(kind, versions[min(version, len(versions) + 1) - 2], min(version, len(versions) + 1))


def _with(kind: RecordKind, digest: str, version: int) -> RecordKind:
    # By digest and not by number: what is kept in the process is right for every database.
    key = (kind.name, digest, version)
    made = _made.get(key)
    if made is None or made[0] is not kind:
        fields = _read(kind.name, version)
        made = (kind, kind if fields is None else _build(kind, fields, version))
        _made[key] = made
    return made[1]


_made: dict[tuple[str, str, int], tuple[RecordKind, RecordKind]] = {}


def _read(name: str, version: int) -> list[Described] | None:
    known: dict[tuple[str, int], list[Described] | None] = db.session().info.setdefault("kind versions", {})
    if (name, version) not in known:
        known[name, version] = db.session.scalar(
            select(KindVersion.fields).where(KindVersion.kind == name, KindVersion.version == version)
        )
    return known[name, version]


def _build(kind: RecordKind, fields: Sequence[Described], version: int) -> RecordKind:
    """The declaration with other fields; slots for files, workflow and rules stay the program's own."""
    shown = tuple(_field(item, kind.field(item["name"])) for item in fields if not item.get("hidden"))
    names = {field.name for field in shown} | {slot.name for slot in kind.slots} | set(COMMON_COLUMNS)
    return replace(
        kind,
        fields=(*shown, *kind.slots),
        columns=tuple(column for column in kind.columns if column in names),
        schema_version=version,
    )


def _field(item: Described, declared: Field | None) -> Field:
    """The program's own field with what staff have changed, or one that staff have added."""
    own: dict[str, Any] = {key: item[key] for key in ("label", "hint", "required")}
    made = TYPES[item["type"]]
    if issubclass(made, Choice):
        own["choices"] = {code: title for code, title in item["choices"]}
    if declared is not None and type(declared) is made:
        return replace(declared, **own)
    own["staff_only"] = bool(item.get("staff_only"))
    if made is Rows:  # the program no longer knows the table's columns: the text of it is still shown
        made = Text
    return made(name=item["name"], **own)


def versions(name: str) -> list[KindVersion]:
    """The published versions of a kind, newest first."""
    return list(
        db.session.scalars(
            select(KindVersion).where(KindVersion.kind == name).order_by(KindVersion.version.desc())
        )
    )


def publish(actor: Actor, kind: RecordKind, fields: Sequence[Described], *, seen: int, note: str) -> int:
    """Add a version in the present transaction; `seen` is the version the editor began from.

    Version 1 is written down with the first publication, so that a later program cannot change how old
    records are shown.
    """
    before = published(kind.name)
    if seen != len(before) + 1:
        raise Conflict("Поля этого вида уже изменил другой сотрудник. Откройте страницу заново.")
    made = list(fields)
    if not before:
        first = describe(registry.declared(kind.name))
        db.session.add(_row(actor, kind.name, 1, first, "как поставлено с программой"))
    version = len(before) + 2
    db.session.add(_row(actor, kind.name, version, made, note))
    known = parameters.get(SETTING, {})
    every = dict(known) if isinstance(known, dict) else {}
    every[kind.name] = [*before, digest_of(made)]
    parameters.put(
        actor, SETTING, every, valid_from=parameters.today(), note=f"{kind.name}: версия {version}"
    )
    db.session().info.pop("kind versions", None)
    return version


def _row(actor: Actor, name: str, version: int, fields: list[Described], note: str) -> KindVersion:
    return KindVersion(
        kind=name,
        version=version,
        fields=fields,
        digest=digest_of(fields),
        published_by=actor.user_id,
        published_at=now(),
        note=note[:500],
    )
