"""Settings an administrator changes on the screen: checked, dated, with a dry run beforehand (R-41)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select

from messaging import keeping
from messaging.unit import alone
from records import identifiers, number_template, parameters, policy
from records.actor import STAFF_ROLES, Actor
from records.database import db
from records.errors import Forbidden, Invalid
from records.journals import Journal, journals
from records.kinds import registry
from records.model import Counter, Record, Setting
from workflows.terms import DeadlineRule, deadline_rules

OFFICE_FIELDS: Mapping[str, str] = {
    "short_name": "Краткое наименование",
    "full_name": "Полное наименование",
    "inn": "ИНН",
    "kpp": "КПП",
    "ogrn": "ОГРН",
    "address": "Адрес",
    "phone": "Телефон",
    "email": "E-mail",
    "site": "Сайт",
    "head_position": "Должность руководителя",
    "head_name": "Фамилия, имя, отчество руководителя",
    "zone": "Часовой пояс",
}


@dataclass(frozen=True)
class DryRun:
    """What a change would do, in words, before it is made."""

    lines: tuple[str, ...]


def set_office(actor: Actor, values: Mapping[str, str], *, valid_from: date, note: str = "") -> None:
    """Change the requisites of the СРО from a date on; papers of earlier dates keep the old ones."""
    _may(actor)
    errors: dict[str, list[str]] = {}
    for name in ("inn", "kpp", "ogrn"):
        text = values.get(name, "").strip()
        if text and (problem := identifiers.check(name, text)) is not None:
            errors[name] = [str(problem)]
    if not values.get("full_name", "").strip():
        errors["full_name"] = ["Укажите полное наименование: оно печатается на бланке."]
    try:
        ZoneInfo(values.get("zone") or "Europe/Moscow")
    except (ZoneInfoNotFoundError, ValueError):
        errors["zone"] = ["Нет такого часового пояса. Пример: Europe/Moscow, Asia/Irkutsk."]
    if errors:
        raise Invalid(errors)
    kept = {name: values.get(name, "").strip() for name in OFFICE_FIELDS}
    _put(actor, "office", {**parameters.office(), **kept}, valid_from, note)


def template_of(journal: Journal) -> str:
    """The number template in force today."""
    return str(parameters.get(f"numbering.{journal.code}", journal.template))


def try_template(code: str, template: str, today: date) -> DryRun:
    """What the next number would look like. Raises Invalid with what is wrong in the template."""
    journal = _journal(code)
    problems = number_template.check(template, yearly=journal.yearly)
    if problems:
        raise Invalid({"template": problems})
    year = today.year if journal.yearly else 0
    last = db.session.scalar(select(Counter.value).where(Counter.series == code, Counter.year == year)) or 0
    text = number_template.render(
        template,
        seq=last + 1,
        on=today,
        case="02-02",
        journal=code,
        kind=code,
        register_number="0286",
        inn="7701677668",
    )
    return DryRun(
        (f"Следующий номер будет: {text}", f"Уже выдано в этом году: {last}. Прежние номера не изменятся.")
    )


def set_template(actor: Actor, code: str, template: str, *, valid_from: date, note: str = "") -> None:
    """Change a journal's number template from a date on."""
    _may(actor)
    try_template(code, template, valid_from)
    _put(actor, f"numbering.{code}", template.strip(), valid_from, note)


def _journal(code: str) -> Journal:
    found = journals().get(code)
    if found is None:
        raise Invalid({"journal": ["Нет такого журнала."]})
    return found


def terms() -> list[tuple[DeadlineRule, object]]:
    """Deadline rules that count in days or months, with the value in force."""
    return [
        (rule, parameters.get(f"term.{rule.code}", rule.value))
        for rule in deadline_rules().values()
        if rule.term is not None
    ]


def try_term(code: str, value: int) -> DryRun:
    """How many open records count by this rule. Raises Invalid for an unknown rule or a wrong value."""
    rule = deadline_rules().get(code)
    if rule is None or rule.term is None:
        raise Invalid({"code": ["Нет такого срока."]})
    if not 0 <= value <= 366:
        raise Invalid({"value": ["Срок — от 0 до 366."]})
    open_now = (
        db.session.scalar(
            select(func.count()).select_from(Record).where(Record.due_rule == code, Record.is_open.is_(True))
        )
        or 0
    )
    return DryRun(
        (
            f"Сейчас по этому сроку идут документов: {open_now}. Их сроки уже записаны и не изменятся.",
            "Новое значение подействует на документы, зарегистрированные после его начала.",
        )
    )


def set_term(actor: Actor, code: str, value: int, *, valid_from: date, note: str = "") -> None:
    """Change the length of a term from a date on; terms already running stay as they were told."""
    _may(actor)
    try_term(code, value)
    _put(actor, f"term.{code}", value, valid_from, note)


def set_routing(actor: Actor, rules: list[dict[str, str]], *, valid_from: date, note: str = "") -> None:
    """Change the rules by which filings find their department (R-06)."""
    _may(actor)
    for number, rule in enumerate(rules, 1):
        if rule.get("kind") and rule["kind"] not in registry:
            raise Invalid({"rules": [f"Правило {number}: нет такого вида документа."]})
        if rule.get("role") not in STAFF_ROLES:
            raise Invalid({"rules": [f"Правило {number}: выберите подразделение."]})
    _put(actor, "routing", rules, valid_from, note)


def set_notice_days(actor: Actor, days: int) -> None:
    """Change how long notices that were read are kept."""
    _may(actor)
    if not keeping.LEAST <= days <= keeping.MOST:
        raise Invalid({"days": [f"Срок — от {keeping.LEAST} до {keeping.MOST} дней."]})
    _put(actor, keeping.SETTING, days, parameters.today(), "")


def changes(name: str) -> list[Setting]:
    """The history of a setting, newest first."""
    return list(reversed(parameters.history(name)))


def _may(actor: Actor) -> None:
    if not policy.may_administer(actor):
        raise Forbidden("Настройки меняет администратор.")


def _put(actor: Actor, name: str, value: object, valid_from: date, note: str) -> None:
    if valid_from < parameters.today() and re.match(r"numbering\.|term\.|routing", name):
        raise Invalid(
            {"valid_from": ["Задним числом правила не меняют: укажите сегодняшнюю или будущую дату."]}
        )
    with alone():
        parameters.put(actor, name, value, valid_from=valid_from, note=note)
