"""Ready answers of the staff: a text with places for the number, the date, the company (C-46)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from language.dates import short_date
from messaging.unit import alone
from records import parameters
from records.actor import Actor
from records.errors import Forbidden, Invalid
from records.model import Record

NAME = "reply_templates"
EDITORS = frozenset({"sro_admin", "sro_director", "sro_clerk", "sro_curator"})
PLACES: Mapping[str, str] = {
    "номер": "номер документа",
    "дата": "дата регистрации",
    "организация": "организация",
    "исполнитель": "исполнитель",
    "срок": "срок ответа",
    "сегодня": "сегодняшняя дата",
}
MOST = 50
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Template:
    """One ready text."""

    title: str
    text: str


FIRST = (
    Template(
        "Принято в работу",
        "Ваше обращение № {номер} от {дата} принято в работу. Исполнитель: {исполнитель}. "
        "Ответ подготовим до {срок}.",
    ),
    Template(
        "Нужны уточнения",
        "По документу № {номер} от {дата} просим представить недостающие сведения. "
        "После исправления номер останется прежним.",
    ),
    Template(
        "Сведения внесены",
        "Сообщаем, что сведения по документу № {номер} от {дата} внесены "
        "в реестр членов саморегулируемой организации.",
    ),
)


def templates() -> list[Template]:
    """The ready texts in force today."""
    kept = parameters.get(NAME)
    if not isinstance(kept, list):
        return list(FIRST)
    return [Template(str(row["title"]), str(row["text"])) for row in kept if isinstance(row, Mapping)]


def may_edit(actor: Actor) -> bool:
    return bool(actor.roles & EDITORS) and not actor.read_only


def keep(actor: Actor, rows: Sequence[Template]) -> None:
    """Change the texts from today on. Raises Invalid for a place that nothing fills."""
    if not may_edit(actor):
        raise Forbidden("Шаблоны ответов меняет канцелярия, куратор, руководитель или администратор.")
    errors = []
    for number, row in enumerate(rows, 1):
        wrong = [f"{{{place}}}" for place in _PLACE.findall(row.text) if place not in PLACES]
        if wrong:
            errors.append(f"Шаблон {number}: нет таких мест: {', '.join(wrong)}.")
        if not row.title.strip() or not row.text.strip():
            errors.append(f"Шаблон {number}: нужны и название, и текст.")
    if len(rows) > MOST:
        errors.append(f"Шаблонов может быть не больше {MOST}.")
    if errors:
        raise Invalid({"templates": errors})
    value = [{"title": row.title.strip()[:80], "text": row.text.strip()[:4000]} for row in rows]
    with alone():
        parameters.put(actor, NAME, value, valid_from=parameters.today())


def fill(template: Template, record: Record) -> str:
    """The text for a record; what the record does not have stays a visible gap to fill by hand."""
    values = {
        "номер": record.number_text,
        "дата": _day(record.registered_on),
        "организация": record.organisation.short_name if record.organisation else record.correspondent,
        "исполнитель": record.assignee.name if record.assignee else None,
        "срок": _day(record.due_on),
        "сегодня": short_date(parameters.today()),
    }
    return _PLACE.sub(lambda found: values.get(found.group(1)) or "____", template.text)


def _day(value: date | None) -> str | None:
    return short_date(value) if value else None
