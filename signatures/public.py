"""What a stranger is told of a paper: that it is genuine, who signed it and when; never what is in it
(S-16)."""

from __future__ import annotations

from sqlalchemy import select

from records.database import db
from records.model import Record, StoredFile

from . import reports, simple
from .model import Signature

MOST = 20


def of_record(record: Record) -> list[dict[str, str]]:
    """Signatures of a registered record, without the names of its files."""
    rows = db.session.scalars(
        select(Signature)
        .where(Signature.record_id == record.id, Signature.indication != "")
        .order_by(Signature.id)
        .limit(MOST)
    )
    simples = [
        {"text": "Подписано простой электронной подписью", "signer": row.person, "at": reports.moment(row.at)}
        for row in simple.of_record(record.id)
    ]
    return [_told(entry) for entry in rows] + [{**row, "mood": "unknown"} for row in simples]


def _told(entry: Signature) -> dict[str, str]:
    return {
        "text": reports.sentence(entry),
        "signer": entry.signer_name,
        "at": reports.moment(entry.received_at),
        "mood": reports.mood(entry),
    }


def by_digest(sha256: str) -> list[dict[str, str]] | None:
    """Signatures over these very bytes in registered records; None when no such bytes are kept."""
    found = db.session.scalars(
        select(StoredFile.id)
        .join(Record, Record.id == StoredFile.record_id)
        .where(
            StoredFile.sha256 == sha256,
            Record.number_text.is_not(None),
            Record.destroyed_at.is_(None),
            Record.trashed_at.is_(None),
        )
        .limit(MOST)
    ).all()
    if not found:
        return None
    rows = db.session.scalars(
        select(Signature)
        .where(Signature.file_id.in_(found), Signature.indication != "")
        .order_by(Signature.id)
    )
    return [_told(entry) for entry in rows]
