"""The evidence of a meeting in one zip that a stranger checks offline (M-94; the verifier is in signing/).

documents/ signatures/     what was filed to the meeting and signed: sheets, proxies, ballots, the protocol
records/                   what was filed without an electronic signature
papers/                    documents made anew from the journal
journal.jsonl              every event with its verdict, chained anew over the journal's own digests
result.json                what the law made of the events
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import or_, select

from documents.printing import as_docx, as_pdf
from meetings import journal, preparing
from meetings.papers import files
from meetings.service import here
from records.database import db, now
from records.errors import Refused
from records.model import Record, StoredFile
from records.storage import storage
from signing import package
from signing.package import Item

from . import ours, trust
from .model import Evidence, Signature


def export(record: Record, target: Path) -> str:
    """Write the package of a called meeting; gives the SHA-256 of its manifest.

    Raises Refused when the meeting is not called yet, or when its journal does not hold.
    """
    meeting_id = preparing.meeting_of(record.id)
    if meeting_id is None:
        raise Refused("Собрание ещё не созвано: доказательств у него нет.")
    faults = here().faults(meeting_id)
    if faults:
        raise Refused([fault.text for fault in faults])
    held = trust.current()
    items, others = _filed(record.id)
    others |= _papers(record)
    others["result.json"] = journal.canonical(here().result(meeting_id)).encode()
    return package.build(
        target,
        items,
        held.store,
        made_at=now(),
        revocation=held.revocation,
        title=record.title,
        entries=_entries(meeting_id),
        others=others,
        sign=_sealed if ours.active() else None,
    )


def _sealed(manifest: bytes) -> bytes:
    """The СРО's own signature over the manifest, when it keeps a key."""
    signature = ours.sign_bytes(manifest)
    if signature is None:
        raise Refused("Срок сертификата ключа СРО истёк: замените ключ в настройках подписи.")
    return signature


def _entries(meeting_id: int) -> Iterator[dict[str, object]]:
    """The journal as it stands; its own digests go along, so that both chains can be compared."""
    for entry in journal.entries(db.session.connection(), meeting_id):
        yield {
            "kind": entry.kind,
            "content": json.loads(entry.body),
            "verdict": json.loads(entry.verdict) if entry.verdict else None,
            "own_digest": entry.digest,
        }


def _papers(record: Record) -> dict[str, bytes | Path]:
    dossier = files.dossier_of(record)
    found: dict[str, bytes | Path] = {}
    for name in files.available(dossier, is_staff=True):
        made = files.paper(dossier, name, is_staff=True)
        found[f"papers/{name}.docx"] = as_docx(made)
        found[f"papers/{name}.pdf"] = as_pdf(made, apart=True)
    return found


def _filed(record_id: int) -> tuple[list[Item], dict[str, bytes | Path]]:
    """Files of the meeting and of everything filed to it: with signatures, and without."""
    rows = db.session.execute(
        select(StoredFile, Record.number_text)
        .join(Record, Record.id == StoredFile.record_id)
        .where(
            or_(Record.id == record_id, Record.payload["meeting"].as_integer() == record_id),
            StoredFile.removed_at.is_(None),
        )
        .order_by(StoredFile.id)
    ).all()
    signed = _signatures([entry.id for entry, _ in rows])
    kept_as_signatures = {one.stored_id for several in signed.values() for one in several}
    items: list[Item] = []
    others: dict[str, bytes | Path] = {}
    for entry, number in rows:
        path = storage().path(entry.sha256)
        if entry.id in signed:
            items.append(_item(entry, path, number, signed[entry.id]))
        elif entry.id not in kept_as_signatures:
            others[f"records/{entry.id}-{_plain(entry.name)}"] = path
    return items, others


def _signatures(file_ids: list[int]) -> dict[int, list[Signature]]:
    found: dict[int, list[Signature]] = defaultdict(list)
    query = select(Signature).where(Signature.file_id.in_(file_ids)).order_by(Signature.id)
    for row in db.session.scalars(query):
        found[row.file_id].append(row)
    return found


def _item(entry: StoredFile, path: Path, number: str | None, signed: list[Signature]) -> Item:
    """A document as it is checked: at the moment its last signature was received."""
    return Item(
        name=_plain(entry.name),
        document=path,
        signatures=tuple(storage().path(one.sha256).read_bytes() for one in signed),
        at=max(one.received_at for one in signed),
        title=f"{number or 'без номера'}: {entry.name}",
        stamps=tuple(
            (place, token)
            for place, one in enumerate(signed)
            for token in db.session.scalars(
                select(Evidence.content).where(Evidence.signature_id == one.id, Evidence.kind == "tst")
            )
        ),
    )


def _plain(name: str) -> str:
    """A name that unpacks everywhere; the digest in the manifest says what it is."""
    return name.replace("/", "_").replace("\\", "_")[-80:]
