"""Выписка из реестра: снимок сведений на миг подписи, свой номер, ответ на заявление (R-22)."""

from __future__ import annotations

from records.database import db
from records.fields import Choice, Files, LongText, Text
from records.kinds import from_reference
from records.people import Organisation
from records.service import Work

FORMATS = {"electronic": "Электронная", "paper": "На бумаге"}


def take_snapshot(unit: Work) -> None:
    """What the register says when the extract is signed; later changes do not touch it."""
    record = unit.record
    assert record is not None
    company = db.session.get(Organisation, record.organisation_id) if record.organisation_id else None
    if company is None:
        return
    lines = [
        company.full_name or company.short_name,
        f"ИНН {company.inn or '—'}, ОГРН {company.ogrn or '—'}",
        f"Номер в реестре {company.register_number or '—'}",
        f"Дата вступления {company.joined_on:%d.%m.%Y}"
        if company.joined_on
        else "Дата вступления не указана",
        f"Адрес: {company.address or '—'}",
    ]
    before, said = record.payload or {}, "\n".join(lines)
    record.payload = {**before, "content": said}
    unit.history(record, "record.edit", changes={"content": (before.get("content"), said)}, notify=False)


KIND = from_reference(
    "extract",
    "out",
    heading="Выписка из реестра: {organisation}",
    description="Выписка из реестра членов СРО. Сведения берутся на миг подписания.",
    group="Реестр",
    created_by=frozenset({"sro_registrar", "system"}),
    fields=(
        Choice(name="format", label="Вид", choices=FORMATS, filter=True),
        Text(name="purpose", label="Куда представляется"),
        LongText(name="content", label="Сведения реестра", hint="Заполняется при подписании"),
        Files(name="documents", label="Документ", hint="Печатную форму делает программа"),
    ),
    columns=("number", "registered_on", "organisation", "format", "state"),
    numbers={"sign": "extract"},
    on={"sign": take_snapshot},
    on_open={"sent": "deliver"},
    member_sees_from=frozenset({"sent", "delivered", "expired", "closed", "archived"}),
    replies=("letter",),
)
