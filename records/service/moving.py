"""Moving a record along its workflow: the one place where a state changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import bindparam, select

from workflows.calendar import WorkingCalendar
from workflows.engine import SYSTEM, Context, Decision, Transition, decide
from workflows.terms import Pause, deadline_rules, due_on, paused_due_on

from .. import guards, numbering, outbox, parameters
from ..actor import SYSTEM_ACTOR, Actor
from ..database import db
from ..errors import Forbidden, Invalid, NotFound, Refused
from ..facts import RecordFacts
from ..history import digest_of
from ..kinds import RecordKind, registry
from ..model import Link, Record, Snapshot, StoredFile
from .assigning import route
from .unit import Work, work

SNAPSHOT_VERBS = frozenset({"submit", "sign", "send", "register"})


def act(
    actor: Actor,
    record_id: int,
    verb: str,
    *,
    note: str = "",
    data: Mapping[str, object] | None = None,
    version: int | None = None,
    once: str | None = None,
) -> Record:
    """Make a move. Raises NotFound (hidden), Forbidden (not this role), Refused (guards),
    Conflict (stale)."""
    with work(actor, once=once) as unit:
        record = unit.lock(record_id, version=None if unit.earlier is not None else version)
        if unit.earlier is not None:
            return record
        kind = registry.of(record)
        transition = kind.workflow.find(record.state, verb)
        if transition is None:
            raise Refused(f"Из состояния «{kind.state_title(record.state)}» такого действия нет.")
        check(unit, record, kind, transition, note)
        unit.data = dict(data or {})
        move(unit, record, kind, transition, note)
        unit.result = {"record": record.id}
        return record


def check(unit: Work, record: Record, kind: RecordKind, transition: Transition, note: str) -> None:
    """Raise what stands in the way of a move; return in silence when nothing does."""
    decision = decision_on(unit.actor, record, kind, transition, unit, note=note)
    if not decision.permitted:
        raise Forbidden
    if decision.reasons:
        missing = RecordFacts(record, kind, unit.today)["missing"]
        if guards.leaves_author(kind, transition) and isinstance(missing, dict) and missing:
            raise Invalid(missing)
        raise Refused(decision.reasons)


def decision_on(
    actor: Actor,
    record: Record,
    kind: RecordKind,
    transition: Transition,
    unit: Work,
    *,
    note: str = "",
    asking: bool = False,
    facts: RecordFacts | None = None,
) -> Decision:
    """The workflow's answer for this actor; `query.actions` and `act` read the same one."""
    if actor.read_only or record.trashed_at is not None:
        return Decision(transition, permitted=False)
    context = Context(
        state=record.state,
        roles=roles_at(actor, record),
        now=unit.at,
        facts=facts or RecordFacts(record, kind, unit.today),
        note=note,
        asking=asking,
    )
    shared = Transition(
        verb=transition.verb,
        title=transition.title,
        source=transition.source,
        target=transition.target,
        by=transition.by,
        guards=(*guards.common(kind, transition), *transition.guards),
        needs_note=transition.needs_note,
    )
    return decide(shared, context)


def roles_at(actor: Actor, record: Record) -> frozenset[str]:
    """The actor's roles that count for this record: a member's roles only for its own company's papers."""
    if actor.is_staff or actor.is_system:
        return actor.roles
    if actor.organisation_id is not None and actor.organisation_id == record.organisation_id:
        return actor.roles
    return frozenset()


def move(unit: Work, record: Record, kind: RecordKind, transition: Transition, note: str = "") -> None:
    """Perform an allowed move: state, term, number, history, effects, automatic continuation."""
    before = record.state
    record.state, record.state_at = transition.target, unit.at
    record.is_open = not kind.final(record.state)
    resubmitted = before == "returned" and transition.verb == "submit"
    if resubmitted:
        record.content_version += 1
    with db.session.no_autoflush:  # these only look things up: the record is written once, at the end
        changes = _term(unit, record, kind, transition, before)
        changes |= _register(unit, record, kind, transition)
        if transition.verb in SNAPSHOT_VERBS or "number" in changes:
            changes |= _snapshot(unit, record)
    _stamp(unit, record, transition)
    unit.history(
        record,
        f"record.{transition.verb}",
        changes=changes,
        note=note,
        from_state=before,
        to_state=record.state,
    )
    unit.record, unit.note = record, note
    if effect := kind.on.get(transition.verb):
        effect(unit)
    for follower in registry.followers(kind.name, transition.verb):
        follower(unit)
    if transition.target == "sent":
        answered(unit, record, kind)
    if kind.route_to and transition.verb == kind.routes_on and record.assignee_id is None:
        with db.session.no_autoflush:
            route(unit, record, kind)
    if verb := kind.auto.get(record.state):
        by_program(unit, record, kind, verb)


def by_program(unit: Work, record: Record, kind: RecordKind, verb: str) -> bool:
    """The program's own next step inside the same act; False when a guard stops it."""
    transition = kind.workflow.find(record.state, verb)
    if transition is None or SYSTEM not in transition.by:
        return False
    person, unit.actor = unit.actor, unit.actor.as_system()
    try:
        if not decision_on(unit.actor, record, kind, transition, unit).allowed:
            return False
        move(unit, record, kind, transition)
    finally:
        unit.actor = person
    return True


def continue_as_system(record_id: int, verb: str, *, note: str = "") -> bool:
    """A step of the program after the commit (documents made, opened by the addressee, term passed)."""
    with work(SYSTEM_ACTOR) as unit:
        try:
            record = unit.lock(record_id)
        except NotFound:
            return False
        return by_program(unit, record, registry.of(record), verb)


