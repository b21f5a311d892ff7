"""Records over JSON: create, read, change, move, discuss, link, list. Parse → service → render."""

from __future__ import annotations

from flask import Blueprint, Response

from records import directory, parameters, query, service
from records.actor import Actor
from records.errors import Invalid, NotFound
from records.kinds import RecordKind, registry
from workflows.reference import state_titles

from . import answering, reading, showing
from .door import actor

DIRECTIONS = frozenset({"in", "out", "internal"})
SORTS = frozenset(name for key in query.SORTS for name in (key, f"-{key}"))
LIST_CURSOR = r"[0-9]{1,15}|o[0-9]{1,7}"
PLAIN_CURSOR = r"[0-9]{1,15}"
PAGE, MOST = 25, 100


def init_blueprint(bp: Blueprint) -> None:
    bp.add_url_rule("/kinds", "kinds", kinds)
    bp.add_url_rule("/records", "create", create, methods=["POST"])
    bp.add_url_rule("/records", "listing", listing)
    bp.add_url_rule("/records/<id:record_id>", "show", show)
    bp.add_url_rule("/records/<id:record_id>", "change", change, methods=["PATCH"])
    bp.add_url_rule("/records/<id:record_id>/actions", "actions", actions)
    bp.add_url_rule("/records/<id:record_id>/actions/<verb>", "act", act, methods=["POST"])
    bp.add_url_rule("/records/<id:record_id>/remarks", "remarks", remarks)
    bp.add_url_rule("/records/<id:record_id>/remarks", "remark", remark, methods=["POST"])
    bp.add_url_rule("/records/<id:record_id>/links", "link", link, methods=["POST"])
    bp.add_url_rule("/records/<id:record_id>/history", "history", history)


def kinds() -> Response:
    """Kinds of records: those the actor may meet."""
    who = actor()
    reading.Parameters().refuse()
    seen = [k for k in registry if who.is_staff or k.member_sees != "none"]
    return answering.page([showing.kind(who, k) for k in seen], None)


def create() -> Response:
    """Make a draft of a kind."""
    who = actor()
    given = reading.body(
        allowed={"kind": "string", "organisation": "integer|string|object|null", "fields": "object|null"},
        required=("kind",),
    )
    kind = registry.get(str(given["kind"]))
    fields = _fields(kind, given.get("fields"))
    found = service.create(
        who,
        str(given["kind"]),
        organisation_id=_organisation(who, given.get("organisation")),
        fields=fields,
        # What an employee's program brings in is the office's intake, not the company's own hand.
        card={"channel": "import"} if who.is_staff and kind is not None and kind.direction == "in" else None,
        once=reading.once(),
    )
    return answering.record(who, found, 201)


def _fields(kind: RecordKind | None, given: object) -> dict[str, object]:
    """Values by name; the JSON type of each must be the one its field is described with."""
    if not isinstance(given, dict):
        return {}
    errors = {}
    for name, value in given.items():
        field = kind.field(name) if kind else None
        if field is None:
            continue  # the service names unknown fields
        declared = field.schema().get("type", "string")
        types = [str(t) for t in declared] if isinstance(declared, list) else [str(declared)]
        if wrong := reading.mismatch(value, types):
            errors[name] = [wrong]
    if errors:
        raise Invalid(errors)
    return given


def _organisation(who: Actor, given: object) -> int | None:
    """A company by id or ИНН. A member learns nothing of companies that are not his."""
    if given is None:
        return None
    if isinstance(given, dict):
        given = given.get("id")
    text = str(given).strip()
    if not (text.isdigit() and text.isascii() and len(text) <= 15):
        raise Invalid({"organisation": ["Передайте номер организации или её ИНН."]})
    found = directory.organisation_id_of(text) if len(text) in (10, 12) else int(text)
    if not who.is_staff and found != who.organisation_id:
        raise NotFound
    if found is None:
        raise Invalid({"organisation": ["Нет организации с таким ИНН."]})
    return found


def show(record_id: int) -> Response:
    """A record. The addressee's first look counts as opening it, as on the screen."""
    who = actor()
    reading.Parameters().refuse()
    found = query.get(who, record_id)
    if found.state in registry[found.kind].on_open and not who.is_staff:
        service.mark_read(who, record_id)
        found = query.get(who, record_id)
    return answering.record(who, found)


def change(record_id: int) -> Response:
    """Save named fields of a draft or returned paper; the others stay."""
    who = actor()
    given = reading.body(allowed={"fields": "object", "version": "integer|null"}, required=("fields",))
    kind = registry.of(query.get(who, record_id))
    fields = _fields(kind, given["fields"])
    found = service.save(who, record_id, fields, version=reading.version(given), once=reading.once())
    return answering.record(who, found)


