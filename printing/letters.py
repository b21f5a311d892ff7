"""An outgoing record as a letter by ГОСТ Р 7.0.97."""

from __future__ import annotations

from documents.letters import signed_by, to_person
from documents.model import Addressee, Attachment, Executor, Letter
from documents.paper import Paragraph
from language.names import salutation
from records import parameters, query
from records.model import Record, StoredFile

from .check_code import address_of
from .office import head, letterhead


def letter(record: Record, *, draft: bool) -> Letter:
    """The letter of a record loaded with its people; `draft` prints «ПРОЕКТ» and no number."""
    payload = record.payload or {}
    at = (record.registered_at or record.updated_at).astimezone(parameters.zone())
    position, name = head(record.registered_on)
    return Letter(
        organisation=letterhead(record.registered_on),
        made_at=at,
        addressees=(addressee(record),),
        heading=heading(record),
        salutation=greeting(record),
        body=tuple(Paragraph(part) for part in _paragraphs(str(payload.get("text") or ""))),
        signature=signed_by(position, name),
        number=record.number_text or "",
        registered_on=record.registered_on,
        reference_number=record.their_number,
        reference_on=record.their_date,
        attachments=tuple(Attachment(_stem(f.name)) for f in _enclosed(record)),
        executor=_executor(record),
        qr_url=address_of(record.id),
        draft=draft,
    )


def heading(record: Record) -> str:
    """«О …» without a full stop."""
    subject = str((record.payload or {}).get("subject") or record.title).strip().rstrip(".")
    return subject if subject.lower().startswith(("о ", "об ", "обо ")) else f"О документе: {subject}"


def addressee(record: Record) -> Addressee:
    """To whom: the head of the member company in the dative, or the correspondent as written."""
    company = record.organisation
    if company is None:
        return Addressee(name=record.correspondent)
    if not company.head_name:
        return Addressee(organisation=company.short_name, address=company.address)
    return to_person(
        company.head_position or "Руководитель", company.short_name, company.head_name, company.address
    )


def greeting(record: Record) -> str:
    """«Уважаемый Иван Иванович!»"""
    company = record.organisation
    return "" if company is None or not company.head_name else salutation(company.head_name)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n") if part.strip()]


def _enclosed(record: Record) -> list[StoredFile]:
    return [f for f in query.files(record) if f.slot != "documents" and f.origin == "upload"]


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _executor(record: Record) -> Executor | None:
    author = record.author
    return None if author is None else Executor(author.name, author.phone, "")