def _stamp(unit: Work, record: Record, transition: Transition) -> None:
    if transition.verb == "submit" and record.received_at is None:
        record.received_at = unit.at
    if transition.target == "sent":
        record.sent_at = unit.at
    if transition.target == "delivered":
        record.delivered_at = record.opened_at = unit.at
    if transition.target == "closed":
        record.closed_on = unit.today


def _term(
    unit: Work, record: Record, kind: RecordKind, transition: Transition, before: str
) -> dict[str, tuple[object, object]]:
    """Start, pause, resume or stop the term (records.md §10: on «returned» the term stands still)."""
    old = record.due_on
    calendar = WorkingCalendar.load()
    if transition.target == "returned":
        record.paused_on = unit.today
    elif record.paused_on is not None:
        if record.due_on is not None:
            pause = Pause(record.paused_on, unit.today)
            record.due_on = paused_due_on(record.due_on, [pause], today=unit.today, calendar=calendar)
        record.paused_on = None
    code = kind.term.get(transition.verb)
    if code and (record.due_on is None or record.due_rule != code):
        start = _legal_date(record.received_at or unit.at, kind)
        rule = deadline_rules()[code]
        days = parameters.get(f"term.{code}")
        record.due_on = due_on(rule.with_value(int(str(days))) if days is not None else rule, start, calendar)
        record.due_rule = code
    if transition.target in kind.stops_term and record.done_on is None:
        record.done_on = unit.today
    return {"due_on": (_iso(old), _iso(record.due_on))} if old != record.due_on else {}


def _iso(day: object) -> str | None:
    return None if day is None else str(day)


def _register(
    unit: Work, record: Record, kind: RecordKind, transition: Transition
) -> dict[str, tuple[object, object]]:
    """Give the number of this move (taken late in the act: the counter's row is a bottleneck)."""
    code = kind.numbers.get(transition.verb)
    if code is None:
        return {}
    day = _legal_date(unit.at, kind)
    latest = numbering.latest_date(code)
    if latest is not None and latest > day:
        day = latest  # records.md §3.2: a later number may not bear an earlier date
    number = numbering.issue(record, kind, transition.verb, on=day, at=unit.at)
    # Signed anew after corrections it keeps its number, and its paper is made and sent anew.
    outbox.put(
        "print", f"{record.id}:{record.content_version}", {"record": record.id, "verb": transition.verb}
    )
    if number is None:
        return {}
    if record.number_text is None:
        record.number_text, record.registered_on, record.registered_at = number.text, day, unit.at
    return {"number": (None, number.text)}


def _legal_date(moment: datetime, kind: RecordKind) -> date:
    zone = parameters.zone()
    return moment.astimezone(zone).date() if kind.same_day else numbering.legal_date(moment, zone)


def answered(unit: Work, reply: Record, kind: RecordKind) -> None:
    """A reply has gone out: what it answers moves to «дан ответ», where its workflow and guards allow.

    An interim reply (`final` is declared and not set) leaves the request open (records.md §5).
    """
    if kind.field("final") is not None and not (reply.payload or {}).get("final"):
        return
    targets = select(Link.target_id).where(Link.source_id == reply.id, Link.type == "reply_to")
    for target_id in db.session.scalars(targets).all():
        request = unit.lock(target_id, actor=SYSTEM_ACTOR)
        asked = registry[request.kind]
        by_reply(unit, request, asked, asked.reply_verb)


def by_reply(unit: Work, request: Record, kind: RecordKind, verb: str) -> None:
    """The move that the reply itself makes: whoever signed it has decided, his role is not asked."""
    transition = kind.workflow.find(request.state, verb)
    if transition is None:
        return
    person, unit.actor = unit.actor, unit.actor.as_system()
    try:
        opened = replace(transition, by=transition.by | {SYSTEM})
        if decision_on(unit.actor, request, kind, opened, unit).allowed:
            move(unit, request, kind, opened)
    finally:
        unit.actor = person


_FILES = (
    select(StoredFile.id, StoredFile.name, StoredFile.sha256, StoredFile.size)
    .where(StoredFile.record_id == bindparam("id"), StoredFile.removed_at.is_(None))
    .order_by(StoredFile.id)
)


def _snapshot(unit: Work, record: Record) -> dict[str, tuple[object, object]]:
    """Keep exactly what was filed or signed: fields, files with hashes; the history bears its digest."""
    rows = db.session.execute(_FILES, {"id": record.id})
    content: dict[str, object] = {
        "kind": record.kind,
        "title": record.title,
        "organisation": record.organisation_id,
        "fields": dict(record.payload or {}),
        "files": [{"id": f.id, "name": f.name, "sha256": f.sha256, "size": f.size} for f in rows],
    }
    kept = unit.snapshots.get((record.id, record.content_version)) or db.session.get(
        Snapshot, (record.id, record.content_version)
    )
    if kept is not None:
        if kept.content["fields"] == content["fields"]:
            return {}
        record.content_version += 1  # rewritten on its author's side since: another text is filed now
    entry = Snapshot(
        record_id=record.id,
        content_version=record.content_version,
        content=content,
        digest=digest_of(content),
        made_at=unit.at,
    )
    unit.snapshots[(record.id, record.content_version)] = entry
    db.session.add(entry)
    return {"snapshot": (None, entry.digest)}
