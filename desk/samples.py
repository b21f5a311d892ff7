"""Samples of documents: kept with versions, old ones readable, «создать по образцу» makes a draft (R-21)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from messaging.unit import alone
from records import parameters, policy, query, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound
from records.fields import LongText
from records.kinds import RecordKind, registry
from records.model import Record, Setting

FAMILY = "sample."
MOST = 300
KEEPERS = frozenset({"sro_clerk", "sro_curator", "sro_lawyer", "sro_registrar", "sro_director", "sro_admin"})


@dataclass(frozen=True)
class Sample:
    """One version of a sample."""

    code: str
    version: int
    title: str
    note: str
    kind: RecordKind
    fields: Mapping[str, object]
    at: datetime
    withdrawn: bool


def may_keep(actor: Actor) -> bool:
    return bool(actor.roles & KEEPERS) and not actor.read_only


def versions() -> dict[str, list[Sample]]:
    """Every sample with its versions, oldest first; a setting is never changed, only followed by the next."""
    rows = db.session.scalars(
        select(Setting).where(Setting.name.startswith(FAMILY, autoescape=True)).order_by(Setting.id)
    )
    found: dict[str, list[Sample]] = {}
    for row in rows:
        code, value = row.name.removeprefix(FAMILY), row.value
        kind = registry.get(str(value.get("kind"))) if isinstance(value, dict) else None
        if kind is None or not isinstance(value, dict):
            continue
        fields = value.get("fields")
        kept = found.setdefault(code, [])
        kept.append(
            Sample(
                code,
                len(kept) + 1,
                str(value.get("title") or kind.title),
                str(value.get("note") or ""),
                kind,
                fields if isinstance(fields, dict) else {},
                row.set_at,
                bool(value.get("withdrawn")),
            )
        )
    return found


def catalogue(actor: Actor) -> list[list[Sample]]:
    """Samples the person may use, each with its versions, newest first; staff see the withdrawn ones too."""
    usable = {kind.name for kind in query.kinds_for(actor)}
    found = [list(reversed(kept)) for kept in versions().values()]
    shown = [v for v in found if actor.is_staff or (v[0].kind.name in usable and not v[0].withdrawn)]
    return sorted(shown, key=lambda v: (v[0].kind.group, v[0].title))


def one(actor: Actor, code: str, version: int | None = None) -> Sample:
    """A version of a sample the person may read; the newest when none is named."""
    for kept in catalogue(actor):
        if kept[0].code == code:
            for sample in kept:
                if version in (None, sample.version):
                    return sample
    raise NotFound


def keep(actor: Actor, record: Record, title: str, *, note: str = "", code: str = "") -> str:
    """Make a record's text a sample, or the next version of one. Nothing but the declared fields is taken."""
    _may(actor)
    kind = registry[record.kind]
    if not title.strip():
        raise Invalid({"title": ["Назовите образец."]})
    known = versions()
    if code and (code not in known or known[code][-1].kind.name != kind.name):
        raise Invalid({"code": ["Новая версия должна быть того же вида документа."]})
    payload = record.payload or {}
    fields = {
        f.name: payload[f.name]
        for f in kind.data_fields
        if not f.staff_only and payload.get(f.name) is not None
    }
    value: dict[str, object] = {
        "kind": kind.name,
        "title": title.strip()[:200],
        "note": note.strip()[:500],
        "fields": fields,
    }
    return _put(actor, code or secrets.token_hex(6), value, note)


def withdraw(actor: Actor, code: str) -> None:
    """Take a sample out of the catalogue; its versions stay readable for the staff."""
    _may(actor)
    last = one(actor, code)
    value = {
        "kind": last.kind.name,
        "title": last.title,
        "note": last.note,
        "fields": dict(last.fields),
        "withdrawn": True,
    }
    _put(actor, code, value, "изъят из каталога")


def start(actor: Actor, code: str, *, once: str | None = None) -> Record:
    """A draft filled from a sample. Values that are no longer accepted are left out, not copied."""
    sample = one(actor, code)
    if sample.withdrawn or not policy.may_create(actor, sample.kind):
        raise Forbidden("Создать документ по этому образцу нельзя.")
    fields = {name: value for name, value in sample.fields.items() if _still_valid(sample.kind, name, value)}
    return service.create(actor, sample.kind.name, fields=fields, once=once)


@dataclass(frozen=True)
class Published:
    """A sample that is a document (kind «sample»): its files are taken away, its text begins a draft."""

    record: Record
    kind: RecordKind | None
    edition: str
    former: bool


def published(actor: Actor) -> list[Published]:
    """Published sample documents the person may see, then former editions."""
    rows = db.session.scalars(
        select(Record)
        .where(Record.kind == "sample", Record.state.in_(("published", "closed")), query.visible(actor))
        .options(undefer(Record.payload))
        .order_by(Record.title, Record.id.desc())
        .limit(MOST)
    )
    found = [_published(record) for record in rows]
    return sorted(found, key=lambda item: item.former)


def _published(record: Record) -> Published:
    payload = record.payload or {}
    kind = registry.get(str(payload.get("for_kind") or ""))
    return Published(record, kind, str(payload.get("edition") or ""), record.state == "closed")


def start_by_document(actor: Actor, record_id: int, *, once: str | None = None) -> Record:
    """A draft of the kind that a published sample is for, with its text in the first long field."""
    sample = _published(query.get(actor, record_id))
    record, kind = sample.record, sample.kind
    if record.kind != "sample":
        raise NotFound
    if kind is None or sample.former or record.state != "published" or not policy.may_create(actor, kind):
        raise Forbidden("Создать документ по этому образцу нельзя.")
    text = (record.payload or {}).get("text")
    place = next((f.name for f in kind.data_fields if isinstance(f, LongText)), None)
    fields = {place: text} if place and text and _still_valid(kind, place, text) else {}
    return service.create(actor, kind.name, fields=fields, once=once)


def _still_valid(kind: RecordKind, name: str, value: object) -> bool:
    field = kind.field(name)
    if field is None:
        return False
    try:
        field.clean(value, parameters.today())
    except ValueError:
        return False
    return True


def _may(actor: Actor) -> None:
    if not may_keep(actor):
        raise Forbidden("Образцы ведут сотрудники СРО.")


def _put(actor: Actor, code: str, value: dict[str, object], note: str) -> str:
    with alone():
        parameters.put(actor, FAMILY + code, value, valid_from=parameters.today(), note=note[:500])
    return code
