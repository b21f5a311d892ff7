"""«Почему я вижу или не вижу этот документ»: the chain of rules for a person and a record (R-43)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from records import parameters, query
from records import policy as record_policy
from records.actor import Actor
from records.database import db
from records.errors import NotFound, Refused
from records.kinds import registry
from records.model import Number, Record
from records.people import User
from records.policy import Explanation
from records.service import work

from . import journal, policy, roles, seats
from .actors import actor_for, valid_seats


@dataclass(frozen=True)
class SeatAnswer:
    """What one seat of the person gives."""

    seat: str
    sees: bool
    chain: tuple[Explanation, ...]
    actions: tuple[query.Action, ...]


@dataclass(frozen=True)
class Answer:
    """The whole answer about a person and a record. It never shows the record's title or text."""

    person: str
    record_id: int
    number: str
    kind: str
    state: str
    sees: bool
    reasons: tuple[str, ...]
    seats: tuple[SeatAnswer, ...]


def find_record(text: str) -> Record:
    """A record by its id or registration number."""
    word = text.strip().lstrip("№ ").strip()
    conditions = [
        Record.number_text == word,
        Record.id.in_(select(Number.record_id).where(Number.text == word)),
    ]
    if word.isascii() and word.isdigit() and len(word) < 16:
        conditions.append(Record.id == int(word))
    found = db.session.scalars(select(Record).where(or_(*conditions)).limit(2)).all()
    if not found:
        raise NotFound
    if len(found) > 1:
        raise Refused("Этот номер есть у нескольких документов: введите номер записи из адреса её страницы.")
    return found[0]


def explain(actor: Actor, user_id: int, record_text: str) -> Answer:
    """Go through every seat of the person. The question itself is written in the journal."""
    policy.require(policy.may_explain(actor), "Проверять чужие права могут администратор и аудитор.")
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    record = find_record(record_text)
    labels = query.labels(record)
    answers = tuple(_for_seat(seat_actor, title, record, labels) for seat_actor, title in _actors(user))
    sees = user.is_active and any(answer.sees for answer in answers)
    kind = registry[record.kind]
    answer = Answer(
        person=user.name,
        record_id=record.id,
        number=record.number_text or f"запись {record.id}",
        kind=kind.title,
        state=kind.state_title(record.state),
        sees=sees,
        reasons=tuple(_reasons(user, record, sees=sees)),
        seats=answers,
    )
    with work(actor):
        journal.note(
            "access.explained",
            user_id=actor.user_id,
            address=actor.address,
            details={"person": answer.person, "record": answer.number},
        )
    return answer


def _actors(user: User) -> list[tuple[Actor, str]]:
    """An actor for each company and one for the staff seats, as the person would act."""
    found: dict[int | None, tuple[Actor, str]] = {}
    for seat in valid_seats(user, parameters.today()):
        if seat.organisation_id not in found:
            actor = actor_for(user, seat_id=seat.id)
            place = seat.organisation.short_name if seat.organisation else "СРО"
            found[seat.organisation_id] = (actor, f"{place}: {roles.titles(actor.roles)}")
    return list(found.values())


def _for_seat(actor: Actor, title: str, record: Record, labels: frozenset[str]) -> SeatAnswer:
    chain = record_policy.explain(actor, record, labels)
    sees = any(step.holds for step in chain)
    return SeatAnswer(title, sees, tuple(chain), tuple(query.actions(actor, record)) if sees else ())


def _reasons(user: User, record: Record, *, sees: bool) -> list[str]:
    """What stands above the labels: a block, no seats, a draft, a narrow circle."""
    today = parameters.today()
    found = []
    if not user.is_active:
        found.append("Учётная запись заблокирована: человек не видит ничего.")
    if not valid_seats(user, today):
        found.append("У человека нет действующих ролей.")
    found += [
        f"Роль «{roles.title(seat.role)}» закончилась {seat.valid_until:%d.%m.%Y}."
        for seat in user.seats
        if not seats.in_force(seat, today) and seat.valid_until is not None
    ]
    if record.trashed_at is not None:
        found.append("Документ в корзине: его видит только автор.")
    elif record.state in record_policy.PRIVATE_STATES and not sees:
        found.append("Документ ещё не подан: черновик видит только сторона автора.")
    if record.access != "normal":
        found.append("Документ ограниченного доступа: его видят только роли, которые с ним работают.")
    return found
