"""What only the staff see on a card: holds, departments, readers, ready texts."""

from __future__ import annotations

from archive import retention
from desk import boards, reply_templates, samples
from records import parameters
from records.actor import STAFF_ROLES, Actor
from records.kinds import RecordKind
from records.model import Record
from workflows.reference import role_titles


def context(who: Actor, record: Record, kind: RecordKind) -> dict[str, object]:
    """Empty for members and for a curator who looks through a member's eyes."""
    if not who.is_staff or who.read_only:
        return {}
    zone = parameters.zone()
    told = record.kind in (boards.ANNOUNCEMENT, boards.NEWS) and record.state != "draft"
    titles = role_titles()
    filed = record.number_text is not None
    ready = reply_templates.templates() if record.is_open and filed else []
    return {
        "holds": retention.holds(record.id) if filed else [],
        "can_hold": filed and bool(who.roles & retention.SETTERS),
        "can_lift": bool(who.roles & retention.LIFTERS),
        "departments": [(code, titles[code]) for code in titles if code in STAFF_ROLES],
        "readers": [
            (name, at.astimezone(zone).strftime("%d.%m.%Y %H:%M")) for name, at in boards.readers(record.id)
        ]
        if told
        else [],
        "audience": boards.audience_size(record) if told else None,
        "ready": [{"title": t.title, "text": reply_templates.fill(t, record)} for t in ready],
        "can_sample": samples.may_keep(who) and kind.member_files,
    }
