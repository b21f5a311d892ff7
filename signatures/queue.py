"""The order of signers (S-06), declining and forwarding (S-21), and the paper path (S-07)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update

from accounts.actors import actor_for
from messaging import notify
from records import policy, query, service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, Invalid, NotFound, Refused
from records.kinds import registry
from records.model import Record, StoredFile
from records.people import Seat, User
from records.service import work
from records.service.unit import Work

from . import log
from .model import Signature, SigningTask
from .subject import signable

OPEN = ("waiting", "asked")
STATES = {
    "waiting": "ждёт очереди",
    "asked": "ожидается подпись",
    "signed": "подписано",
    "declined": "отказ",
    "cancelled": "отменено",
}
MOST = 30


def check_right(actor: Actor, record: Record) -> None:
    """Raise Forbidden when this person does not sign this record."""
    if not policy.may_sign(actor, record, registry[record.kind]):
        raise Forbidden("Подписывать этот документ может его сторона: руководитель или представитель.")


def check_turn(actor: Actor, record: Record) -> None:
    """Raise Refused while somebody before this person in the order has not signed."""
    open_tasks = tasks(record.id, open_only=True)
    mine = next((task for task in open_tasks if task.user_id == actor.user_id), None)
    if mine is None or mine.state == "asked":
        return
    first = next(task for task in open_tasks if task.state == "asked")
    user = db.session.get(User, first.user_id)
    raise Refused(f"Сейчас не ваша очередь: сначала подписывает {user.name if user else 'другой человек'}.")


def tasks(record_id: int, *, open_only: bool = False) -> list[SigningTask]:
    """The latest order of signers of a record."""
    latest = select(func.max(SigningTask.round)).where(SigningTask.record_id == record_id).scalar_subquery()
    found = (
        select(SigningTask)
        .where(SigningTask.record_id == record_id, SigningTask.round == latest)
        .order_by(SigningTask.position)
    )
    if open_only:
        found = found.where(SigningTask.state.in_(OPEN))
    return list(db.session.scalars(found))


def set_order(actor: Actor, record_id: int, user_ids: Sequence[int]) -> list[SigningTask]:
    """Name the signers in their order; the first is asked at once, an earlier order ends."""
    chosen = list(dict.fromkeys(user_ids))
    if not chosen:
        raise Invalid({"signers": ["Назовите хотя бы одного подписанта."]})
    if len(chosen) > MOST:
        raise Invalid({"signers": [f"Подписантов не больше {MOST}."]})
    with work(actor) as unit:
        record = unit.lock(record_id)
        check_right(actor, record)
        for user_id in chosen:
            _may_be_asked(record, user_id)
        _cancel(record_id)
        number = db.session.scalar(
            select(func.max(SigningTask.round)).where(SigningTask.record_id == record_id)
        )
        made = [
            SigningTask(
                record_id=record_id,
                round=(number or 0) + 1,
                position=position,
                user_id=user_id,
                state="waiting",
                set_by=actor.user_id,
                set_at=unit.at,
            )
            for position, user_id in enumerate(chosen, 1)
        ]
        db.session.add_all(made)
        db.session.flush()
        names = [person_name(user_id) for user_id in chosen]
        unit.history(record, "sign.order", changes={"signers": (None, ", ".join(names))}, notify=False)
        _ask_next(unit, record)
        return made


def _may_be_asked(record: Record, user_id: int) -> None:
    user = db.session.get(User, user_id)
    if user is None or not user.is_active:
        raise Invalid({"signers": ["Такого пользователя нет или его доступ прекращён."]})
    for seat in [*user.seats, None]:
        who = actor_for(user, seat_id=seat.id) if seat is not None else actor_for(user)
        if query.visible_ids(who, [record.id]) and policy.may_sign(who, record, registry[record.kind]):
            return
    raise Refused(f"{user.name}: нет полномочий подписать этот документ.")


def person_name(user_id: int) -> str:
    user = db.session.get(User, user_id)
    return user.name if user else ""


def _cancel(record_id: int) -> None:
    db.session.execute(
        update(SigningTask)
        .where(SigningTask.record_id == record_id, SigningTask.state.in_(OPEN))
        .values(state="cancelled")
    )


def _ask_next(unit: Work, record: Record) -> None:
    """Ask the first of those who wait; when nobody waits, whoever set the order is told."""
    order = tasks(record.id)
    if any(task.state == "asked" for task in order):
        return
    following = next((task for task in order if task.state == "waiting"), None)
    if following is None:
        _tell_done(record, order)
        return
    following.state, following.asked_at = "asked", unit.at
    log.note(unit, record, "sent", text=person_name(following.user_id))
    notify.tell(
        [following.user_id],
        "документ ждёт вашей подписи",
        f"/sign/{record.id}",
        subject=record.title,
        group="incoming",
        record_id=record.id,
        key=f"sign:{following.id}:{following.user_id}",
    )


def _tell_done(record: Record, order: Sequence[SigningTask]) -> None:
    if order and order[0].set_by is not None and all(task.state == "signed" for task in order):
        notify.tell(
            [order[0].set_by],
            "документ подписан всеми",
            f"/records/{record.id}",
            subject=record.title,
            record_id=record.id,
            key=f"signed:{order[-1].id}",
        )


def signed(unit: Work, record: Record) -> None:
    """A signature has come in: the person's task is done when every file has his signature."""
    task = next((t for t in tasks(record.id) if t.state == "asked" and t.user_id == unit.actor.user_id), None)
    if task is None or _unsigned(record, task.user_id):
        return
    task.state, task.done_at = "signed", unit.at
    db.session.flush()
    _ask_next(unit, record)


