"""What a person wants by e-mail (C-43): at once, once a day, or not at all, by groups of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from records.people import User

NOW, DAILY, OFF = "now", "daily", "off"
CHOICES: Mapping[str, str] = {NOW: "Сразу", DAILY: "Раз в день, одним письмом", OFF: "Не присылать"}


@dataclass(frozen=True)
class Group:
    """A group of events: what it is called, the default, and whether a person may choose."""

    title: str
    hint: str
    default: str = NOW
    is_mandatory: bool = False


GROUPS: Mapping[str, Group] = {
    "legal": Group(
        "Юридически значимые уведомления",
        "Официальные письма, извещения о собраниях, решения. Отключить нельзя: с них идут сроки.",
        is_mandatory=True,
    ),
    "incoming": Group("Новые документы и поручения", "Вам поступил документ или назначено исполнение."),
    "messages": Group("Замечания и сообщения", "Вам написали у документа или отчёта."),
    "documents": Group("Движение документов", "Зарегистрирован, возвращён, одобрен, подписан."),
    "deadlines": Group("Сроки", "Приближается или прошёл срок исполнения.", DAILY),
    "views": Group("Подписки", "В сохранённом поиске появилось новое.", DAILY),
    "service": Group("Служебные", "Письмо не доставлено, сбой обмена."),
}


def chosen(user: User, group: str) -> str:
    """How this person gets this group by e-mail."""
    found = GROUPS.get(group) or GROUPS["documents"]
    if found.is_mandatory:
        return NOW
    saved = user.preferences.get("mail") if user.preferences else None
    value = saved.get(group) if isinstance(saved, Mapping) else None
    return str(value) if value in CHOICES else found.default


def choose(user: User, wanted: Mapping[str, str]) -> None:
    """Keep the choice; what is mandatory and what is unknown stays as it is. The caller commits."""
    saved = user.preferences.get("mail") if user.preferences else None
    mine = dict(saved) if isinstance(saved, Mapping) else {}
    mine |= {
        name: value
        for name, value in wanted.items()
        if name in GROUPS and not GROUPS[name].is_mandatory and value in CHOICES
    }
    user.preferences = {**(user.preferences or {}), "mail": mine}
