"""What of a record is signed."""

from __future__ import annotations

from records import query
from records.model import Record, StoredFile


def signable(record: Record) -> list[StoredFile]:
    """The files that are signed: the finished PDF of our own papers, otherwise whatever was attached."""
    documents = [f for f in query.files(record) if f.signature_of is None and f.origin != "derived"]
    books = [f for f in documents if f.origin == "generated" and f.name.lower().endswith(".xlsx")]
    if books:
        return books  # an approved report: the printed form is what its member signs (F-10)
    ready = [f for f in documents if f.origin == "generated" and f.name.lower().endswith(".pdf")]
    return ready or [f for f in documents if f.origin != "generated"] or documents
