"""Records and what hangs on them as JSON: the same values whoever asks, less what he may not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from records import directory, policy, query
from records.actor import Actor
from records.kinds import RecordKind, registry
from records.model import Number, Record, Remark, StoredFile
from records.people import Organisation
from signatures import intake
from signatures.model import Signature

Json = dict[str, object]


def record(actor: Actor, found: Record) -> Json:
    """The record as the contract has it."""
    kind = registry.of(found)
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title,
        "state": found.state,
        "numbers": numbers(query.numbers(found)) if found.number_text else [],
        "organisation": organisation(directory.organisation_of(found)),
        "fields": fields(actor, found, kind),
        "files": files(found),
        "links": links(actor, found),
        "actions": [
            {"verb": a.verb, "title": a.title, "allowed": a.allowed, "reasons": list(a.reasons)}
            for a in query.actions(actor, found)
        ],
        "version": found.version,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }


def row(found: Record, given: Sequence[Number]) -> Json:
    """A record in a list: without fields, files and moves, which the record itself gives."""
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title,
        "state": found.state,
        "numbers": numbers(given),
        "organisation": organisation(found.organisation),
        "due_on": found.due_on.isoformat() if found.due_on else None,
        "version": found.version,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
    }


def moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z") if value else None


def numbers(given: Sequence[Number]) -> list[Json]:
    return [{"direction": n.direction, "text": n.text, "date": n.issued_on.isoformat()} for n in given]


def organisation(found: Organisation | None) -> Json | None:
    return None if found is None else {"id": found.id, "inn": found.inn, "name": found.short_name}


def fields(actor: Actor, found: Record, kind: RecordKind) -> Json:
    payload = found.payload or {}
    hidden = not policy.may_see_internal(actor)
    return {f.name: payload.get(f.name) for f in kind.data_fields if not (hidden and f.staff_only)}


def file(entry: StoredFile) -> Json:
    """A file with its digests. A signature says «unverified»: keeping it is not checking it."""
    shown: Json = {
        "id": entry.id,
        "slot": entry.slot,
        "name": entry.name,
        "media_type": entry.media_type,
        "size": entry.size,
        "sha256": entry.sha256,
        "streebog256": entry.streebog256,
        "origin": entry.origin,
        "signature_of": entry.signature_of,
        "uploaded_at": moment(entry.uploaded_at),
    }
    if entry.signature_of is not None:
        shown["verification"] = "unverified"
    return shown


def files(found: Record) -> list[Json]:
    """Files of a record, each signature with its latest verdict."""
    verdicts = {entry.stored_id: signature(entry) for entry in intake.of_record(found.id)}
    return [{**file(entry), **verdicts.get(entry.id, {})} for entry in query.files(found)]


def signature(entry: Signature) -> Json:
    """The verdict on a signature in the terms of ETSI EN 319 102-1, and the signer's powers."""
    return {
        "verification": VERDICTS.get(entry.indication, "pending"),
        "indication": entry.indication or None,
        "sub_indication": entry.sub_indication or None,
        "text": entry.text,
        "authority": entry.authority or None,
        "authority_text": entry.authority_text,
        "signer": entry.signer_name,
        "is_test": entry.is_test,
        "report": f"/signatures/{entry.id}",
    }


VERDICTS = {"TOTAL_PASSED": "passed", "TOTAL_FAILED": "failed", "INDETERMINATE": "indeterminate"}


def links(actor: Actor, found: Record) -> list[Json]:
    return [
        {
            "type": item.type,
            "label": item.label,
            "outgoing": item.outgoing,
            "record": {
                "id": item.record.id,
                "kind": item.record.kind,
                "title": item.record.title,
                "number": item.record.number_text,
                "state": item.record.state,
            },
        }
        for item in query.links(actor, found)
    ]


def actions(actor: Actor, found: Record) -> list[Json]:
    return [
        {
            "verb": a.verb,
            "title": a.title,
            "allowed": a.allowed,
            "reasons": list(a.reasons),
            "needs_note": a.needs_note,
            "target": a.target,
        }
        for a in query.actions(actor, found)
    ]


def remark(entry: Remark, author: str | None) -> Json:
    return {
        "id": entry.id,
        "text": entry.text,
        "author": author,
        "purpose": entry.purpose,
        "public": entry.is_public,
        "blocking": entry.is_blocking,
        "resolved_at": moment(entry.resolved_at),
        "created_at": moment(entry.created_at),
    }


def step(found: query.Step) -> Json:
    return {
        "seq": found.seq,
        "at": moment(found.at),
        "actor": found.actor,
        "role": found.role,
        "acting_for": found.acting_for,
        "address": found.address,
        "verb": found.verb,
        "from_state": found.from_state,
        "to_state": found.to_state,
        "values": {
            name: {"old": value.get("old"), "new": value.get("new")} for name, value in found.values.items()
        },
        "digest": found.digest,
    }


def kind(actor: Actor, found: RecordKind) -> Json:
    """A kind as a program needs it: fields with their JSON schema, slots for files, states and moves."""
    hidden = not policy.may_see_internal(actor)
    return {
        "name": found.name,
        "title": found.title,
        "description": found.description,
        "direction": found.direction,
        "can_create": policy.may_create(actor, found),
        "fields": [
            {
                "name": f.name,
                "label": f.label,
                "required": f.required,
                "filter": f.filter,
                "schema": f.schema(),
            }
            for f in found.data_fields
            if not (hidden and f.staff_only)
        ],
        "slots": [
            {
                "name": s.name,
                "label": s.label,
                "required": s.required,
                "many": s.many,
                "accept": list(s.accept),
            }
            for s in found.slots
        ],
        "states": [{"name": s, "title": found.state_title(s)} for s in sorted(found.workflow.states)],
        "schema_version": found.schema_version,
    }
