"""Letters of the office's mailbox become records, each exactly once (R-24).

A letter is first kept whole and written down under a digest that the database lets in once; only then is
the mailbox told that it is taken. Everything after that is work of the outbox whose every step may be
repeated: a stop at any moment neither loses a letter nor makes two records of it.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from records import outbox, parameters, service
from records.actor import STAFF_ROLES, Actor
from records.database import db, now
from records.errors import Invalid, Refused
from records.kinds import registry
from records.model import Record
from records.people import Organisation, Seat, User
from records.ports import MailDelayed, sources
from records.storage import storage
from workflows.engine import SYSTEM

from . import incoming, mail, notify, recipients
from .incoming import Bounce, Incoming
from .letters import one_line
from .model import IntakeLetter, MailMessage
from .unit import alone

log = logging.getLogger(__name__)

KIND = "letter"
MAX_LETTER = 100 * 2**20
SAME_WITHIN = timedelta(hours=24)
RECEIPTS_AN_HOUR = 5
ORIGINAL = "Исходное письмо.eml"
POST = Actor(None, "Электронная почта", frozenset({SYSTEM, "public"}), channel="email")

OUTCOMES = {
    "new": "принимается",
    "registered": "зарегистрировано",
    "duplicate": "повтор",
    "bounce": "возврат нашего письма",
    "ignored": "автоответ",
    "failed": "не принято",
}


def fetch() -> int:
    """Take what lies in the office's mailboxes. Returns the number of letters."""
    taken = 0
    for opener in sources():
        try:
            box = opener()
        except MailDelayed as error:
            log.warning("mail intake: %s", error)
            continue
        try:
            for key, raw in box.letters():
                take(raw, box.name)
                box.done(key)
                taken += 1
        except MailDelayed as error:
            log.warning("mail intake %s: %s", box.name, error)
        finally:
            box.close()
    return taken


def take(raw: bytes, source: str) -> IntakeLetter:
    """Write a letter down, once; what it is is decided now, the record is made by the outbox."""
    received = storage().receive(io.BytesIO(raw), limit=len(raw) + 1)
    storage().keep(received)
    storage().discard(received)
    if len(raw) > MAX_LETTER:
        return _too_large(received.sha256, source)
    letter = incoming.read(raw)
    row = _row(letter, received.sha256, source)
    with alone():
        before = _same(letter, received.sha256)
        if before is not None:
            _duplicate(row, before)
        elif letter.bounce is not None:
            _bounced(row, letter.bounce)
        elif letter.is_automatic and _ours(letter.in_reply_to) is not None:
            row.outcome, row.note = "ignored", "Автоматический ответ на наше письмо."
        else:
            _new(row, letter)
        if row.outcome != "new":
            db.session.add(row)
    return row


def _row(letter: Incoming, sha256: str, source: str) -> IntakeLetter:
    return IntakeLetter(
        source=source[:200],
        sha256=sha256,
        fingerprint=letter.fingerprint,
        message_id=letter.message_id,
        sender=letter.sender,
        sender_name=letter.sender_name,
        subject=letter.subject,
        sent_at=letter.sent_at,
        taken_at=now(),
        outcome="new",
        note="; ".join(letter.warnings)[:2000],
    )


def _too_large(sha256: str, source: str) -> IntakeLetter:
    row = IntakeLetter(source=source[:200], sha256=sha256, outcome="failed", taken_at=now())
    row.note = f"Письмо больше {MAX_LETTER // 2**20} МБ: сохранено целиком, зарегистрируйте его вручную."
    with alone():
        db.session.add(row)
        db.session.flush()
        _tell_clerks(row)
    return row


def _same(letter: Incoming, sha256: str) -> IntakeLetter | None:
    """The letter that this one repeats: the same bytes, the same Message-ID with the same content by
    another route, or the same content sent again within a day."""
    recent = now() - SAME_WITHIN
    again = IntakeLetter.taken_at >= recent
    if letter.message_id:
        again = or_(again, IntakeLetter.message_id == letter.message_id)
    return db.session.scalars(
        select(IntakeLetter)
        .where(
            IntakeLetter.outcome.in_(("new", "registered", "bounce", "ignored")),
            or_(
                IntakeLetter.sha256 == sha256,
                (IntakeLetter.fingerprint == letter.fingerprint) & again,
            ),
        )
        .order_by(IntakeLetter.id)
        .limit(1)
    ).first()


