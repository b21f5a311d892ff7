"""Выписка из реестра: снимок сведений на миг подписи, свой номер, ответ на заявление (R-22)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from records import parameters, service
from records.actor import SYSTEM_ACTOR
from records.database import db
from records.fields import Choice, Files, LongText, Text
from records.kinds import from_reference
from records.service import Work

from .extract_form import compose
from .history import Member, changes, member_on
from .model import Measure
from .open_part import about_sro

FORMATS = {"electronic": "Электронная", "paper": "На бумаге"}


def take_snapshot(unit: Work) -> None:
    """What the register says at signing, in words and in XML; later changes do not touch it."""
    record = unit.record
    assert record is not None
    if record.organisation_id is None:
        return
    member = member_on(record.organisation_id, unit.today)
    months = parameters.get("register.extract_months", 1)
    said = compose(
        member,
        record.number_text or "",
        unit.today,
        None if months is None else int(str(months)),
        _suspended(member),
    )
    before = record.payload or {}
    record.payload = {**before, "content": said.text}
    changed: dict[str, tuple[object, object]] = {"content": (before.get("content"), said.text)}
    unit.history(record, "record.edit", changes=changed, notify=False)
    name = f"Выписка {said.number.replace('/', '-')}.xml"
    content = said.xml(about_sro())
    service.attach_bytes(SYSTEM_ACTOR, record.id, content, name, media_type="application/xml")


def _suspended(member: Member) -> tuple[date, date | None] | None:
    """Since when the right stands still and until when, by the dated facts and the decision itself."""
    if member.get("right_status") != "suspended":
        return None
    rows = changes(member.organisation_id, "right_status")
    since = next((row.valid_from for row in rows if row.valid_from <= member.on), member.on)
    wanted = select(Measure.until).where(
        Measure.organisation_id == member.organisation_id,
        Measure.kind == "suspend",
        Measure.decided_on <= member.on,
    )
    return since, db.session.scalar(wanted.order_by(Measure.decided_on.desc()).limit(1))


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
