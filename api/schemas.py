"""JSON schemas of what the API gives and takes, as the description names them."""

from __future__ import annotations

from records.actor import STAFF_ROLES
from records.service.linking import LINK_TYPES

from .reading import MAX_ID

Schema = dict[str, object]

TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
OBJECT: Schema = {"type": "object"}
TEXTS: Schema = {"type": "array", "items": TEXT}
VERSION: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": 10**9 - 1}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def shape(properties: Schema, *, optional: tuple[str, ...] = (), closed: bool = False) -> Schema:
    """An object whose properties are all there, save those named."""
    made: Schema = {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }
    return {**made, "additionalProperties": False} if closed else made


def many(name: str) -> Schema:
    return {"type": "array", "items": ref(name)}


_HEAD: Schema = {
    "id": NUMBER,
    "kind": TEXT,
    "title": TEXT,
    "state": TEXT,
    "numbers": many("Number"),
    "organisation": {"anyOf": [ref("Organisation"), {"type": "null"}]},
}
_TAIL: Schema = {"version": NUMBER, "created_at": MOMENT, "updated_at": MOMENT}
_MOVE: Schema = {"verb": TEXT, "title": TEXT, "allowed": FLAG, "reasons": TEXTS}

COMPONENTS: Schema = {
    "Problem": shape(
        {
            "type": TEXT,
            "title": TEXT,
            "status": NUMBER,
            "code": TEXT,
            "detail": TEXT,
            "errors": {"type": "object", "additionalProperties": TEXTS},
            "reasons": TEXTS,
            "current_version": {"type": ["integer", "null"]},
            "your_version": {"type": ["integer", "null"]},
            "support_code": TEXT,
        },
        optional=("errors", "reasons", "current_version", "your_version", "support_code"),
    ),
    "Health": shape({"status": TEXT}),
    "Number": shape({"direction": TEXT, "text": TEXT, "date": DAY}),
    "Organisation": shape({"id": NUMBER, "inn": TEXT_OR_NULL, "name": TEXT}),
    "OrganisationChoice": {
        "description": "Id, ИНН, or an organisation as a record gives it",
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": MAX_ID},
            {"type": "string", "pattern": "^[0-9]{1,15}$"},
            {"type": "object", "required": ["id"], "properties": {"id": NUMBER}},
            {"type": "null"},
        ],
    },
    "Record": shape(
        {
            **_HEAD,
            "fields": OBJECT,
            "files": many("File"),
            "links": many("Link"),
            "actions": {"type": "array", "items": shape(_MOVE)},
            **_TAIL,
        }
    ),
    "Row": shape({**_HEAD, "due_on": {"type": ["string", "null"], "format": "date"}, **_TAIL}),
    "File": shape(
        {
            "id": NUMBER,
            "slot": TEXT,
            "name": TEXT,
            "media_type": TEXT,
            "size": NUMBER,
            "sha256": TEXT,
            "streebog256": TEXT_OR_NULL,
            "origin": TEXT,
            "signature_of": {"type": ["integer", "null"]},
            "uploaded_at": MOMENT,
            "verification": {
                "enum": ["unverified", "pending", "passed", "failed", "indeterminate"],
                "description": "Of a signature: the latest verdict",
            },
            "indication": TEXT_OR_NULL,
            "sub_indication": TEXT_OR_NULL,
            "text": TEXT,
            "authority": {
                "enum": ["authorised", "none", "unknown", None],
                "description": "Of a signature: do the signer's powers cover the record",
            },
            "authority_text": TEXT,
            "signer": TEXT,
            "is_test": FLAG,
            "report": {"type": "string", "description": "Address of the protocol of the check"},
            "warnings": TEXTS,
            "duplicates": {"type": "array", "items": NUMBER, "description": "Records with the same bytes"},
        },
        optional=(
            "verification",
            "indication",
            "sub_indication",
            "text",
            "authority",
            "authority_text",
            "signer",
            "is_test",
            "report",
            "warnings",
            "duplicates",
        ),
    ),
    "Link": shape(
        {
            "type": TEXT,
            "label": TEXT,
            "outgoing": FLAG,
            "record": shape(
                {"id": NUMBER, "kind": TEXT, "title": TEXT, "number": TEXT_OR_NULL, "state": TEXT}
            ),
        }
    ),
    "Action": shape({**_MOVE, "needs_note": FLAG, "target": TEXT}),
    "Remark": shape(
        {
            "id": NUMBER,
            "text": TEXT,
            "author": TEXT_OR_NULL,
            "purpose": TEXT,
            "public": FLAG,
            "blocking": FLAG,
            "resolved_at": MOMENT_OR_NULL,
            "created_at": MOMENT,
        }
    ),
    "Step": shape(
        {
            "seq": NUMBER,
            "at": MOMENT,
            "actor": TEXT,
            "role": {"type": "string", "description": f"For instance {min(STAFF_ROLES)}"},
            "acting_for": TEXT,
            "address": TEXT,
            "verb": TEXT,
            "from_state": TEXT,
            "to_state": TEXT,
            "values": OBJECT,
            "digest": TEXT,
        }
    ),
    "Hit": shape(
        {
            "id": NUMBER,
            "title": TEXT,
            "snippet": {"type": "string", "description": "Escaped HTML; found words in <mark>"},
            "file": {"anyOf": [shape({"id": NUMBER, "name": TEXT}), {"type": "null"}]},
            "record": ref("Row"),
        }
    ),
    "Kind": shape(
        {
            "name": TEXT,
            "title": TEXT,
            "description": TEXT,
            "direction": TEXT,
            "can_create": FLAG,
            "fields": {
                "type": "array",
                "items": shape(
                    {"name": TEXT, "label": TEXT, "required": FLAG, "filter": FLAG, "schema": OBJECT}
                ),
            },
            "slots": {
                "type": "array",
                "items": shape(
                    {"name": TEXT, "label": TEXT, "required": FLAG, "many": FLAG, "accept": TEXTS}
                ),
            },
            "states": {"type": "array", "items": shape({"name": TEXT, "title": TEXT})},
            "schema_version": NUMBER,
        }
    ),
    "Change": shape({"fields": OBJECT, "version": VERSION}, optional=("version",), closed=True),
    "Act": shape(
        {"note": TEXT_OR_NULL, "data": {"type": ["object", "null"]}, "version": VERSION},
        optional=("note", "data", "version"),
        closed=True,
    ),
    "NewRemark": shape(
        {
            "text": {"type": "string", "minLength": 1, "maxLength": 10_000},
            "public": {"type": ["boolean", "null"], "description": "false: among the staff only"},
            "blocking": {
                "type": ["boolean", "null"],
                "description": "Stops approval until resolved; staff only",
            },
            "field": TEXT_OR_NULL,
        },
        optional=("public", "blocking", "field"),
        closed=True,
    ),
    "NewLink": shape(
        {
            "target": {"type": "integer", "minimum": 1, "maximum": MAX_ID},
            "type": {"type": "string", "enum": sorted(LINK_TYPES)},
        },
        closed=True,
    ),
}
