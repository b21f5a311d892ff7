"""What is being signed in a browser: the server names the bytes, takes the results one by one, and can go on
where it was interrupted (S-19, S-22)."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Sequence
from datetime import timedelta

from attachments.digests import streebog256
from records import query
from records.actor import Actor
from records.database import db, now
from records.errors import Invalid, NotFound, Refused
from records.model import StoredFile
from records.service import work
from records.storage import storage

from . import intake, queue, trust
from .model import Signature, SigningOperation

LIFE = timedelta(hours=2)
MOST = 500
SOURCES = frozenset({"plugin", "test", "upload"})


def begin(actor: Actor, file_ids: Sequence[int], purpose: str = "") -> SigningOperation:
    """Open an operation over files the actor may sign."""
    chosen = list(dict.fromkeys(file_ids))
    if not chosen:
        raise Invalid({"files": ["Выберите, что подписать."]})
    if len(chosen) > MOST:
        raise Invalid({"files": [f"За один раз — не больше {MOST} файлов."]})
    if actor.user_id is None:
        raise NotFound
    items = [_item(actor, number, file_id) for number, file_id in enumerate(chosen, 1)]
    with work(actor) as unit:
        row = SigningOperation(
            id=secrets.token_urlsafe(18),
            user_id=actor.user_id,
            purpose=purpose[:200],
            items=items,
            done={},
            created_at=unit.at,
            expires_at=unit.at + LIFE,
        )
        db.session.add(row)
    return row


def _item(actor: Actor, number: int, file_id: int) -> dict[str, object]:
    entry, record = query.file(actor, file_id)
    if entry.signature_of is not None:
        raise Invalid({"files": ["Подпись не подписывают: выберите сам документ."]})
    queue.check_right(actor, record)
    queue.check_turn(actor, record)
    return {
        "file": entry.id,
        "name": entry.name,
        "size": entry.size,
        "sha256": entry.sha256,
        "streebog256": _streebog(entry),
        "sequence": number,
        "record": record.id,
    }


def _streebog(entry: StoredFile) -> str | None:
    return entry.streebog256 or streebog256(storage().path(entry.sha256))


def find(actor: Actor, operation_id: str) -> SigningOperation:
    """One's own operation. Raises NotFound."""
    row = db.session.get(SigningOperation, operation_id)
    if row is None or row.user_id != actor.user_id:
        raise NotFound
    return row


def sign(actor: Actor, operation_id: str, file_id: int, text: str, source: str) -> Signature:
    """Take the signature of one file of an operation; a second try gives the first one's result."""
    row = find(actor, operation_id)
    earlier = row.done.get(str(file_id))
    if earlier is not None:
        found = db.session.get(Signature, earlier)
        if found is not None:
            return found
    if row.expires_at < now():
        raise Refused("Время операции вышло. Откройте страницу подписания заново: подписанное сохранено.")
    if file_id not in {item["file"] for item in row.items}:
        raise NotFound
    if source not in SOURCES:
        raise Invalid({"source": ["Неизвестный источник подписи."]})
    if source == "test" and not trust.is_test_mode():
        raise Refused("Учебный режим выключен: тестовая подпись не принимается.")
    entry = intake.receive(actor, file_id, _decoded(text), source=source, operation_id=operation_id)
    with work(actor):
        locked = db.session.get(SigningOperation, operation_id, with_for_update=True, populate_existing=True)
        assert locked is not None
        locked.done = {**locked.done, str(file_id): entry.id}
    return entry


def _decoded(text: str) -> bytes:
    """What the plug-in gives is Base64 with line breaks; the bytes inside are the signature."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"signature": ["Подпись передана не в Base64."]}) from error


def left(row: SigningOperation) -> list[int]:
    """Files of an operation that are not signed yet."""
    return [int(str(item["file"])) for item in row.items if str(item["file"]) not in row.done]
