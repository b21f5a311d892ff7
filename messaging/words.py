"""Events in words: what the line of a notice says and which group it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from records.kinds import RecordKind, registry
from records.model import History, Record

SAID: Mapping[str, str] = {
    "record.assign": "назначен исполнитель",
    "remark.add": "новое замечание",
    "message.add": "новое сообщение",
    "resolution.add": "новая резолюция",
    "remark.resolve": "замечание снято",
    "file.replace": "приложена новая версия файла",
    "file.add": "приложен файл",
    "file.sign": "файл подписан",
}


def subject_of(record: Record) -> str:
    """The record as people call it: kind, number, title."""
    title = registry[record.kind].title
    number = f" № {record.number_text}" if record.number_text else ""
    name = record.title if record.title != title else ""
    return f"{title}{number}{f' «{name}»' if name else ''}"[:500]


def text_of(record: Record, kind: RecordKind, entry: History, *, to_staff: bool, is_assignee: bool) -> str:
    """What happened, in a few words. The text of remarks stays in the cabinet: e-mail is read by others."""
    if entry.verb == "record.assign" and is_assignee:
        return "вам поручено исполнение"
    if entry.verb in SAID:
        internal = to_staff and not entry.is_public and entry.verb == "remark.add"
        return "новое внутреннее замечание" if internal else SAID[entry.verb]
    if entry.to_state and entry.to_state != entry.from_state:
        if not to_staff and record.direction == "out" and entry.to_state == "sent":
            return "вам направлен документ"
        return f"теперь в состоянии «{kind.state_title(entry.to_state)}»"
    return "есть изменения"


def group_of(record: Record, entry: History, *, to_staff: bool, is_assignee: bool) -> str:
    """The group of preferences and the counter an event belongs to."""
    if entry.verb in {"remark.add", "message.add", "resolution.add"}:
        return "messages"
    if to_staff:
        new = entry.verb in {"record.submit", "record.register"} or (
            entry.verb == "record.assign" and is_assignee
        )
        return "incoming" if new else "documents"
    if record.direction == "out" and entry.to_state == "sent":
        return "legal"  # an official paper of the СРО: terms run from its delivery
    return "documents"
