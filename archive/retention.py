"""Retention: what may be destroyed and when, what a hold forbids, and the act by which it is done (R-25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select, update

from records import query
from records.actor import SYSTEM_ACTOR, Actor
from records.database import db, now
from records.errors import Forbidden, Invalid, NotFound
from records.model import FileText, History, HistoryDetail, Hold, Record, Snapshot, StoredFile
from records.service import work
from records.storage import storage

from .file_plan import case_files, keep_until

SETTERS = frozenset({"sro_archivist", "sro_lawyer", "sro_director", "sro_admin"})
LIFTERS = frozenset({"sro_lawyer", "sro_director"})


def set_terms(today: date) -> int:
    """Give closed records their term of keeping (a daily task); returns how many got one."""
    rows = db.session.scalars(
        select(Record).where(
            Record.closed_on.is_not(None), Record.keep_until.is_(None), Record.case_index != ""
        )
    ).all()
    due = {r.id: until for r in rows if r.closed_on and (until := keep_until(r.case_index, r.closed_on))}
    db.session.rollback()
    for record_id, until in due.items():
        with work(SYSTEM_ACTOR) as unit:
            record = unit.lock(record_id)
            record.keep_until = until
            unit.touch(record)
    return len(due)


def hold(actor: Actor, record_id: int, reason: str) -> Hold:
    """Forbid the destruction of a record until the hold is lifted (a lawsuit, an inspection)."""
    if not actor.roles & SETTERS or actor.read_only:
        raise Forbidden("Удержание ставит архив, юрист, руководитель или администратор.")
    if not reason.strip():
        raise Invalid({"reason": ["Укажите основание удержания, например номер судебного дела."]})
    with work(actor) as unit:
        record = unit.lock(record_id)
        entry = Hold(record_id=record.id, reason=reason.strip()[:500], set_by=actor.user_id, set_at=unit.at)
        db.session.add(entry)
        db.session.flush()
        unit.history(record, "hold.set", note=reason, is_public=False, notify=False)
        return entry


def lift(actor: Actor, hold_id: int, reason: str) -> Hold:
    """End a hold, with the reason kept in the history."""
    if not actor.roles & LIFTERS or actor.read_only:
        raise Forbidden("Удержание снимает юрист или руководитель.")
    if not reason.strip():
        raise Invalid({"reason": ["Укажите, почему удержание снято."]})
    found = db.session.get(Hold, hold_id)
    if found is None:
        raise NotFound
    with work(actor) as unit:
        record = unit.lock(found.record_id)
        entry = db.session.get(Hold, hold_id)
        if entry is None or entry.lifted_at is not None:
            raise NotFound
        entry.lifted_at, entry.lifted_by = unit.at, actor.user_id
        unit.history(record, "hold.lift", note=reason, is_public=False, notify=False)
        return entry


def holds(record_id: int) -> list[Hold]:
    """Holds that stand on a record."""
    return list(db.session.scalars(select(Hold).where(Hold.record_id == record_id, Hold.lifted_at.is_(None))))


def why_kept(record: Record, today: date) -> str | None:
    """Why a record may not be destroyed today, or None when it may."""
    if record.number_text is None:
        return "черновик удаляется через корзину"
    if record.is_open or record.closed_on is None:
        return "документ ещё не закрыт в дело"
    standing = holds(record.id)
    if standing:
        return f"удержание: {standing[0].reason}"
    until = keep_until(record.case_index, record.closed_on)
    if until is None:
        return "хранится постоянно"
    if today <= until:
        return f"срок хранения до {until:%d.%m.%Y}"
    return None


@dataclass(frozen=True)
class Candidate:
    """A record whose term has passed, for the act of destruction."""

    record: Record
    case: str
    title: str
    keep_until: date
    needs_review: bool
    held: bool


def candidates(actor: Actor, today: date, *, limit: int = 500) -> list[Candidate]:
    """Records that may go into an act of destruction today."""
    if not actor.is_staff:
        raise Forbidden
    rows = db.session.scalars(
        select(Record)
        .where(Record.keep_until < today, Record.destroyed_at.is_(None), query.visible(actor))
        .order_by(Record.keep_until, Record.id)
        .limit(limit)
    ).all()
    plan = case_files()
    held = set(
        db.session.scalars(
            select(Hold.record_id).where(Hold.lifted_at.is_(None), Hold.record_id.in_([r.id for r in rows]))
        )
    )
    return [
        Candidate(
            r, r.case_index, plan[r.case_index].title, r.keep_until, plan[r.case_index].review, r.id in held
        )
        for r in rows
        if r.case_index in plan and r.keep_until is not None
    ]


def destroy(
    actor: Actor, record_ids: Sequence[int], *, act_number: str, today: date
) -> list[tuple[int, str]]:
    """Carry out an act of destruction; returns the records left with the reason of each.

    The director's deed by an act with a number: contents and files go, the card, its number and the
    bare history stay with a mark (records.md §12). Refused for a record that a term or a hold keeps,
    whoever asks.
    """
    if "sro_director" not in actor.roles or actor.read_only:
        raise Forbidden("Акт об уничтожении утверждает и исполняет руководитель.")
    if not act_number.strip():
        raise Invalid({"act": ["Укажите номер акта о выделении к уничтожению."]})
    left = []
    for record_id in record_ids:
        with work(actor) as unit:
            record = unit.lock(record_id)
            reason = "уже уничтожен" if record.destroyed_at else why_kept(record, today)
            if reason:
                left.append((record_id, reason))
                continue
            gone = _erase(record)
            record.destroyed_at = unit.at
            unit.history(record, "record.destroy", note=f"Акт № {act_number}", notify=False)
        for sha256 in gone:
            storage().remove(sha256)
    return left


def _erase(record: Record) -> list[str]:
    """Erase the content of a record; returns the addresses of bytes nobody else refers to."""
    files = db.session.scalars(select(StoredFile).where(StoredFile.record_id == record.id)).all()
    alone = []
    for entry in files:
        others = (
            db.session.scalar(  # a file taken out of another record still belongs to what was filed there
                select(func.count())
                .select_from(StoredFile)
                .join(Record, Record.id == StoredFile.record_id)
                .where(
                    StoredFile.sha256 == entry.sha256,
                    StoredFile.record_id != record.id,
                    Record.destroyed_at.is_(None),
                )
            )
        )
        entry.removed_at = entry.removed_at or now()
        if not others:
            alone.append(entry.sha256)
    db.session.query(FileText).filter(FileText.sha256.in_(alone)).delete(synchronize_session=False)
    record.payload = {}
    db.session.execute(delete(Snapshot).where(Snapshot.record_id == record.id))
    ids = select(History.id).where(History.record_id == record.id)
    db.session.execute(
        update(HistoryDetail).where(HistoryDetail.history_id.in_(ids)).values(values={}, redacted_at=now())
    )
    return alone
