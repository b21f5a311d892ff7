"""A company or a person found by what people type: ИНН, number in the register, name, e-mail."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import or_, select

from records.database import db
from records.errors import Invalid
from records.people import Organisation, User

T = TypeVar("T")


def organisation(text: str, *, field: str = "organisation") -> Organisation:
    """One company. Raises Invalid at the field when none or several fit."""
    word = text.strip()
    exact = or_(
        Organisation.inn == word, Organisation.register_number == word, Organisation.short_name == word
    )
    found = list(db.session.scalars(select(Organisation).where(exact).limit(2)))
    if not found and len(word) > 2:
        like = Organisation.short_name.contains(word, autoescape=True)
        found = list(db.session.scalars(select(Organisation).where(like).limit(2)))
    return _one(
        found, field, "Такой организации нет. Введите ИНН.", "Подходит несколько организаций: введите ИНН."
    )


def person(text: str, *, field: str = "person") -> User:
    """One person. Raises Invalid at the field when none or several fit."""
    word = text.strip()
    found = list(db.session.scalars(select(User).where(User.email == word.lower()).limit(2)))
    if not found and len(word) > 2:
        found = list(
            db.session.scalars(select(User).where(User.name.contains(word, autoescape=True)).limit(2))
        )
    return _one(
        found, field, "Такого человека нет. Введите e-mail.", "Подходит несколько человек: введите e-mail."
    )


def _one(found: list[T], field: str, none: str, many: str) -> T:
    if len(found) != 1:
        raise Invalid({field: [many if found else none]})
    return found[0]
