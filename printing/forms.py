"""A filed record as a print form, and its receipt."""

from __future__ import annotations

from documents.model import FileLine, PrintForm, Receipt
from records import parameters, query
from records.database import db, now
from records.kinds import registry
from records.model import Record, Snapshot
from workflows.reference import state_titles

from .check_code import address_of
from .office import letterhead

CHANNELS = {
    "cabinet": "личный кабинет",
    "email": "электронная почта",
    "post": "почта",
    "courier": "нарочно",
    "edo": "ЭДО",
    "site": "сайт",
    "import": "загрузка из папки",
    "api": "программный интерфейс",
}


def file_lines(record: Record) -> tuple[FileLine, ...]:
    """Files of the record that a person attached, with their digests."""
    return tuple(
        FileLine(f.name, f.size, f.sha256)
        for f in query.files(record)
        if f.origin != "generated" and f.signature_of is None
    )


def filed_files(record: Record) -> tuple[FileLine, ...]:
    """The files as they were filed first: what came later is not what the receipt is for."""
    snapshot = db.session.get(Snapshot, (record.id, 1))
    rows = snapshot.content.get("files") if snapshot is not None else None
    if not isinstance(rows, list):
        return file_lines(record)
    return tuple(FileLine(str(f["name"]), int(f["size"]), str(f["sha256"])) for f in rows)


def print_form(record: Record, *, for_staff: bool) -> PrintForm:
    """The print form of a record: requisites, filled fields, files with digests."""
    kind = registry.of(record)
    payload = record.payload or {}
    company = record.organisation
    fields: list[tuple[str, object]] = []
    if company is not None:
        fields.append(("Организация", f"{company.full_name}, ИНН {company.inn or '—'}"))
    elif record.correspondent:
        fields.append(("Корреспондент", record.correspondent))
    fields += [
        (f.label, f.show(payload.get(f.name)))
        for f in kind.data_fields
        if (for_staff or not f.staff_only) and payload.get(f.name) not in (None, "", [])
    ]
    at = (record.registered_at or now()).astimezone(parameters.zone())
    return PrintForm(
        title=kind.title,
        made_at=at,
        organisation=letterhead(record.registered_on),
        fields=tuple((label, str(value)) for label, value in fields),
        number=record.number_text or "",
        registered_on=record.registered_on,
        state=state_titles().get(record.state, record.state),
        files=file_lines(record),
        qr_url=address_of(record.id) if record.number_text else "",
        draft=record.number_text is None,
    )


def receipt(record: Record) -> Receipt | None:
    """The receipt of a filing (R-45): number, moment, digests; None before registration."""
    if record.number_text is None or record.registered_at is None:
        return None
    company = record.organisation
    return Receipt(
        organisation=letterhead(record.registered_on),
        number=f"{record.number_text} от {record.registered_on:%d.%m.%Y}",
        registered_at=record.registered_at.astimezone(parameters.zone()),
        document=f"{registry.of(record).title}: {record.title}",
        applicant=company.short_name if company else record.correspondent,
        applicant_inn=(company.inn or "") if company else "",
        filed_by=record.author.name if record.author else "",
        files=filed_files(record),
        channel=CHANNELS.get(record.channel, record.channel),
        due_on=record.due_on,
        qr_url=address_of(record.id),
    )
