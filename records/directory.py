"""Who is who, for pick lists: companies by name or ИНН, employees a record can be given to."""

from __future__ import annotations

from sqlalchemy import inspect, select

from .actor import STAFF_ROLES
from .database import db
from .model import Record
from .people import Organisation, Seat, User


def organisation_id_of(inn: str) -> int | None:
    """The company with this ИНН."""
    return db.session.scalar(select(Organisation.id).where(Organisation.inn == inn))


def organisation_of(record: Record) -> Organisation | None:
    """The company of a record the caller has already been allowed to see."""
    if "organisation" not in inspect(record).unloaded:
        return record.organisation
    return db.session.get(Organisation, record.organisation_id) if record.organisation_id else None


def organisations(text: str, *, limit: int = 20) -> list[Organisation]:
    """Companies by the beginning of the ИНН or a part of the name (staff's pick list)."""
    wanted = (
        select(Organisation).where(Organisation.role != "sro").order_by(Organisation.short_name).limit(limit)
    )
    word = text.strip()
    if word.isdigit():
        wanted = wanted.where(Organisation.inn.startswith(word))
    elif word:
        wanted = wanted.where(Organisation.short_name.icontains(word, autoescape=True))
    return list(db.session.scalars(wanted))


def organisation_named(text: str) -> Organisation | None:
    """The one company with this ИНН or exactly this name, or None when it is not one."""
    exact = (
        select(Organisation).where((Organisation.inn == text) | (Organisation.short_name == text)).limit(2)
    )
    found = list(db.session.scalars(exact)) or organisations(text, limit=2)
    return found[0] if len(found) == 1 else None


def employees() -> list[tuple[int, str]]:
    """Employees a record can be given to: id and name with position."""
    rows = db.session.execute(
        select(User.id, User.name, User.position)
        .join(Seat, Seat.user_id == User.id)
        .where(Seat.organisation_id.is_(None), Seat.role.in_(sorted(STAFF_ROLES)), User.is_active.is_(True))
        .distinct()
        .order_by(User.name)
    )
    return [(user_id, f"{name}, {position}" if position else name) for user_id, name, position in rows]
