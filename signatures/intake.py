"""How a signature comes in (S-05, S-09): read by content, checked against our own bytes, kept as it came."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import select

from records import outbox, query, service
from records.actor import Actor
from records.database import db
from records.errors import Invalid, NotFound, RecordsError
from records.model import Record, StoredFile
from records.service.unit import Work
from records.storage import storage
from signing import asn1
from signing.xades.verify import looks_like_xml

from . import log, queue, verification
from .model import Signature
from .subject import signable
from .verification import Checked

MOST_BYTES = 5 * 1024 * 1024
SUFFIXES = frozenset({".sig", ".p7s", ".p7m", ".sgn"})
NOT_A_SIGNATURE = "Файл не является электронной подписью или повреждён."
MOST_AT_ONCE = 200


def receive(
    actor: Actor,
    file_id: int,
    content: bytes,
    name: str = "",
    *,
    source: str = "upload",
    operation_id: str | None = None,
    once: str | None = None,
) -> Signature:
    """Take a signature of one file. Raises Invalid for what is no signature or is of another file.

    The same bytes once more are the same signature. A large document is left to the worker.
    """
    document, record = query.file(actor, file_id)
    if document.signature_of is not None or document.removed_at is not None:
        raise NotFound
    known = _known(file_id, content)
    if known is not None:
        return known
    _readable(content)
    queue.check_turn(actor, record)
    checked = None
    if not verification.is_heavy(document):
        checked = verification.check(content, document, record)
        _refuse_wrong(checked, document)
    made: list[Signature] = []

    def also(unit: Work, stored: StoredFile) -> None:
        made.append(_row(unit, document, stored, source, operation_id, checked))

    done = service.attach_signature(
        actor,
        file_id,
        io.BytesIO(content),
        _name(name, document),
        limit=MOST_BYTES,
        once=once,
        is_read=True,
        also=also,
    )
    return made[0] if made else of_stored(done.file.id)


def _known(file_id: int, content: bytes) -> Signature | None:
    sha256 = hashlib.sha256(content).hexdigest()
    return db.session.scalars(
        select(Signature).where(Signature.file_id == file_id, Signature.sha256 == sha256)
    ).first()


def of_stored(stored_id: int) -> Signature:
    """The signature a stored .sig belongs to."""
    found = db.session.scalars(select(Signature).where(Signature.stored_id == stored_id)).first()
    if found is None:
        raise NotFound
    return found


def _readable(content: bytes) -> None:
    """By content, not by name: XML, DER, PEM or Base64."""
    if len(content) > MOST_BYTES:
        raise Invalid({"file": [f"Подпись больше {MOST_BYTES // 2**20} МБ."]})
    if looks_like_xml(content):
        return
    try:
        asn1.decode(content)
    except asn1.Malformed as problem:
        raise Invalid({"file": [f"{NOT_A_SIGNATURE} {str(problem).capitalize()}."]}) from problem


def _refuse_wrong(checked: Checked, document: StoredFile) -> None:
    """What was certainly sent by mistake is not kept: the person is told at once and sends the right one."""
    report = checked.report
    if checked.is_wrong_file:
        raise Invalid({"file": [f"{verification.WRONG_FILE} Ожидалась подпись файла «{document.name}»."]})
    if report.sub_indication == "FORMAT_FAILURE":
        raise Invalid({"file": [NOT_A_SIGNATURE]})


def _name(name: str, document: StoredFile) -> str:
    given = PurePath(name.replace("\\", "/")).name
    if PurePath(given).suffix.lower() in SUFFIXES:
        return given
    return f"{given or document.name}.sig"


def _row(
    unit: Work,
    document: StoredFile,
    stored: StoredFile,
    source: str,
    operation_id: str | None,
    checked: Checked | None,
) -> Signature:
    entry = Signature(
        record_id=document.record_id,
        file_id=document.id,
        stored_id=stored.id,
        sha256=stored.sha256,
        signed_sha256=document.sha256,
        signed_streebog256=document.streebog256,
        source=source,
        operation_id=operation_id,
        uploaded_by=unit.actor.user_id,
        received_at=unit.at,
    )
    db.session.add(entry)
    db.session.flush()
    if checked is None:
        outbox.put("signature", str(entry.id), {"signature": entry.id, "why": "intake"})
    else:
        verification.keep(entry, checked, "intake", unit.at)
    record = unit.lock(document.record_id)
    whose = entry.signer_name
    note = f"Сертификат выдан: {whose}" if whose and whose != unit.actor.name else ""
    log.note(unit, record, "signed", document, text=note)
    db.session.flush()
    queue.signed(unit, record)
    return entry


@dataclass(frozen=True)
class Taken:
    """What became of one of several uploaded signatures."""

    name: str
    file: str
    signature: Signature | None
    text: str


def receive_many(actor: Actor, record_id: int, sent: Sequence[tuple[str, bytes]]) -> list[Taken]:
    """Several signatures of a record at once: each finds its own file, by name and then by what it signs."""
    if len(sent) > MOST_AT_ONCE:
        raise Invalid({"file": [f"За один раз — не больше {MOST_AT_ONCE} подписей."]})
    record = query.get(actor, record_id)
    documents = signable(record)
    found = []
    for name, content in sent:
        try:
            document = _document_of(name, content, documents, record)
            entry = receive(actor, document.id, content, name)
        except RecordsError as error:
            found.append(Taken(name, "", None, str(error)))
        else:
            found.append(Taken(name, document.name, entry, entry.text or "Подпись проверяется."))
    return found


def _document_of(name: str, content: bytes, documents: Sequence[StoredFile], record: Record) -> StoredFile:
    _readable(content)
    if not documents:
        raise Invalid({"file": ["В документе нет файлов: подписывать нечего."]})
    stem = PurePath(name).stem.casefold()
    by_name = [d for d in documents if stem in (d.name.casefold(), PurePath(d.name).stem.casefold())]
    first = [*by_name, *(d for d in documents if d not in by_name)]
    if len(first) == 1:
        return first[0]
    for document in first:
        if not verification.is_heavy(document):
            if not verification.check(content, document, record).is_wrong_file:
                return document
        elif document in by_name:
            return document
    raise Invalid({"file": [f"{verification.WRONG_FILE} Ни один файл документа к ней не подошёл."]})


def content_of(entry: Signature) -> bytes:
    """The signature exactly as it came."""
    stored = db.session.get(StoredFile, entry.stored_id)
    assert stored is not None
    return storage().path(stored.sha256).read_bytes()


def of_record(record_id: int) -> list[Signature]:
    """Signatures of a record, in the order they came."""
    return list(
        db.session.scalars(select(Signature).where(Signature.record_id == record_id).order_by(Signature.id))
    )


def visible(actor: Actor, signature_id: int) -> tuple[Signature, StoredFile, Record]:
    """A signature of a record the actor may see. Raises NotFound."""
    entry = db.session.get(Signature, signature_id)
    if entry is None:
        raise NotFound
    document, record = query.file(actor, entry.file_id)
    return entry, document, record
