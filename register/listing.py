"""The list of members by the row of present values: filters, order, a page by key; never loads facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from records.database import db
from records.people import Organisation

from .cards import folded
from .model import MemberCard

PAGE = 50
INSURANCE = {"over": "Окончилось", "30": "До 30 дней", "60": "До 60 дней", "none": "Нет договора"}


@dataclass(frozen=True)
class Asked:
    """Filters of the list as they stand in the address."""

    text: str = ""
    membership: str = "member"
    right: str = ""
    odo: str = ""
    vv_level: int | None = None
    odo_level: int | None = None
    obligations: str = ""
    insurance: str = ""
    debtors: bool = False
    curator: int | None = None
    after: str = ""


@dataclass(frozen=True)
class Page:
    """Rows of a page, how many there are in all, and the key of the next page."""

    rows: Sequence[MemberCard]
    total: int
    next_key: str


def page(asked: Asked, today: date, *, limit: int = PAGE) -> Page:
    """The members asked for, by their numbers in the register."""
    wanted = matching(asked, today)
    total = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    if asked.after:
        number, _, last = asked.after.rpartition("_")
        if last.isdecimal():
            wanted = wanted.where(
                or_(
                    MemberCard.register_number > number,
                    and_(MemberCard.register_number == number, MemberCard.organisation_id > int(last)),
                )
            )
    rows = db.session.scalars(wanted.limit(limit + 1)).all()
    more = len(rows) > limit
    last_row = rows[limit - 1] if more else None
    key = f"{last_row.register_number}_{last_row.organisation_id}" if last_row else ""
    return Page(rows[:limit], total, key)


def matching(asked: Asked, today: date) -> Select[MemberCard]:
    """The statement of the list (Excel and bulk acts take the same)."""
    tests: list[ColumnElement[bool]] = []
    for column, value in (
        (MemberCard.membership_status, asked.membership),
        (MemberCard.right_status, asked.right),
        (MemberCard.odo_right_status, asked.odo),
        (MemberCard.obligations_state, asked.obligations),
    ):
        if value:
            tests.append(column == value)
    if asked.vv_level is not None:
        tests.append(MemberCard.vv_level == asked.vv_level)
    if asked.odo_level is not None:
        tests.append(MemberCard.odo_level == asked.odo_level)
    if asked.debtors:
        tests.append(MemberCard.debt > 0)
    if asked.insurance:
        tests.append(_insurance(asked.insurance, today))
    tests += [MemberCard.search.contains(word, autoescape=True) for word in folded(asked.text).split()]
    wanted = select(MemberCard).where(*tests).order_by(MemberCard.register_number, MemberCard.organisation_id)
    if asked.curator is not None:
        mine = select(Organisation.id).where(Organisation.curator_id == asked.curator)
        wanted = wanted.where(MemberCard.organisation_id.in_(mine))
    return wanted


def _insurance(code: str, today: date) -> ColumnElement[bool]:
    ends = MemberCard.insured_until
    if code == "none":
        return ends.is_(None)
    if code == "over":
        return ends < today
    return ends.between(today, today + timedelta(days=int(code)))


def totals() -> dict[str, int]:
    """Figures above the list."""
    row = db.session.execute(
        select(
            func.count().filter(MemberCard.membership_status == "member"),
            func.count().filter(MemberCard.right_status == "suspended"),
            func.count().filter(MemberCard.obligations_state == "exceeded"),
            func.count().filter(and_(MemberCard.debt > 0, MemberCard.membership_status == "member")),
        )
    ).one()
    return dict(zip(("members", "suspended", "exceeded", "debtors"), row, strict=True))
