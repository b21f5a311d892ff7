"""What the card of a record shows, as plain values for the template."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from flask import url_for

from attachments.messages import flag_texts
from language.dates import short_date
from language.numbers import file_size
from language.zones import zone_label
from messaging import mail
from records import directory, parameters, policy, query
from records.actor import Actor
from records.kinds import RecordKind, registry
from records.model import Record, Remark, StoredFile
from signatures import simple

from . import _office_card, _signatures
from ._history_words import describe
from ._state_words import state_words


def context(who: Actor, record: Record) -> dict[str, object]:
    """Everything the card needs, in a constant number of statements."""
    kind = registry.of(record)
    steps = query.history(who, record)
    files = files_of(
        record, replaceable=who.is_staff and not who.read_only and record.number_text is not None
    )
    assignable = policy.may_assign(who) and record.is_open
    return {
        "record": record,
        "kind": kind,
        "facts": facts(who, record, kind),
        "file_url": url_for("member_file.show", organisation_id=record.organisation_id)
        if record.organisation_id is not None and who.is_staff
        else None,
        "details": [
            (f.label, f.show((record.payload or {}).get(f.name)))
            for f in kind.data_fields
            if who.is_staff or not f.staff_only
        ],
        "files": files,
        "file_count": sum(len(items) for items in files.values()),
        "open_slots": [
            s for s in kind.slots if record.state in s.open_in and who.roles & s.open_to and not who.read_only
        ],
        "employees": directory.employees() if assignable else [],
        "actions": actions(who, record),
        "remarks": remarks(who, record),
        "links": links(who, record),
        "timeline": timeline(steps, record, kind),
        "history": [describe(step) for step in steps],
        "can_edit": policy.may_edit(who, record, kind),
        "can_assign": assignable,
        "can_remark": policy.may_remark(who, record, public=True),
        "can_reply": [registry[name] for name in kind.replies if policy.may_create(who, registry[name])]
        if record.number_text
        else [],
        "prints": prints(who, record),
        "can_trash": record.number_text is None and policy.may_edit(who, record, kind),
        "numbers": query.numbers(record),
        "mails": mails(who, record),
        "signing": _signatures.context(who, record, kind),
        **_office_card.context(who, record, kind),
    }


def facts(who: Actor, record: Record, kind: RecordKind) -> list[tuple[str, str]]:
    """The requisites of the card."""
    day = short_date
    rows = [
        ("Организация", record.organisation.short_name if record.organisation else record.correspondent),
        ("Исполнитель", _employee(record)),
        ("Срок", day(record.due_on) if record.due_on else ""),
        ("Поступил", _zoned(record.received_at)),
        ("Зарегистрирован", _zoned(record.registered_at)),
        ("Отправлен", _zoned(record.sent_at)),
        ("Доставлен", _zoned(record.delivered_at)),
        ("Открыт", _zoned(record.opened_at)),
        (
            "Их номер",
            f"{record.their_number} от {day(record.their_date)}"
            if record.their_date
            else record.their_number,
        ),
        ("Дело", record.case_index if who.is_staff else ""),
        ("Место оригинала", record.original_place),
    ]
    return [(label, value) for label, value in rows if value]


def mails(who: Actor, record: Record) -> list[dict[str, object]]:
    """The letters that went out about the record, for staff: sent, undelivered, come back (R-04, X-10)."""
    if not policy.may_see_internal(who):
        return []
    return [
        {
            "text": f"{letter.to}: {letter.title} {_moment(letter.at)}",
            "error": letter.error if letter.is_lost else "",
            "url": url_for("mail_journal.show", mail_id=letter.id) if policy.may_keep_post(who) else None,
            "lost": letter.is_lost,
        }
        for letter in mail.deliveries(record.id)
    ]


def _employee(record: Record) -> str:
    """The member sees who works on his paper and how to reach him (R-08)."""
    user = record.assignee
    return "" if user is None else ", ".join(part for part in (user.name, user.position, user.phone) if part)


def _zoned(value: object) -> str:
    """A moment with its zone named: «21.10.2026 09:43 МСК» (U-14)."""
    text = _moment(value)
    return f"{text} {zone_label(parameters.zone())}" if text else ""


def _moment(value: object) -> str:
    if not isinstance(value, datetime):
        return ""
    local = value.astimezone(parameters.zone())
    return local.strftime("%d.%m.%Y %H:%M")


def files_of(
    record: Record, *, removable: bool = False, replaceable: bool = False
) -> dict[str, list[dict[str, object]]]:
    """Files by slot, as the files component takes them."""
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    entries = query.files(record)
    signatures = _signatures.by_file(record)
    beside = _signatures.kept_as_signature(signatures)
    for entry in entries:
        if entry.id in beside:
            continue
        item = file_item(entry, removable=removable and entry.id not in signatures)
        item["signatures"] = signatures.get(entry.id, [])
        if any(sign["is_confirmed"] for sign in signatures.get(entry.id, [])):
            item["stamped_url"] = url_for("signatures.stamped_copy", file_id=entry.id)
        if replaceable and entry.origin == "upload":
            item["replace_url"] = url_for("card.replace", file_id=entry.id)
        found[entry.slot].append(item)
    return dict(found)


def file_item(entry: StoredFile, *, removable: bool = False) -> dict[str, object]:
    """One file for the files component."""
    return {
        "id": entry.id,
        "name": entry.name,
        "url": url_for("files.download", file_id=entry.id),
        "size": file_size(entry.size),
        "at": _moment(entry.uploaded_at),
        "sha256": entry.sha256,
        "streebog": entry.streebog256,
        "note": file_note(entry),
        "remove_url": url_for("files.remove", file_id=entry.id) if removable else None,
    }


TEXT_STATES = {
    "pending": "текст ещё читается",
    "ocr_needed": "скан без распознавания: найти по словам изнутри нельзя",
    "failed": "текст прочесть не удалось",
}


def file_note(entry: StoredFile) -> str:
    """What the card warns of beside a file."""
    notes = [flag_texts(tuple(entry.flags))] if entry.flags else []
    if entry.text_state in TEXT_STATES:
        notes.append(TEXT_STATES[entry.text_state])
    return "; ".join(notes)


def actions(who: Actor, record: Record) -> list[dict[str, object]]:
    return [
        {
            "verb": a.verb,
            "title": a.title,
            "allowed": a.allowed,
            "reasons": list(a.reasons),
            "direct": not a.needs_note
            and not a.consequence
            and not simple.asked_on_sending(who, record, a.verb),
        }
        for a in query.actions(who, record)
    ]


def prints(who: Actor, record: Record) -> list[dict[str, object]]:
    """What can be printed or taken away from this card."""
    number = record.id
    items = [
        ("Печатная форма, PDF", url_for("print.form", record_id=number), "print"),
        ("Печатная форма, Word", url_for("print.form", record_id=number, format="docx"), "file-text"),
    ]
    if record.number_text is not None:
        if record.direction == "in":
            items.append(
                ("Квитанция о подаче", url_for("print.receipt_of", record_id=number), "check-circle")
            )
        items.append(("Лист согласования", url_for("print.approval", record_id=number), "list"))
        if who.is_staff:
            items.append(("Этикетка", url_for("print.label_of", record_id=number), "qr"))
        items.append(("Выгрузить дело", url_for("archive.case", record_id=number), "archive"))
    return [{"title": title, "url": url, "icon": icon} for title, url, icon in items]


def incomplete_set(record: Record) -> str:
    """What is usually attached and is not there yet, as one sentence; empty when the set looks complete."""
    expected = query.expected_documents(record)
    present = sum(f.origin == "upload" for f in query.files(record))
    if present >= len(expected):
        return ""
    names = "; ".join(expected)
    return (
        f"К такому документу обычно прилагают: {names}. Приложено файлов: {present}. "
        "Неполный комплект могут вернуть."
    )


def submit_moves(who: Actor, kind: RecordKind, record: Record | None) -> list[tuple[str, str]]:
    """The moves by which the paper leaves its author, for the buttons of the form."""
    state = record.state if record is not None else kind.workflow.initial
    return [
        (t.verb, t.title)
        for t in kind.workflow.leaving(state)
        if t.target not in {"annulled", "draft"} and t.by & who.roles
    ]


def remarks(who: Actor, record: Record) -> list[dict[str, object]]:
    return [_remark(who, entry) for entry in query.remarks(who, record)]


def _remark(who: Actor, entry: Remark) -> dict[str, object]:
    """A remark as the card shows it; only a blocking one is ever open or taken off."""
    row: dict[str, object] = {
        "id": entry.id,
        "text": entry.text,
        "by": entry.author.name if entry.author else "Система",
        "at": _moment(entry.created_at),
        "internal": not entry.is_public,
    }
    if entry.is_blocking:
        row["open"] = entry.resolved_at is None
        if row["open"] and who.is_staff and not who.read_only:
            row["resolve_url"] = url_for("records.resolve", remark_id=entry.id)
    return row


def links(who: Actor, record: Record) -> list[dict[str, object]]:
    return [
        {
            "relation": found.label,
            "title": found.record.title,
            "url": url_for("records.show", record_id=found.record.id),
            "number": found.record.number_text or "",
            "status": (found.record.state, state_words(registry[found.record.kind], found.record.state)),
        }
        for found in query.links(who, record)
    ]


def timeline(steps: list[query.Step], record: Record, kind: RecordKind) -> list[dict[str, object]]:
    """The steps a member follows (R-09): state by state, who and when."""
    rows: list[dict[str, object]] = []
    for step in steps:
        if step.to_state and step.to_state != step.from_state:
            rows.append(
                {
                    "title": state_words(kind, step.to_state),
                    "at": _moment(step.at),
                    "by": step.actor,
                    "note": str(step.values.get("note", {}).get("new") or ""),
                    "state": "done",
                }
            )
    if rows:
        rows[-1]["state"] = "current" if record.is_open else "done"
    return rows
