"""Turn a chat message into a registered letter («превратить в обращение», records.md §11, C-41)."""

from __future__ import annotations

import shutil
import tempfile
from typing import BinaryIO, cast

from records import service
from records.actor import Actor
from records.database import db
from records.errors import Forbidden, NotFound
from records.model import Record, Remark, StoredFile
from records.service.unit import glance
from records.storage import storage


def to_letter(actor: Actor, remark_id: int) -> Record:
    """Make a letter's draft of the member's own message: its text, its file, a link to the talk.

    Only the member's side may: a letter is its will. Raises NotFound for a hidden message.
    """
    message = db.session.get(Remark, remark_id)
    if message is None or not message.is_public:
        raise NotFound
    talk = glance(actor, message.record_id)
    if actor.is_staff or actor.organisation_id != talk.organisation_id:
        raise Forbidden("Обращение из сообщения создаёт представитель члена СРО.")
    text, file_id = message.text, message.file_id
    letter = service.create(
        actor, "letter", fields={"subject": f"По вопросу из чата: {talk.title}"[:300], "text": text}
    )
    service.link(actor, letter.id, talk.id, "same_case")
    if file_id is not None:
        _copy_file(actor, letter.id, file_id)
    return letter


def _copy_file(actor: Actor, record_id: int, file_id: int) -> None:
    found = db.session.get(StoredFile, file_id)
    if found is None or found.removed_at is not None:
        return
    name = found.name
    with storage().open(found.sha256) as stored, tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stored, copy)
        copy.seek(0)
        service.attach(actor, record_id, cast(BinaryIO, copy), name)
