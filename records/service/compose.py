"""Writing a paper: create a draft, save its fields (autosave too), start a reply."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from .. import policy
from ..actor import Actor
from ..database import db
from ..errors import Forbidden, Invalid, NotFound, Refused
from ..fields import Wrong
from ..kinds import RecordKind, registry
from ..model import Record
from ..people import Organisation
from . import linking
from .unit import Work, work

CARD_FIELDS = (
    "their_number",
    "their_date",
    "correspondent",
    "original_place",
    "channel",
    "received_at",
    "access",
)
"""Columns of the card that the registrar fills for paper and e-mail intake."""


def create(
    actor: Actor,
    kind_name: str,
    *,
    organisation_id: int | None = None,
    fields: Mapping[str, object] | None = None,
    card: Mapping[str, object] | None = None,
    reply_to: int | None = None,
    once: str | None = None,
) -> Record:
    """Make a draft. A member's draft belongs to his company; staff name the company themselves."""
    kind = registry.get(kind_name)
    if kind is None:
        raise Invalid({"kind": ["Нет такого вида документа."]})
    if not (policy.may_create(actor, kind) or actor.is_system or _clerk_intake(actor, kind)):
        raise Forbidden(f"Ваша роль не создаёт документы вида «{kind.title}».")
    with work(actor, once=once) as unit:
        if unit.earlier is not None:
            return unit.lock(int(str(unit.earlier["record"])))
        record = _new(unit, kind, organisation_id)
        _apply_card(record, card or {})
        errors = _apply(unit, record, kind, fields or {}, {})
        if errors:
            raise Invalid(errors)
        _open(unit, record, kind)
        if reply_to is not None:
            linking.join(unit, record, unit.lock(reply_to), "reply_to")
        unit.result = {"record": record.id}
        return record


def blank(actor: Actor, kind_name: str) -> Record:
    """A draft to begin typing in: the person's own untouched one of this kind, else a new one.

    So opening the form twice, or going back in the browser, leaves no heap of empty drafts.
    """
    with work(actor) as unit:
        found = db.session.scalars(
            select(Record)
            .where(
                Record.author_id == actor.user_id,
                Record.kind == kind_name,
                Record.state == "draft",
                Record.version == 1,
                Record.trashed_at.is_(None),
                Record.organisation_id == actor.organisation_id,
                Record.schema_version == registry[kind_name].schema_version,
            )
            .order_by(Record.id.desc())
            .limit(1)
        ).first()
        return unit.lock(found.id) if found is not None else create(actor, kind_name)


def _clerk_intake(actor: Actor, kind: RecordKind) -> bool:
    """The registry («канцелярия») registers paper and e-mail of any incoming kind (R-23, R-24)."""
    return kind.direction == "in" and "sro_clerk" in actor.roles and not actor.read_only


def _new(unit: Work, kind: RecordKind, organisation_id: int | None) -> Record:
    actor = unit.actor
    if actor.organisation_id is not None and not actor.is_staff:
        if organisation_id not in (None, actor.organisation_id):
            raise NotFound
        organisation_id = actor.organisation_id
    if organisation_id is not None and db.session.get(Organisation, organisation_id) is None:
        raise Invalid({"organisation": ["Нет такой организации."]})
    return Record(
        kind=kind.name,
        title=kind.title,
        organisation_id=organisation_id,
        author_id=actor.user_id,
        state=kind.workflow.initial,
        state_at=unit.at,
        direction=kind.direction,
        channel=actor.channel if kind.direction == "in" else "cabinet",
        case_index=kind.case_index,
        schema_version=kind.schema_version,
        workflow_version=kind.workflow.version,
        payload={},
        created_at=unit.at,
        updated_at=unit.at,
        version=1,
        content_version=1,
        history_count=0,
        history_digest="",
        is_open=True,
        access="normal",
    )


def _open(unit: Work, record: Record, kind: RecordKind) -> None:
    record.title = title_of(record, kind)
    db.session.add(record)
    db.session.flush()
    unit.adopt(record)
    unit.record = record
    unit.history(record, "record.create", to_state=record.state, notify=False)
    if effect := kind.on.get("create"):
        effect(unit)


def _apply_card(record: Record, card: Mapping[str, object]) -> None:
    for name in CARD_FIELDS:
        if card.get(name) not in (None, ""):
            setattr(record, name, card[name])


