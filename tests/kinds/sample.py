"""A filled paper of any kind, made from its own declaration, and the people who may move it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import update

from records import service
from records.actor import MEMBER_ROLES, SYSTEM_ACTOR, Actor
from records.database import db, gate, writing
from records.fields import Choice, Choices, Date, Field, Flag, Integer, LongText, Money, Rows
from records.kinds import RecordKind
from records.model import Record
from tests.world import World

PEOPLE = {
    "member_head": "head",
    "member_proxy": "proxy",
    "member_spec": "specialist",
    "sro_clerk": "clerk",
    "sro_curator": "curator",
    "sro_registrar": "registrar",
    "sro_control": "control",
    "sro_accountant": "accountant",
    "sro_lawyer": "lawyer",
    "sro_director": "director",
    "council_secretary": "secretary",
    "sro_archivist": "archivist",
    "sro_admin": "admin",
}


def value_of(field: Field) -> object:
    """A sound value for a declared field."""
    match field:
        case Choices():
            return [next(iter(field.choices))]
        case Choice():
            return next(iter(field.choices))
        case Date():
            return "2026-11-02"
        case Money():
            return "100000.00"
        case Integer():
            return field.minimum or 1
        case Flag():
            return True
        case Rows():
            return [{part.name: value_of(part) for part in field.of}]
        case LongText():
            return f"Подробно: {field.label}"
    return f"Пример: {field.label}"[:40]


def values(kind: RecordKind) -> dict[str, object]:
    return {field.name: value_of(field) for field in kind.data_fields}


def actor_with(world: World, roles: frozenset[str]) -> Actor:
    """Somebody of the small СРО who holds one of these roles; the program itself when only it may."""
    for role in sorted(roles - {"system", "public"}):
        if role in PEOPLE:
            return world.actor(PEOPLE[role])
        return replace(world.actor("secretary"), roles=frozenset({role}))
    return SYSTEM_ACTOR


def author_of(world: World, kind: RecordKind) -> Actor:
    return actor_with(world, kind.created_by)


def made(world: World, kind: RecordKind) -> Record:
    """A complete draft, with its required files."""
    author = author_of(world, kind)
    company = None if kind.audience_field or kind.member_sees == "none" else world.company.id
    record = service.create(author, kind.name, organisation_id=company, fields=values(kind))
    for slot in kind.slots:
        if slot.required or slot.open_in:
            service.attach_bytes(
                author,
                record.id,
                b"text of a paper",
                "paper.txt",
                media_type="text/plain",
                slot=slot.name,
                origin="upload",
            )
    return record


def put_into(record: Record, state: str, payload: dict[str, object] | None = None) -> None:
    """Set the stage: a record as it stands in a state, however it came there."""
    with writing(gate()):
        db.session.execute(
            update(Record)
            .where(Record.id == record.id)
            .values(state=state, is_open=True, **({"payload": payload} if payload is not None else {}))
        )
        db.session.commit()


def is_member(roles: frozenset[str]) -> bool:
    return bool(roles & MEMBER_ROLES)
