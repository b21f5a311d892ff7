"""Remarks and messages at a record: internal for staff, or visible to the member (R-12, C-42)."""

from __future__ import annotations

from .. import policy
from ..actor import Actor
from ..database import db
from ..errors import Forbidden, Invalid, NotFound
from ..kinds import registry
from ..model import Remark
from .unit import work

MAX_LENGTH = 10_000


def remark(
    actor: Actor,
    record_id: int,
    text: str,
    *,
    public: bool = False,
    blocking: bool = False,
    field: str = "",
    purpose: str = "remark",
    file_id: int | None = None,
    once: str | None = None,
) -> Remark:
    """Add a remark. A blocking one (staff only) stops approval until it is resolved."""
    text = text.strip()
    if not text:
        raise Invalid({"text": ["Напишите текст."]})
    if len(text) > MAX_LENGTH:
        raise Invalid({"text": [f"Слишком длинно: можно не больше {MAX_LENGTH} знаков."]})
    with work(actor, once=once) as unit:
        record = unit.lock(record_id)
        if unit.earlier is not None:
            found = db.session.get(Remark, unit.earlier.get("remark"))
            if found is None:
                raise NotFound
            return found
        if not policy.may_remark(actor, record, public=public):
            raise Forbidden("Сообщение к этому документу оставить нельзя.")
        entry = Remark(
            record_id=record.id,
            author_id=actor.user_id,
            text=text,
            is_public=public,
            is_blocking=blocking and (actor.is_staff or actor.is_system),
            purpose=purpose,
            field=field[:120],
            file_id=file_id,
            created_at=unit.at,
        )
        db.session.add(entry)
        db.session.flush()
        unit.history(record, f"{purpose}.add", note=text, is_public=public)
        unit.result = {"record": record.id, "remark": entry.id}
        return entry


def resolve(actor: Actor, remark_id: int) -> Remark:
    """Take a remark off: its author's side says that it is answered."""
    found = db.session.get(Remark, remark_id)
    if found is None:
        raise NotFound
    with work(actor) as unit:
        record = unit.lock(found.record_id)
        entry = db.session.get(Remark, remark_id)
        if entry is None or not (entry.is_public or policy.may_see_internal(actor)):
            raise NotFound
        # Whoever corrects the cell says so himself; a wrong correction gets another remark (F-35).
        mends = entry.is_public and bool(entry.field) and policy.may_edit(actor, record, registry.of(record))
        if actor.read_only or not (actor.may_handle or entry.author_id == actor.user_id or mends):
            raise Forbidden("Замечание снимает тот, кто его поставил, или сотрудник СРО.")
        if entry.resolved_at is None:
            entry.resolved_at, entry.resolved_by = unit.at, actor.user_id
            unit.history(record, "remark.resolve", note=entry.text[:200], is_public=entry.is_public)
        return entry