def save(
    actor: Actor,
    record_id: int,
    fields: Mapping[str, object],
    *,
    version: int | None = None,
    autosave: bool = False,
    once: str | None = None,
) -> Record:
    """Save fields of a draft or returned paper; fields not named stay as they are.

    Autosave keeps what is valid and says what is not: raises Invalid after saving the good part, so
    that nothing typed is lost. A plain save of a wrong value changes nothing.
    """
    with work(actor, once=once) as unit:
        record = unit.lock(record_id, version=None if unit.earlier is not None else version)
        if unit.earlier is not None:
            return record
        kind = registry.of(record)
        if not policy.may_edit(actor, record, kind):
            raise _not_editable(record, kind)
        changes: dict[str, tuple[object, object]] = {}
        errors = _apply(unit, record, kind, fields, changes)
        if errors and not autosave:
            raise Invalid(errors)
        if changes:
            _note_changes(unit, record, kind, changes, autosave)
        unit.result = {"record": record.id}
    if errors:
        raise Invalid(errors)
    return record


def _not_editable(record: Record, kind: RecordKind) -> Exception:
    if record.state in kind.editable_in:
        return Forbidden("Этот документ изменяет другая сторона.")
    return Refused(
        f"Документ в состоянии «{kind.state_title(record.state)}»: изменить его нельзя. "
        "Исправленную редакцию подают после возврата или новым документом."
    )


def _note_changes(
    unit: Work, record: Record, kind: RecordKind, changes: dict[str, tuple[object, object]], autosave: bool
) -> None:
    record.title = title_of(record, kind)
    if record.state == "draft" and record.number_text is None:
        # A draft nobody else has seen: its keystrokes are not history, its filing is.
        unit.touch(record)
    else:
        unit.history(record, "record.edit", changes=changes, notify=False)


def _apply(
    unit: Work,
    record: Record,
    kind: RecordKind,
    fields: Mapping[str, object],
    changes: dict[str, tuple[object, object]],
) -> dict[str, list[str]]:
    """Check and set values; returns errors by field and collects changes (old, new)."""
    payload = dict(record.payload or {})
    errors: dict[str, list[str]] = {}
    for name, raw in fields.items():
        field = kind.field(name)
        if field is None:
            errors[name] = ["Нет такого поля."]
            continue
        if field.staff_only and not (unit.actor.is_staff or unit.actor.is_system):
            continue
        try:
            value = field.clean(raw, unit.today)
        except Wrong as wrong:
            errors[name] = [str(wrong)]
            continue
        if payload.get(name) != value and not (value is None and name not in payload):
            changes[name] = (payload.get(name), value)
            payload[name] = value
    record.payload = payload
    return errors


def title_of(record: Record, kind: RecordKind) -> str:
    """The title as the kind's template gives it; the title field wins when it is filled."""
    payload = record.payload or {}
    own = payload.get(kind.title_field) if kind.title_field else None
    if own:
        return str(own)[:500]
    organisation = db.session.get(Organisation, record.organisation_id) if record.organisation_id else None
    values = {f.name: f.show(payload.get(f.name)) for f in kind.data_fields}
    values |= {"title": kind.title, "organisation": organisation.short_name if organisation else ""}
    return kind.heading.format_map(_Blank(values)).strip(" :—-")[:500] or kind.title


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def start_reply(actor: Actor, record_id: int, kind_name: str = "reply", *, once: str | None = None) -> Record:
    """Make a reply's draft from a request: addressee, «На № … от …» and the link are filled (R-14)."""
    with work(actor, once=once) as unit:
        if unit.earlier is not None:
            return unit.lock(int(str(unit.earlier["record"])))
        request = unit.lock(record_id)
        kind = registry[request.kind]
        if kind_name not in kind.replies:
            raise Refused("На документ этого вида такой ответ не предусмотрен.")
        if request.number_text is None:
            raise Refused("Документ ещё не зарегистрирован: отвечать не на что.")
        target = registry[kind_name]
        subject = f"О документе «{request.title}»" if target.field("subject") else None
        fields: dict[str, object] = {"subject": subject} if subject else {}
        if target.field("final") is not None:
            fields["final"] = True  # an interim answer is the exception: the author clears the mark
        reply = create(
            actor, kind_name, organisation_id=request.organisation_id, fields=fields, reply_to=record_id
        )
        reply.their_number = request.number_text
        reply.their_date = request.registered_on
        unit.result = {"record": reply.id}
        return reply
