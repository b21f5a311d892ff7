"""Files of a record: received outside the transaction, judged by content, kept by address,
then referred to."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import IO

from sqlalchemy import bindparam, select

from attachments.formats import SIGNATURE
from attachments.inspection import Inspection, inspect

from .. import outbox, policy
from ..actor import Actor
from ..database import db
from ..errors import Forbidden, Invalid, NotFound, Refused
from ..kinds import RecordKind, registry
from ..model import Record, RecordAccess, StoredFile
from ..storage import Received, storage
from .unit import Work, glance, work

MAX_BYTES = 200 * 1024 * 1024
MAX_SIGNATURE = 5 * 1024 * 1024


@dataclass(frozen=True)
class Attached:
    """What the person is told: the file, the warnings, and where the same bytes lie already (R-35)."""

    file: StoredFile
    warnings: tuple[str, ...] = ()
    duplicates: tuple[int, ...] = ()


def attach(
    actor: Actor,
    record_id: int,
    stream: IO[bytes],
    name: str,
    *,
    slot: str = "files",
    replaces: int | None = None,
    once: str | None = None,
    limit: int = MAX_BYTES,
) -> Attached:
    """Add a file to a record. Raises Invalid with a plain text when the content is not accepted."""
    _may_attach(
        Work(actor), glance(actor, record_id), slot, replaces
    )  # refuse a stranger before taking his bytes
    db.session.rollback()
    try:
        received = storage().receive(stream, limit=limit)
    except ValueError as error:
        raise Invalid({slot: [f"Файл «{name}» больше {limit // 2**20} МБ."]}) from error
    try:
        verdict = inspect(received.path, name)
        if verdict.verdict == "refuse":
            raise Invalid({slot: [verdict.message_ru]})
        storage().keep(received)  # slow and harmless: bytes nobody refers to are swept later
        return _keep(actor, record_id, received, verdict, slot=slot, replaces=replaces, once=once)
    finally:
        storage().discard(received)


def attach_signature(
    actor: Actor,
    file_id: int,
    stream: IO[bytes],
    name: str,
    *,
    once: str | None = None,
    limit: int = MAX_SIGNATURE,
    is_read: bool = False,
    also: Callable[[Work, StoredFile], None] | None = None,
) -> Attached:
    """Keep a detached signature beside the file it signs, as it came; nothing is verified here.

    `is_read`: the caller has read it as a signature, whatever its name; `also` is done in the same
    transaction.
    """
    signed = db.session.get(StoredFile, file_id)
    if signed is None:
        raise NotFound
    record = glance(actor, signed.record_id)
    if signed.removed_at is not None or signed.signature_of is not None:
        raise NotFound
    _may_sign(actor, record)
    record_id, slot = record.id, signed.slot
    db.session.rollback()
    try:
        received = storage().receive(stream, limit=limit)
    except ValueError as error:
        raise Invalid({"file": [f"Подпись «{name}» больше {limit // 2**20} МБ."]}) from error
    try:
        verdict = inspect(received.path, name)
        if is_read and verdict.reason != "malware":
            verdict = replace(verdict, type=SIGNATURE, message_ru="")
        elif verdict.verdict == "refuse":
            raise Invalid({"file": [verdict.message_ru]})
        elif verdict.type != SIGNATURE:
            raise Invalid({"file": ["Это не файл подписи: ожидается .sig, .p7s или .sgn."]})
        return _keep_signature(actor, record_id, file_id, received, verdict, slot=slot, once=once, also=also)
    finally:
        storage().discard(received)


def _may_sign(actor: Actor, record: Record) -> None:
    if not policy.may_sign(actor, record, registry[record.kind]):
        raise Forbidden("Подпись к этому файлу сейчас приложить нельзя.")


def _keep_signature(
    actor: Actor,
    record_id: int,
    file_id: int,
    received: Received,
    verdict: Inspection,
    *,
    slot: str,
    once: str | None,
    also: Callable[[Work, StoredFile], None] | None = None,
) -> Attached:
    with work(actor, once=once) as unit:
        record = unit.lock(record_id)
        if unit.earlier is not None:
            found = db.session.get(StoredFile, unit.earlier.get("file"))
            if found is None:
                raise NotFound
            return Attached(found)
        _may_sign(actor, record)
        storage().keep(received)
        entry = _row(unit, record, received, verdict.name, verdict.type, slot, "signature")
        entry.signature_of, entry.text_state = file_id, "none"
        db.session.add(entry)
        db.session.flush()
        unit.history(
            record, "file.sign", changes={"signature": (None, named(entry))}, notify=record.state != "draft"
        )
        if also is not None:
            also(unit, entry)
        unit.result = {"record": record.id, "file": entry.id}
        return Attached(entry, (verdict.message_ru,) if verdict.message_ru else ())


def attach_bytes(
    actor: Actor,
    record_id: int,
    content: bytes,
    name: str,
    *,
    media_type: str,
    slot: str = "documents",
    origin: str = "generated",
) -> StoredFile:
    """Add a file the program itself made (a reply's PDF, a receipt); replaces the former one of that name."""
    received = storage().receive(io.BytesIO(content), limit=MAX_BYTES)
    with work(actor) as unit:
        record = unit.lock(record_id)
        same = db.session.scalars(
            select(StoredFile).where(
                StoredFile.record_id == record_id,
                StoredFile.slot == slot,
                StoredFile.name == name,
                StoredFile.origin == origin,
                StoredFile.removed_at.is_(None),
            )
        ).all()
        if same and same[-1].sha256 == received.sha256:
            storage().discard(received)
            return same[-1]
        storage().keep(received)
        entry = _row(unit, record, received, name, media_type, slot, origin)
        if same:
            entry.replaces = same[-1].id
            same[-1].removed_at = unit.at
        db.session.add(entry)
        db.session.flush()
        verb = "file.add" if origin == "upload" else "file.generate"
        unit.history(record, verb, changes={"file": (None, named(entry))}, notify=False)
        outbox.put("extract", entry.sha256, {"sha256": entry.sha256})
        return entry


def _row(
    unit: Work, record: Record, received: Received, name: str, media_type: str, slot: str, origin: str
) -> StoredFile:
    return StoredFile(
        record_id=record.id,
        slot=slot,
        name=name,
        media_type=media_type,
        size=received.size,
        sha256=received.sha256,
        streebog256=received.streebog256,
        flags=[],
        text_state="pending",
        origin=origin,
        uploaded_by=unit.actor.user_id,
        uploaded_at=unit.at,
    )


def _may_attach(unit: Work, record: Record, slot: str, replaces: int | None) -> None:
    kind = registry[record.kind]
    field = next((f for f in kind.slots if f.name == slot), None)
    if field is None and kind.slots and slot != "files":
        raise Invalid({slot: ["У документа нет такого места для файлов."]})
    if replaces is not None and _may_replace(unit.actor, record):
        return
    invited = field is not None and record.state in field.open_in and unit.actor.roles & field.open_to
    if invited and not unit.actor.read_only:
        return
    if not policy.may_edit(unit.actor, record, kind):
        if record.number_text is not None:
            raise Refused(
                "Документ зарегистрирован: файлы в нём не меняются. Можно приложить новую версию, "
                "прежняя останется."
            )
        raise Forbidden("Прикладывать файлы к этому документу может его автор.")


def _may_replace(actor: Actor, record: Record) -> bool:
    """A new version beside the old one is all that a registered record allows (R-27)."""
    return (actor.may_handle or actor.is_system) and record.number_text is not None


def _keep(
    actor: Actor,
    record_id: int,
    received: Received,
    verdict: Inspection,
    *,
    slot: str,
    replaces: int | None,
    once: str | None,
) -> Attached:
    with work(actor, once=once) as unit:
        record = unit.lock(record_id)
        if unit.earlier is not None:
            found = db.session.get(StoredFile, unit.earlier.get("file"))
            if found is None:
                raise NotFound
            return Attached(found)
        _may_attach(unit, record, slot, replaces)
        _room(record, registry[record.kind], slot)
        entry = _row(unit, record, received, verdict.name, verdict.type, slot, "upload")
        entry.flags = list(verdict.flags)
        entry.replaces = _replaced(record, replaces)
        db.session.add(entry)
        db.session.flush()
        same = _duplicates(actor, record, received.sha256)
        unit.history(
            record,
            "file.replace" if replaces else "file.add",
            changes={"file": (None, named(entry))},
            notify=record.state != "draft",
        )
        outbox.put("extract", entry.sha256, {"sha256": entry.sha256})
        unit.result = {"record": record.id, "file": entry.id}
        warnings = (verdict.message_ru,) if verdict.message_ru else ()
        return Attached(entry, warnings, same)


def named(entry: StoredFile) -> str:
    """A file as the history names it."""
    return f"{entry.name} ({entry.size} байт, SHA-256 {entry.sha256})"


def _replaced(record: Record, replaces: int | None) -> int | None:
    if replaces is None:
        return None
    old = db.session.get(StoredFile, replaces)
    if old is None or old.record_id != record.id:
        raise NotFound
    return old.id


_PRESENT = select(StoredFile.slot).where(
    StoredFile.record_id == bindparam("id"), StoredFile.removed_at.is_(None)
)
_SAME_BYTES = (
    select(StoredFile.record_id)
    .join(RecordAccess, RecordAccess.record_id == StoredFile.record_id)
    .where(
        StoredFile.sha256 == bindparam("sha256"),
        StoredFile.record_id != bindparam("id"),
        StoredFile.removed_at.is_(None),
        RecordAccess.label.in_(bindparam("labels", expanding=True)),
    )
    .distinct()
    .limit(5)
)
# Built once: putting a statement together costs more than running it.


def _room(record: Record, kind: RecordKind, slot: str) -> None:
    present = db.session.scalars(_PRESENT, {"id": record.id}).all()
    if len(present) >= kind.max_files:
        raise Refused(f"В документе уже {kind.max_files} файлов. Сложите остальные в архив.")
    field = next((f for f in kind.slots if f.name == slot), None)
    if field is not None and not field.many and slot in present:
        raise Refused(f"В «{field.label}» помещается один файл. Удалите прежний.")


def _duplicates(actor: Actor, record: Record, sha256: str) -> tuple[int, ...]:
    """Other records the actor may see that hold the same bytes."""
    labels: Sequence[str] = sorted(policy.actor_labels(actor))
    return tuple(db.session.scalars(_SAME_BYTES, {"sha256": sha256, "id": record.id, "labels": labels}))


def remove_file(actor: Actor, file_id: int) -> None:
    """Take a file out of a draft or returned paper; what was registered before stays in its snapshot."""
    entry = db.session.get(StoredFile, file_id)
    if entry is None:
        raise NotFound
    with work(actor) as unit:
        record = unit.lock(entry.record_id)
        locked = db.session.get(StoredFile, file_id)
        if locked is None or locked.removed_at is not None:
            raise NotFound
        if not policy.may_edit(actor, record, registry[record.kind]):
            raise Refused("Документ зарегистрирован: файлы из него не удаляются.")
        locked.removed_at = unit.at
        unit.history(record, "file.remove", changes={"file": (named(locked), None)}, notify=False)