def _duplicate(row: IntakeLetter, before: IntakeLetter) -> None:
    row.outcome, row.duplicate_of, row.record_id = "duplicate", before.id, before.record_id
    row.note = f"Повтор письма, принятого раньше (№ {before.id} в журнале приёма)."


def _new(row: IntakeLetter, letter: Incoming) -> None:
    """The row that will become a record; a rival that came first makes this one a duplicate."""
    key = letter.message_id or f"{letter.sent_at}"
    row.once = hashlib.sha256(f"{key}\x00{letter.fingerprint}".encode("utf-8", "replace")).hexdigest()
    if letter.message_id and db.session.scalar(
        select(IntakeLetter.id).where(IntakeLetter.message_id == letter.message_id).limit(1)
    ):
        row.note = "Номер письма (Message-ID) уже встречался, но содержание другое. " + row.note
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        before = db.session.scalars(select(IntakeLetter).where(IntakeLetter.once == row.once)).one()
        row.once = None
        _duplicate(row, before)
        return
    outbox.put("intake", str(row.id), {"letter": row.id})


def _ours(ids: Sequence[str]) -> MailMessage | None:
    if not ids:
        return None
    return db.session.scalars(
        select(MailMessage).where(MailMessage.message_id.in_(list(ids))).limit(1)
    ).first()


def _bounced(row: IntakeLetter, bounce: Bounce) -> None:
    """Our letter came back: its journal says so, its record shows it."""
    ours = _ours(bounce.message_ids)
    row.outcome = "bounce"
    if ours is None:
        row.note = f"Возврат письма, которого нет в журнале исходящей почты: {bounce.reason}"[:2000]
        return
    row.record_id, row.note = ours.record_id, f"Вернулось письмо на {ours.to_address}: {bounce.reason}"[:2000]
    if bounce.is_final and ours.state in {"queued", "sent"}:
        mail.undelivered(ours, bounce.reason, state="bounced")


def letter_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "intake": make records of letters."""
    for job in jobs:
        letter_id = int(str(job.payload["letter"]))
        try:
            register(letter_id)
        except Exception as error:
            db.session.rollback()
            if job.tries + 1 < outbox.MAX_TRIES:
                raise
            log.exception("letter %s is given up", letter_id)
            _given_up(letter_id, str(error))


def _given_up(letter_id: int, reason: str) -> None:
    with alone():
        row = db.session.get(IntakeLetter, letter_id)
        if row is not None:
            row.outcome, row.note = "failed", one_line(f"Не удалось зарегистрировать: {reason}", 2000)
            _tell_clerks(row)


def _tell_clerks(row: IntakeLetter) -> None:
    people = recipients.with_role("sro_clerk", on=parameters.today())
    notify.tell(
        [p.user_id for p in people],
        f"письмо от {row.sender or 'неизвестного отправителя'} не принято",
        "/mail/intake",
        subject=row.subject or "Письмо без темы",
        group="service",
        key=f"intake:{row.id}",
    )


def register(letter_id: int) -> int | None:
    """Make the record of a letter: draft, files, number. Every step may be repeated. Returns its id."""
    row = db.session.get(IntakeLetter, letter_id, populate_existing=True)
    if row is None or row.outcome != "new":
        return row.record_id if row else None
    raw = storage().path(row.sha256).read_bytes()
    letter = incoming.read(raw)
    record_id = _draft(letter_id, letter)
    refused = _attach(letter_id, record_id, letter)
    service.attach_bytes(
        POST, record_id, raw, ORIGINAL, media_type="message/rfc822", slot="files", origin="upload"
    )
    _finish(letter_id, record_id, letter, refused)
    return record_id


def _draft(letter_id: int, letter: Incoming) -> int:
    organisation_id = organisation_of(letter.sender)
    kind = registry[KIND]
    limits = {f.name: getattr(f, "max_length", None) or 300 for f in kind.data_fields}
    fields = {
        "subject": (letter.subject or "Письмо без темы")[: limits["subject"]],
        "text": letter.text[: limits["text"]],
    }
    card = {
        "channel": "email",
        "received_at": now(),
        "correspondent": (f"{letter.sender_name} <{letter.sender}>" if letter.sender_name else letter.sender)[
            :300
        ],
    }
    with service.work(POST):
        row = db.session.get(IntakeLetter, letter_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise LookupError(letter_id)
        if row.record_id is None:
            record = service.create(POST, KIND, organisation_id=organisation_id, fields=fields, card=card)
            row.record_id, row.organisation_id = record.id, organisation_id
        return row.record_id


def organisation_of(sender: str) -> int | None:
    """The company a sender writes for: by the register's e-mail, or by a representative's login."""
    if not sender:
        return None
    wanted = sender.lower()
    found = set(db.session.scalars(select(Organisation.id).where(func.lower(Organisation.email) == wanted)))
    found |= set(
        db.session.scalars(
            select(Seat.organisation_id)
            .join(User, User.id == Seat.user_id)
            .where(
                func.lower(User.email) == wanted,
                Seat.organisation_id.is_not(None),
                Seat.role.not_in(STAFF_ROLES),
            )
        )
    )
    return next(iter(found)) if len(found) == 1 else None


def _attach(letter_id: int, record_id: int, letter: Incoming) -> list[str]:
    """Attach the files; what is refused is named with the reason and stays in the letter itself."""
    refused = []
    for number, file in enumerate(letter.files):
        try:
            service.attach(
                POST,
                record_id,
                io.BytesIO(file.data),
                file.name,
                once=f"intake:{letter_id}:{number}",
                limit=MAX_LETTER,
            )
        except (Invalid, Refused) as error:
            refused.append(f"{one_line(file.name, 120)}: {error}")
    return refused


def _finish(letter_id: int, record_id: int, letter: Incoming, refused: Sequence[str]) -> None:
    """Number, remark about what was refused, receipt and the journal's outcome: together."""
    with service.work(POST):
        record = service.act(POST, record_id, "submit")
        row = db.session.get(IntakeLetter, letter_id, with_for_update=True)
        if row is None:
            raise LookupError(letter_id)
        notes = [*letter.warnings, *(f"вложение не принято — {text}" for text in refused)]
        if notes:
            service.remark(POST, record_id, "Приём письма:\n" + "\n".join(notes))
        row.outcome = "registered"
        row.note = "; ".join([row.note, *(n for n in notes if n not in row.note)]).strip("; ")[:2000]
        if letter.answerable and _not_too_often(letter.sender):
            _receipt(record, letter)


