"""What stands in the papers of the demo: believable values for declared fields."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

from docx import Document

from records.fields import Choice, Choices, Date, Field, Flag, Integer, LongText, Money, Rows
from records.kinds import RecordKind
from records.people import Organisation

from . import names

FILES = Path(__file__).parent / "files"
AHEAD = frozenset({"until", "due", "pay_until", "valid_until", "fix_by", "event_on"})
FIXED: Mapping[str, object] = {"members": 7, "votes": "6 / 0 / 0", "final": True, "knows": True, "copies": 1}
SHORT: Mapping[str, tuple[str, ...]] = {
    "purpose": ("Участие в закупке", "Для банка", "По запросу заказчика"),
    "contact": ("Отдел договоров, +7 (3952) 00-00-00",),
    "customer": (
        "Администрация района",
        "АО «Заказчик-Сибирь»",
        "Фонд капитального ремонта",
        "ООО «Застройщик»",
    ),
    "contract_number": ("118-СП/2026", "14/П", "0134-К", "77-2025", "5/суб"),
    "what": ("Нет журнала бетонных работ", "Не обновлён полис", "Просрочено удостоверение специалиста"),
    "norm": ("СП 48.13330.2019", "Положение о контроле, п. 4.2", "СП 70.13330.2012"),
    "advice": ("Завести журнал", "Продлить договор страхования", "Пройти обучение"),
    "question": ("О приёме в члены", "Об изменении уровня", "О плане проверок"),
    "decision": ("Принять.", "Утвердить.", "Отложить до представления документов."),
    "doer": ("Отдел реестра", "Бухгалтерия", "Отдел контроля"),
    "who": ("Отдел реестра", "Канцелярия"),
    "new_values": ("Новый адрес: г. Иркутск, ул. Ленина, д. 5", "Новый руководитель назначен приказом № 3"),
    "period": ("I квартал", "II квартал", "III квартал", "год"),
    "edition": ("редакция 1", "редакция 2"),
}


def values(rng: Random, kind: RecordKind, company: Organisation | None, day: date) -> dict[str, object]:
    """Values of every field that an ordinary person fills in."""
    found = {f.name: _value(rng, kind, f, company, day) for f in kind.data_fields if not f.staff_only}
    if kind.name == "inspection_act" and rng.random() < 0.3:
        found["violations"] = None
    if kind.audience_field and rng.random() < 0.6:
        found[kind.audience_field] = None
    return found


def _value(rng: Random, kind: RecordKind, field: Field, company: Organisation | None, day: date) -> object:
    if field.name in FIXED:
        return FIXED[field.name]
    match field:
        case Choices():
            return rng.sample(list(field.choices), k=rng.choice((1, 1, 2)) if len(field.choices) > 1 else 1)
        case Choice():
            return rng.choice(list(field.choices))
        case Date():
            ahead = field.name in AHEAD and not kind.field("since")
            return (
                day + timedelta(days=rng.randrange(7, 40))
                if ahead
                else day - timedelta(days=rng.randrange(0, 20))
            ).isoformat()
        case Money():
            return f"{rng.randrange(5, 900) * 5000}.00"
        case Integer():
            return rng.randrange(5, 8)
        case Flag():
            return rng.random() < 0.4
        case Rows():
            return [
                {part.name: _value(rng, kind, part, company, day) for part in field.of}
                for _ in range(rng.randrange(1, 4))
            ]
    return _text(rng, kind, field, company)


def _text(rng: Random, kind: RecordKind, field: Field, company: Organisation | None) -> str:
    if field.name in (kind.title_field, "subject", "what") and kind.name in names.SUBJECTS:
        return rng.choice(names.SUBJECTS[kind.name])
    if field.name in SHORT:
        return rng.choice(SHORT[field.name])
    if isinstance(field, LongText) and kind.name in names.BOARD_TEXTS:
        return rng.choice(names.BOARD_TEXTS[kind.name])
    if isinstance(field, LongText):
        tail = f" {company.short_name}, ИНН {company.inn}." if company is not None else ""
        return rng.choice(names.TEXTS) + tail
    return (
        rng.choice(("Иванова Мария Петровна", "Сидоров Алексей Юрьевич"))
        if field.name == "person"
        else "По приложению"
    )


def papers(rng: Random, company: Organisation | None, *, count: int = 1) -> list[tuple[str, bytes, str]]:
    """(name, bytes, media type): the company's real papers where it has any, else letters made for it."""
    known = (
        names.WITH_PAPERS.get(company.inn or "", ("", ()))[1] if company is not None else names.OFFICE_PAPERS
    )
    found = [_from_disk(name) for name in rng.sample(known, k=min(count, len(known)))]
    return found or [_made(company, rng)]


def _from_disk(name: str) -> tuple[str, bytes, str]:
    return names.FILE_TITLES[name], (FILES / name).read_bytes(), names.MEDIA[name.partition(".")[2]]


def _made(company: Organisation | None, rng: Random) -> tuple[str, bytes, str]:
    title = company.short_name if company is not None else "СРО"
    lines = [
        f"Сведения об организации {title}",
        f"ИНН {company.inn}, ОГРН {company.ogrn}, {company.address}." if company is not None else "",
        f"Руководитель: {company.head_name}." if company is not None else "",
        "Организация осуществляет строительство, реконструкцию и капитальный ремонт. Документ вымышленный.",
    ]
    if company is None or company.id % 4:
        return "Сведения об организации.txt", "\n".join(lines).encode(), names.MEDIA["txt"]
    return "Сведения об организации.docx", _docx(lines), names.MEDIA["docx"]


def _docx(lines: list[str]) -> bytes:
    paper = Document()
    paper.add_heading(lines[0], 1)
    for line in lines[1:]:
        paper.add_paragraph(line)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