def _unsigned(record: Record, user_id: int) -> bool:
    mine = set(
        db.session.scalars(
            select(Signature.file_id).where(
                Signature.record_id == record.id,
                Signature.uploaded_by == user_id,
                Signature.indication != "TOTAL_FAILED",
            )
        )
    )
    return any(entry.id not in mine for entry in signable(record))


def done_otherwise(unit: Work, record: Record) -> None:
    """Signed by a simple signature or on paper: the task is done all the same."""
    task = next((t for t in tasks(record.id) if t.state == "asked" and t.user_id == unit.actor.user_id), None)
    if task is not None:
        task.state, task.done_at = "signed", unit.at
        db.session.flush()
        _ask_next(unit, record)


def _mine(unit: Work, task_id: int) -> tuple[SigningTask, Record]:
    task = db.session.get(SigningTask, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.user_id != unit.actor.user_id:
        raise NotFound
    record = unit.lock(task.record_id)
    if task.state not in OPEN:
        raise Refused(f"Это поручение уже закрыто: {STATES[task.state]}.")
    return task, record


def decline(actor: Actor, task_id: int, reason: str) -> None:
    """Refuse to sign, with a reason; the paper returns to its author where its workflow has such a move."""
    if not reason.strip():
        raise Invalid({"reason": ["Напишите, почему вы не подписываете."]})
    with work(actor) as unit:
        task, record = _mine(unit, task_id)
        task.state, task.reason, task.done_at = "declined", reason.strip()[:500], unit.at
        _cancel(record.id)
        unit.history(record, "sign.decline", note=reason.strip()[:500])
        log.note(unit, record, "declined", text=reason.strip())
        told = {person for person in (record.author_id, task.set_by) if person and person != actor.user_id}
        notify.tell(
            told,
            "отказ в подписании",
            f"/records/{record.id}",
            subject=record.title,
            record_id=record.id,
            key=f"declined:{task.id}",
        )
        db.session.flush()
        for move in query.actions(actor, record):
            if move.allowed and move.target in ("draft", "returned"):
                service.act(actor, record.id, move.verb, note=reason.strip()[:500])
                break


def forward(actor: Actor, task_id: int, user_id: int, reason: str = "") -> None:
    """Hand one's place over to another who may sign the same record."""
    with work(actor) as unit:
        task, record = _mine(unit, task_id)
        if user_id == actor.user_id:
            raise Invalid({"user": ["Выберите другого человека."]})
        _may_be_asked(record, user_id)
        task.forwarded_from, task.user_id = actor.user_id, user_id
        task.reason = reason.strip()[:500]
        name = person_name(user_id)
        unit.history(record, "sign.forward", changes={"signers": (actor.name, name)}, note=reason.strip())
        log.note(unit, record, "forwarded", text=f"{name}. {reason.strip()}".strip(". ") + ".")
        if task.state == "asked":
            task.state = "waiting"
            db.session.flush()
            _ask_next(unit, record)


def on_paper(actor: Actor, record_id: int, scan_id: int, place: str) -> Record:
    """Signed on paper: the scan is attached already, the original lies at the place named."""
    if not place.strip():
        raise Invalid({"place": ["Укажите, где лежит подписанный оригинал."]})
    with work(actor) as unit:
        record = unit.lock(record_id)
        if not actor.may_handle:
            raise Forbidden("Место оригинала отмечает сотрудник СРО.")
        scan = db.session.get(StoredFile, scan_id)
        if scan is None or scan.record_id != record.id or scan.removed_at is not None:
            raise Invalid({"scan": ["Выберите скан подписанного документа среди его файлов."]})
        was, record.original_place = record.original_place, place.strip()[:200]
        unit.history(
            record,
            "sign.paper",
            changes={"original_place": (was or None, record.original_place), "scan": (None, scan.name)},
        )
        log.note(unit, record, "paper", scan, text=f"Оригинал: {record.original_place}.")
        done_otherwise(unit, record)
        return record


def asked_of(user_id: int) -> list[tuple[SigningTask, Record]]:
    """What waits for a person's signature now, the oldest first."""
    rows = db.session.execute(
        select(SigningTask, Record)
        .join(Record, Record.id == SigningTask.record_id)
        .where(SigningTask.user_id == user_id, SigningTask.state == "asked", Record.trashed_at.is_(None))
        .order_by(SigningTask.asked_at, SigningTask.id)
        .limit(500)
    )
    return [(row[0], row[1]) for row in rows]


def may_sign_people(record: Record) -> list[tuple[int, str]]:
    """Whom the order may name: people of the record's own side."""
    found = select(User).join(Seat, Seat.user_id == User.id).where(User.is_active.is_(True))
    if record.direction == "in" and record.organisation_id is not None:
        found = found.where(Seat.organisation_id == record.organisation_id)
    else:
        found = found.where(Seat.organisation_id.is_(None))
    people: dict[int, str] = {}
    for user in db.session.scalars(found.distinct().order_by(User.name)).unique():
        people[user.id] = f"{user.name}, {user.position}" if user.position else user.name
    return list(people.items())
