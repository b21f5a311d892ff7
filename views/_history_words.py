"""Words for the audit history: verbs, fields and values as a person reads them."""

from __future__ import annotations

from datetime import date

from records import parameters
from records.kinds import registry
from records.query import Step
from workflows.reference import role_titles, state_titles

VERBS = {
    "record.create": "Создан",
    "record.edit": "Изменены сведения",
    "record.assign": "Назначен исполнитель",
    "record.trash": "Убран в корзину",
    "record.restore": "Восстановлен из корзины",
    "record.destroy": "Содержание удалено",
    "file.add": "Приложен файл",
    "file.sign": "Приложена подпись",
    "signature.verify": "Подпись перепроверена",
    "signature.stamp": "Получен штамп времени",
    "sign.order": "Направлен на подпись",
    "sign.decline": "Отказ в подписании",
    "sign.forward": "Подписание передано",
    "sign.paper": "Подписан на бумаге",
    "sign.simple": "Подписан простой подписью",
    "file.replace": "Приложена новая версия файла",
    "file.remove": "Файл удалён",
    "file.generate": "Сформирован документ",
    "remark.add": "Замечание",
    "message.add": "Сообщение",
    "resolution.add": "Резолюция",
    "remark.resolve": "Замечание снято",
    "link.add": "Связан с документом",
    "link.remove": "Связь снята",
}
FIELDS = {
    "note": "Пояснение",
    "due_on": "Срок",
    "number": "Номер",
    "assignee": "Исполнитель",
    "instead_of": "Замещает",
    "file": "Файл",
    "link": "Связь",
    "snapshot": "Отпечаток содержания (SHA-256)",
    "signature": "Подпись",
    "verdict": "Итог проверки",
    "signers": "Подписанты",
    "simple": "Простая подпись",
    "stamp": "Отпечаток штампа (SHA-256)",
    "original_place": "Место оригинала",
    "scan": "Скан",
}


def describe(step: Step) -> dict[str, object]:
    """A history entry for the history component."""
    changes = [
        {"label": _label(name), "was": shown(name, values.get("old")), "now": shown(name, values.get("new"))}
        for name, values in step.values.items()
        if name != "note"
    ]
    moved = bool(step.from_state) and step.from_state != step.to_state
    titles = state_titles()
    role = role_titles().get(step.role, "")
    who = step.actor + (f" (за {step.acting_for})" if step.acting_for else "")
    return {
        "at": step.at.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M:%S"),
        "by": f"{who}, {role}" if role and role != step.actor else who,
        "verb": titles.get(step.to_state, step.to_state) if moved else verb_title(step.verb),
        "note": str(step.values.get("note", {}).get("new") or ""),
        "address": step.address,
        "changes": changes,
    }


def verb_title(verb: str) -> str:
    """A history verb in words; a move is called as the workflows call it."""
    if verb in VERBS:
        return VERBS[verb]
    return verb.removeprefix("record.")


def shown(name: str, value: object) -> str:
    """A value of the history as a person reads it: dates, choices and sums by their field."""
    if value in (None, "", []):
        return ""
    if name == "due_on":
        return date.fromisoformat(str(value)).strftime("%d.%m.%Y")
    for kind in registry:
        if (field := kind.field(name)) is not None:
            return field.show(value)
    return str(value)


def _label(name: str) -> str:
    if name in FIELDS:
        return FIELDS[name]
    for kind in registry:
        if (field := kind.field(name)) is not None:
            return field.label
    return name
