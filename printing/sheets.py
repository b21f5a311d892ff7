"""The approval sheet and the label of a record (R-42, R-23)."""

from __future__ import annotations

from documents.model import ApprovalSheet, ApprovalStep, Label
from records import parameters, query
from records.actor import Actor
from records.database import now
from records.errors import Refused
from records.kinds import registry
from records.model import Record
from workflows.reference import role_titles

from .check_code import address_of
from .office import letterhead


def approval_sheet(actor: Actor, record: Record) -> ApprovalSheet:
    """Every step of a record: who, when, what he decided, with what remarks, on which version."""
    kind = registry[record.kind]
    zone = parameters.zone()
    steps, version, received = [], 1, None
    for step in query.history(actor, record):
        if not step.to_state or step.to_state == step.from_state:
            continue
        if step.from_state == "returned":
            version += 1
        at = step.at.astimezone(zone)
        note = str(step.values.get("note", {}).get("new") or "")
        steps.append(
            ApprovalStep(
                stage=kind.state_title(step.from_state or step.to_state),
                person=step.actor + (f" (за {step.acting_for})" if step.acting_for else ""),
                position=role_titles().get(step.role, ""),
                version=version,
                received_at=received,
                decided_at=at,
                decision=kind.state_title(step.to_state),
                remarks=(note,) if note else (),
            )
        )
        received = at
    return ApprovalSheet(
        organisation=letterhead(record.registered_on),
        document=f"{kind.title}: {record.title}",
        steps=tuple(steps),
        made_at=now().astimezone(zone),
        number=record.number_text or "",
        registered_on=record.registered_on,
        qr_url=address_of(record.id) if record.number_text else "",
    )


def label(record: Record) -> Label:
    """The sticker of a paper: number, date, shelf, a bar code for the scanner and a QR for people."""
    if record.number_text is None or record.registered_on is None:
        raise Refused("Этикетка печатается после регистрации.")
    return Label(
        organisation=letterhead().name,
        number=record.number_text,
        registered_on=record.registered_on,
        code=f"V{record.id:08d}",
        place=record.original_place,
        qr_url=address_of(record.id),
    )
