"""The description of the API, OpenAPI 3.1, made from the same declarations of kinds as the forms."""

from __future__ import annotations

import json

from flask import Blueprint, Response, current_app

from records.kinds import registry
from workflows.reference import state_titles

from .records import DIRECTIONS, MOST, SORTS
from .schemas import COMPONENTS, Schema, ref

PROBLEMS = {
    "400": "The request cannot be read",
    "401": "No key, or a key that is unknown, revoked or lapsed",
    "403": "The actor sees the record, but this act is not his",
    "404": "No such thing, or the actor may not know of it",
    "409": "Changed by another meanwhile; both versions are given",
    "413": "Larger than is accepted",
    "415": "Content of this type is not taken here",
    "422": "Wrong values (`errors`), unmet conditions (`reasons`), or a repeat key used for another request",
    "429": "Too many requests; see Retry-After",
    "503": "Storage, database or index cannot serve now",
}
READ = ("400", "401", "404", "422", "429", "503")
WRITE = ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503")

_MARKS: Schema = {
    "type": "object",
    "required": ["marks"],
    "additionalProperties": False,
    "properties": {
        "marks": {"type": "object", "description": "Member → for, against, abstain or candidates"}
    },
}


def init_blueprint(bp: Blueprint) -> None:
    bp.add_url_rule("/openapi.json", "openapi", openapi)


def openapi() -> Response:
    """The description itself; asks for no key and is made once."""
    made: bytes | None = current_app.extensions.get("api_description")
    if made is None:
        made = json.dumps(description(), ensure_ascii=False).encode()
        current_app.extensions["api_description"] = made
    return Response(made, content_type="application/json")


def description() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Вече: API",
            "version": "1",
            "description": "Документы СРО для программ: те же права, действия и история, что на экране.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {**COMPONENTS, **_kind_schemas()},
            "responses": {
                status: {
                    "description": text,
                    "content": {"application/problem+json": {"schema": ref("Problem")}},
                }
                for status, text in PROBLEMS.items()
            },
        },
    }


def _kind_schemas() -> Schema:
    """For each kind, what `POST /records` takes: its own fields, each with its schema."""
    made: Schema = {}
    for kind in registry:
        fields = {f.name: f.schema() for f in kind.data_fields}
        made[f"New_{kind.name}"] = {
            "type": "object",
            "title": kind.title,
            "additionalProperties": False,
            "required": ["kind"],
            "properties": {
                "kind": {"const": kind.name},
                "organisation": ref("OrganisationChoice"),
                "fields": {"type": ["object", "null"], "additionalProperties": False, "properties": fields},
            },
        }
    return made


