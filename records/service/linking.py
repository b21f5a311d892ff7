"""Typed links between records, kept once and shown from both ends (records.md §5)."""

from __future__ import annotations

from sqlalchemy import select

from ..actor import Actor
from ..database import db
from ..errors import Forbidden, Invalid, Refused
from ..model import Link, Record
from .unit import Work, work

# type → (how the source calls the target, how the target calls the source)
LINK_TYPES: dict[str, tuple[str, str]] = {
    "reply_to": ("В ответ на", "Ответ"),
    "in_execution_of": ("Во исполнение", "Исполнено"),
    "supplements": ("Дополняет", "Дополнено"),
    "replaces": ("Взамен", "Заменён"),
    "cancels": ("Отменяет", "Отменён"),
    "attachment_to": ("Приложение к", "Приложения"),
    "basis": ("На основании", "Основание для"),
    "same_case": ("По тому же вопросу", "По тому же вопросу"),
}
OFFICE_ONLY = frozenset({"replaces", "cancels", "in_execution_of"})
"""Links that say something of the other paper's force: a member does not cancel a decision of the СРО."""
ACYCLIC = frozenset({"replaces", "cancels"})


def link(actor: Actor, source_id: int, target_id: int, link_type: str) -> Link:
    """Tie two records; the actor must see both."""
    if link_type not in LINK_TYPES:
        raise Invalid({"type": ["Нет такого вида связи."]})
    if source_id == target_id:
        raise Invalid({"target": ["Документ нельзя связать с самим собой."]})
    if actor.read_only:
        raise Forbidden
    if actor.is_staff and not actor.may_handle:
        raise Forbidden
    with work(actor) as unit:
        first, second = sorted((source_id, target_id))
        locked = {i: unit.lock(i) for i in (first, second)}  # one order: two people linking never deadlock
        source = locked[source_id]
        if not (actor.is_staff or actor.is_system or actor.organisation_id == source.organisation_id):
            raise Forbidden("Связать можно только документ своей организации.")
        if link_type in OFFICE_ONLY and not (actor.is_staff or actor.is_system):
            raise Forbidden("Такую связь ставит СРО.")
        return join(unit, locked[source_id], locked[target_id], link_type)


def join(unit: Work, source: Record, target: Record, link_type: str) -> Link:
    """Tie two records inside an act."""
    found = db.session.get(Link, (source.id, target.id, link_type))
    if found is not None:
        return found
    if link_type in ACYCLIC and _reaches(target.id, source.id, link_type):
        raise Refused("Получится круг: эти документы уже связаны в обратную сторону.")
    entry = Link(
        source_id=source.id,
        target_id=target.id,
        type=link_type,
        created_by=unit.actor.user_id,
        created_at=unit.at,
    )
    db.session.add(entry)
    forth, back = LINK_TYPES[link_type]
    public = target.number_text is not None
    unit.history(source, "link.add", changes={"link": (None, f"{forth}: № {target.id}")}, notify=False)
    unit.history(
        target, "link.add", changes={"link": (None, f"{back}: № {source.id}")}, is_public=public, notify=False
    )
    db.session.flush()
    return entry


def _reaches(start: int, goal: int, link_type: str) -> bool:
    seen, todo = {start}, [start]
    while todo:
        rows = db.session.scalars(
            select(Link.target_id).where(Link.source_id == todo.pop(), Link.type == link_type)
        )
        for found in rows:
            if found == goal:
                return True
            if found not in seen:
                seen.add(found)
                todo.append(found)
    return False


def unlink(actor: Actor, source_id: int, target_id: int, link_type: str) -> None:
    """Take a mistaken link off; both histories keep that it was there. A reply's link stays for ever."""
    if not actor.may_handle:
        raise Forbidden
    with work(actor) as unit:
        source, target = unit.lock(source_id), unit.lock(target_id)
        entry = db.session.get(Link, (source_id, target_id, link_type))
        if entry is None:
            return
        if link_type == "reply_to" and source.number_text is not None:
            raise Refused("Связь отправленного ответа с запросом не снимается.")
        db.session.delete(entry)
        forth, back = LINK_TYPES[link_type]
        was: dict[str, tuple[object, object]] = {"link": (f"{forth}: № {target_id}", None)}
        unit.history(source, "link.remove", changes=was, notify=False)
        was = {"link": (f"{back}: № {source_id}", None)}
        unit.history(target, "link.remove", changes=was, notify=False)