def actions(record_id: int) -> Response:
    """Every move the actor could make from here, with the reasons against."""
    who = actor()
    reading.Parameters().refuse()
    return answering.page(showing.actions(who, query.get(who, record_id)), None)


def act(record_id: int, verb: str) -> Response:
    """Make a move."""
    who = actor()
    given = reading.body(allowed={"note": "string|null", "data": "object|null", "version": "integer|null"})
    data = given.get("data")
    found = service.act(
        who,
        record_id,
        verb,
        note=str(given.get("note") or ""),
        data=data if isinstance(data, dict) else None,
        version=reading.version(given),
        once=reading.once(),
    )
    return answering.record(who, found)


def remarks(record_id: int) -> Response:
    """Remarks and messages the actor may read."""
    who = actor()
    asked = reading.Parameters()
    limit, after = asked.number("limit", most=MOST) or PAGE, asked.cursor(PLAIN_CURSOR)
    asked.refuse()
    found = query.remarks(who, query.get(who, record_id))
    shown = [showing.remark(entry, entry.author.name if entry.author else None) for entry in found]
    return answering.portion(shown, "id", after, limit)


def remark(record_id: int) -> Response:
    """Write a remark (staff) or a message (member). `public: false` keeps it among the staff."""
    who = actor()
    given = reading.body(
        allowed={
            "text": "string",
            "public": "boolean|null",
            "blocking": "boolean|null",
            "field": "string|null",
        },
        required=("text",),
    )
    entry = service.remark(
        who,
        record_id,
        str(given["text"]),
        public=given.get("public") is not False,
        blocking=given.get("blocking") is True,
        field=str(given.get("field") or ""),
        purpose="remark" if who.is_staff else "message",
        once=reading.once(),
    )
    return answering.answer(showing.remark(entry, who.name), 201)


def link(record_id: int) -> Response:
    """Tie the record to another the actor sees. Doing it twice changes nothing."""
    who = actor()
    given = reading.body(allowed={"target": "integer", "type": "string"}, required=("target", "type"))
    target = int(str(given["target"]))
    if not 0 < target <= reading.MAX_ID:
        raise NotFound
    service.link(who, record_id, target, str(given["type"]))
    tied = showing.links(who, query.get(who, record_id))
    made = next(item for item in tied if item["record"]["id"] == target and item["type"] == given["type"])  # type: ignore[index]
    return answering.answer(made, 201)


def history(record_id: int) -> Response:
    """The history of a record; a member reads the public part."""
    who = actor()
    asked = reading.Parameters()
    limit, after = asked.number("limit", most=MOST) or MOST, asked.cursor(PLAIN_CURSOR)
    asked.refuse()
    steps = query.history(who, query.get(who, record_id))
    return answering.portion([showing.step(s) for s in steps], "seq", after, limit)


def listing() -> Response:
    """A list with filters, a page by cursor. Only what the actor may see is there or counted."""
    who = actor()
    q = _list_query(who)
    found = query.listing(who, q, parameters.today())
    numbers = query.numbers_of([r.id for r in found.rows])
    rows = [showing.row(r, numbers[r.id]) for r in found.rows]
    return answering.page(rows, found.next_after, total=found.total, total_is_exact=not found.more_than)


def _list_query(who: Actor) -> query.ListQuery:
    asked = reading.Parameters()
    kinds = asked.many_of("kind", {k.name for k in registry})
    values = {}
    if len(kinds) == 1 and kinds[0] in registry:
        names = [
            f.name for f in registry[kinds[0]].data_fields if f.filter and (who.is_staff or not f.staff_only)
        ]
        values = {name: value for name in names if (value := asked.text(name))}
    made = query.ListQuery(
        kind=kinds,
        state=asked.many_of("state", set(state_titles())),
        organisation=_filter_organisation(asked),
        assignee=asked.number("assignee"),
        author=asked.number("author"),
        direction=asked.one_of("direction", DIRECTIONS),
        channel=asked.text("channel", longest=20),
        number=asked.text("number", longest=60),
        text=asked.text("q"),
        case=asked.text("case", longest=20),
        date_from=asked.day("date_from"),
        date_to=asked.day("date_to"),
        due=asked.one_of("due", {"overdue", "soon", "any"}),
        open_only=asked.flag("open"),
        values=values,
        sort=asked.one_of("sort", SORTS) or "-id",
        after=asked.cursor(LIST_CURSOR),
        limit=asked.number("limit", most=MOST) or PAGE,
    )
    asked.refuse()
    return made


def _filter_organisation(asked: reading.Parameters) -> int | None:
    """A company by id or ИНН; one that is not known matches nothing."""
    text = asked.text("organisation")
    if not text:
        return None
    if not (text.isdigit() and text.isascii() and len(text) <= 15):
        asked.errors["organisation"] = ["Передайте номер организации или её ИНН."]
        return None
    return (directory.organisation_id_of(text) or 0) if len(text) in (10, 12) else int(text)