def _paths() -> Schema:
    new: Schema = {"oneOf": [ref(f"New_{kind.name}") for kind in registry]}
    record_id, file_id = _in_path("record_id"), _in_path("file_id")
    return {
        "/kinds": {"get": _operation("kinds", "Kinds of records", answer=_page_of("Kind"))},
        "/records": {
            "get": _operation(
                "listing", "A list with filters", query=_filters(), answer=_page_of("Row", counted=True)
            ),
            "post": _writing("create", "Make a draft", body=_json(new), answer=ref("Record"), status="201"),
        },
        "/records/{record_id}": {
            "parameters": [record_id],
            "get": _operation(
                "show", "A record", headers=[_header("If-None-Match")], answer=ref("Record"), cached=True
            ),
            "patch": _writing(
                "change", "Change fields", body=_json(ref("Change")), answer=ref("Record"), versioned=True
            ),
        },
        "/records/{record_id}/actions": {
            "parameters": [record_id],
            "get": _operation("actions", "Moves open to the actor", answer=_page_of("Action")),
        },
        "/records/{record_id}/actions/{verb}": {
            "parameters": [
                record_id,
                _in_path("verb", {"type": "string", "minLength": 1, "pattern": "^[a-z_]+$"}),
            ],
            "post": _writing(
                "act",
                "Make a move",
                body=_json(ref("Act"), required=False),
                answer=ref("Record"),
                versioned=True,
            ),
        },
        "/records/{record_id}/files": {
            "parameters": [record_id],
            "post": _writing(
                "upload", "Add a file", body=_multipart(slot=True), answer=ref("File"), status="201"
            ),
        },
        "/records/{record_id}/remarks": {
            "parameters": [record_id],
            "get": _operation("remarks", "Remarks and messages", query=_paging(), answer=_page_of("Remark")),
            "post": _writing(
                "remark", "Write one", body=_json(ref("NewRemark")), answer=ref("Remark"), status="201"
            ),
        },
        "/records/{record_id}/links": {
            "parameters": [record_id],
            "post": _writing(
                "link", "Tie to another", body=_json(ref("NewLink")), answer=ref("Link"), status="201"
            ),
        },
        "/records/{record_id}/history": {
            "parameters": [record_id],
            "get": _operation("history", "History", query=_paging(), answer=_page_of("Step")),
        },
        "/files/{file_id}": {
            "parameters": [file_id],
            "get": _operation("download", "The bytes of a file", answer=None, cached=True),
        },
        "/files/{file_id}/signatures": {
            "parameters": [file_id],
            "post": _writing(
                "sign", "Keep a detached signature", body=_multipart(), answer=ref("File"), status="201"
            ),
        },
        "/search": {
            "get": _operation(
                "search", "Full-text search", query=_search(), answer=_page_of("Hit", counted=True)
            )
        },
        "/meetings/{record_id}/questions/{number}/votes": {
            "parameters": [record_id, _in_path("number")],
            "post": {
                **_operation(
                    "vote",
                    "Vote for those one represents; a refusal by the law is told in the receipt",
                    answer={"type": "object"},
                    status="201",
                    problems=WRITE,
                ),
                "requestBody": _json(_MARKS),
            },
        },
        "/meetings/{record_id}/pulse": {
            "parameters": [record_id],
            "get": _operation("meeting_pulse", "Figures of the room", answer={"type": "object"}, cached=True),
        },
        "/healthz": {"get": _open("healthz", "Is the service alive", "application/json", ref("Health"))},
        "/metrics": {"get": _open("metrics", "Figures for Prometheus", "text/plain", {"type": "string"})},
        "/openapi.json": {
            "get": _open("openapi", "This description", "application/json", {"type": "object"})
        },
    }


def _operation(
    name: str,
    summary: str,
    *,
    answer: Schema | None,
    query: list[Schema] | None = None,
    headers: list[Schema] | None = None,
    cached: bool = False,
    status: str = "200",
    problems: tuple[str, ...] = READ,
) -> Schema:
    content = (
        {"application/json": {"schema": answer}}
        if answer is not None
        else {"*/*": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}}
    )
    responses: Schema = {status: {"description": "Done", "content": content}}
    if cached:
        responses["304"] = {"description": "Not changed since"}
    if answer is None:
        responses["206"] = {"description": "A part of the file", "content": content}
        problems = (*problems, "416") if "416" in PROBLEMS else problems
    for problem in problems:
        responses[problem] = {"$ref": f"#/components/responses/{problem}"}
    parameters = [*(query or []), *(headers or [])]
    made: Schema = {"operationId": name, "summary": summary, "responses": responses}
    return {**made, "parameters": parameters} if parameters else made


def _writing(
    name: str, summary: str, *, body: Schema, answer: Schema, status: str = "200", versioned: bool = False
) -> Schema:
    headers = [_header("Idempotency-Key", longest=255)]
    if versioned:
        headers.append(_header("If-Match", pattern=r'^("[0-9]{1,9}(-[0-9a-f]+)?"|\*)$'))
    made = _operation(name, summary, headers=headers, answer=answer, status=status, problems=WRITE)
    return {**made, "requestBody": body}


def _open(name: str, summary: str, media_type: str, schema: Schema) -> Schema:
    responses: Schema = {"200": {"description": "Done", "content": {media_type: {"schema": schema}}}}
    if name == "healthz":
        responses["503"] = {"description": "Cannot serve now", "content": {media_type: {"schema": schema}}}
    if name == "metrics":
        for status in ("401", "404", "429"):
            responses[status] = {"$ref": f"#/components/responses/{status}"}
    security: list[Schema] = [{}, {"bearer": []}] if name == "metrics" else []
    return {"operationId": name, "summary": summary, "security": security, "responses": responses}