def _not_too_often(address: str) -> bool:
    """Two answering machines must not talk to each other for ever."""
    sent = db.session.scalar(
        select(func.count())
        .select_from(MailMessage)
        .where(
            MailMessage.to_address == address,
            MailMessage.about == "receipt",
            MailMessage.created_at > now() - timedelta(hours=1),
        )
    )
    return (sent or 0) < RECEIPTS_AN_HOUR and address.lower() != mail.sender().lower()


def _receipt(record: Record, letter: Incoming) -> None:
    """The sender learns the number (automatic, no personal data back)."""
    number = record.number_text or ""
    day = record.registered_on.strftime("%d.%m.%Y") if record.registered_on else ""
    mail.send(
        letter.sender,
        f"Письмо зарегистрировано: вх. № {number} от {day}",
        "receipt",
        {"number": number, "day": day, "theirs": letter.subject or "без темы"},
        record_id=record.id,
        about="receipt",
        to_name=letter.sender_name,
        in_reply_to=letter.message_id,
    )


def register_anyway(letter_id: int) -> None:
    """A person decides that a «repeat» or a failed letter is to be registered. The caller commits."""
    row = db.session.get(IntakeLetter, letter_id, with_for_update=True)
    if (
        row is None
        or row.outcome not in {"duplicate", "failed", "ignored"}
        or not storage().exists(row.sha256)
    ):
        raise Refused("Это письмо уже зарегистрировано или его содержание не сохранилось.")
    row.once = hashlib.sha256(f"again:{row.id}:{row.sha256}".encode()).hexdigest()
    if row.outcome != "failed":
        row.record_id = None
    row.outcome, row.duplicate_of = "new", None
    outbox.put("intake", str(row.id), {"letter": row.id})


def describe(raw: bytes) -> dict[str, object]:
    """What a letter would become, without taking it (dry run)."""
    letter = incoming.read(raw)
    before = _same(letter, hashlib.sha256(raw).hexdigest())
    organisation_id = organisation_of(letter.sender)
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    outcome = "duplicate" if before else "bounce" if letter.bounce else "new"
    return {
        "subject": letter.subject,
        "sender": letter.sender,
        "organisation": organisation.short_name if organisation else None,
        "files": [f.name for f in letter.files],
        "outcome": outcome,
        "warnings": list(letter.warnings),
        "receipt": letter.answerable,
    }
