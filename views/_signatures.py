"""Signatures as cards show them: verdict in words, who signed, when, with what powers."""

from __future__ import annotations

from collections import defaultdict

from flask import url_for

from records import policy
from records.actor import Actor
from records.kinds import RecordKind
from records.model import Record
from signatures import intake, ours, queue, reports, simple
from signatures.model import Signature

TITLES = {"valid": "Подпись верна", "invalid": "Подпись неверна", "unknown": "Подпись не подтверждена"}


def by_file(record: Record) -> dict[int, list[dict[str, object]]]:
    """Signatures of a record's files, ready for the files component."""
    found: dict[int, list[dict[str, object]]] = defaultdict(list)
    for entry in intake.of_record(record.id):
        found[entry.file_id].append(item(entry))
    return dict(found)


def item(entry: Signature) -> dict[str, object]:
    """One signature for the component."""
    mood = reports.mood(entry)
    title = TITLES[mood]
    if not entry.indication:
        title = "Подпись проверяется"
    elif entry.indication == "TOTAL_PASSED" and mood == "unknown":
        title = "Подпись верна, полномочий нет" if entry.authority == "none" else "Подпись верна"
    reason = entry.authority_text if entry.indication == "TOTAL_PASSED" else entry.text
    until = entry.certificate_until
    return {
        "id": entry.id,
        "verdict": mood,
        "title": title,
        "signer": entry.signer_name or "подписант ещё не установлен",
        "at": reports.moment(entry.received_at),
        "until": f"{until:%d.%m.%Y}" if until else "",
        "reason": reason,
        "is_test": entry.is_test,
        "is_confirmed": entry.indication == "TOTAL_PASSED",
        "stored_id": entry.stored_id,
        "url": url_for("files.download", file_id=entry.stored_id),
        "report_url": url_for("signatures.show", signature_id=entry.id),
    }


def kept_as_signature(found: dict[int, list[dict[str, object]]]) -> set[object]:
    """Files that are shown under the file they sign and not as files of their own."""
    return {sign["stored_id"] for signs in found.values() for sign in signs}


def context(who: Actor, record: Record, kind: RecordKind) -> dict[str, object]:
    """The card of signing: who is asked, simple marks, what this person may do."""
    may_sign = policy.may_sign(who, record, kind) and who.user_id is not None
    return {
        "may_sign": may_sign,
        "may_order": may_sign and (who.may_handle or who.may_bind),
        "may_use_key": ours.may_use(who) and ours.active() is not None and bool(ours.documents(record)),
        "tasks": tasks(record.id),
        "simple": simple_marks(record),
        "any": bool(intake.of_record(record.id)),
    }


def tasks(record_id: int) -> list[dict[str, object]]:
    """The order of signers, ready to show."""
    return [
        {
            "id": task.id,
            "name": queue.person_name(task.user_id),
            "state": queue.STATES[task.state],
            "at": reports.moment(task.done_at or task.asked_at),
            "reason": task.reason,
            "user_id": task.user_id,
            "is_open": task.state in queue.OPEN,
            "is_asked": task.state == "asked",
        }
        for task in queue.tasks(record_id)
    ]


def simple_marks(record: Record) -> list[str]:
    return [simple.mark(row) for row in simple.of_record(record.id)]