def _json(schema: Schema, *, required: bool = True) -> Schema:
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def _multipart(*, slot: bool = False) -> Schema:
    properties: Schema = {"file": {"type": "string", "contentMediaType": "application/octet-stream"}}
    if slot:
        properties["slot"] = {"type": "string", "description": "Where the file belongs; «files» by default"}
    schema = {"type": "object", "required": ["file"], "properties": properties}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _page_of(name: str, *, counted: bool = False) -> Schema:
    properties: Schema = {
        "items": {"type": "array", "items": ref(name)},
        "next": {"type": ["string", "null"], "description": "Cursor of the following page"},
    }
    if counted:
        properties["total"] = {"type": "integer"}
        properties["total_is_exact"] = {
            "type": "boolean",
            "description": "false: there are more than `total`",
        }
    return {"type": "object", "required": list(properties), "properties": properties}


def _in_path(name: str, schema: Schema | None = None) -> Schema:
    number: Schema = {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}
    return {"name": name, "in": "path", "required": True, "schema": schema or number}


def _in_query(name: str, schema: Schema, about: str = "") -> Schema:
    made: Schema = {"name": name, "in": "query", "required": False, "schema": schema}
    return {**made, "description": about} if about else made


def _header(name: str, *, pattern: str = "", longest: int = 0) -> Schema:
    schema: Schema = {"type": "string"}
    if pattern:
        schema["pattern"] = pattern
    if longest:
        schema["maxLength"] = longest
    return {"name": name, "in": "header", "required": False, "schema": schema}


def _paging() -> list[Schema]:
    return [
        _in_query("limit", {"type": "integer", "minimum": 1, "maximum": MOST}),
        _in_query("cursor", {"type": "string", "pattern": "^[0-9]{1,15}$"}, "`next` of the page before"),
    ]


def _several(values: list[str]) -> Schema:
    return {"type": "array", "items": {"type": "string", "enum": values}}


def _filters() -> list[Schema]:
    number: Schema = {"type": "integer", "minimum": 1, "maximum": 10**15 - 1}
    text: Schema = {"type": "string", "maxLength": 20}
    day: Schema = {"type": "string", "format": "date"}
    return [
        _in_query(
            "kind",
            _several([k.name for k in registry]),
            "With one kind, its filter fields are parameters too",
        ),
        _in_query("state", _several(sorted(state_titles()))),
        _in_query("organisation", {"type": "string", "pattern": "^[0-9]{1,15}$"}, "Id or ИНН"),
        _in_query("assignee", number),
        _in_query("author", number),
        _in_query("direction", {"type": "string", "enum": sorted(DIRECTIONS)}),
        _in_query("channel", text),
        _in_query("number", {"type": "string", "maxLength": 60}, "A part of the registration number"),
        _in_query("q", {"type": "string", "maxLength": 300}, "A part of the title"),
        _in_query("case", text),
        _in_query("date_from", day),
        _in_query("date_to", day),
        _in_query("due", {"type": "string", "enum": ["overdue", "soon", "any"]}),
        _in_query("open", {"type": "boolean"}),
        _in_query("sort", {"type": "string", "enum": sorted(SORTS)}),
        _in_query("limit", {"type": "integer", "minimum": 1, "maximum": MOST}),
        _in_query("cursor", {"type": "string", "pattern": "^([0-9]{1,15}|o[0-9]{1,7})$"}),
    ]


def _search() -> list[Schema]:
    day: Schema = {"type": "string", "format": "date"}
    return [
        _in_query("q", {"type": "string", "maxLength": 500}),
        _in_query("kind", _several([k.name for k in registry])),
        _in_query("state", _several(sorted(state_titles()))),
        _in_query("date_from", day),
        _in_query("date_to", day),
        _in_query("sort", {"type": "string", "enum": ["newest", "relevance"]}),
        _in_query("limit", {"type": "integer", "minimum": 1, "maximum": MOST}),
        _in_query("cursor", {"type": "string", "pattern": "^[0-9]{1,3}$"}),
    ]
