"""Outgoing mail: written into the present transaction, sent after the commit, its fate kept (X-10).

`send` costs two rows. The worker sends; a server that is down is tried again by the outbox; a refusal for
good (5xx) becomes «не доставлено», and those who answer for the letter are told.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from records import outbox, parameters
from records.database import db, now
from records.model import StoredFile
from records.ports import MailDelayed, MailRefused, transport
from records.storage import storage

from .letters import Enclosed, Outgoing, address_of, compose, one_line, plain
from .model import MailMessage
from .unit import alone

SECRET_MATTERS = frozenset({"invite", "reset", "account", "code", "login"})
ERASED = "Текст удалён после отправки: в нём была одноразовая ссылка или код."
WRONG_ADDRESS = "Адрес записан с ошибкой."

outcomes: list[Callable[[MailMessage], None]] = []
"""Called in the same transaction when a letter is sent, failed or bounced (invitations follow theirs)."""


def send(
    to: str,
    subject: str,
    template_name: str,
    context: Mapping[str, object],
    *,
    record_id: int | None = None,
    about: str | None = None,
    to_name: str = "",
    files: Sequence[int] = (),
    in_reply_to: str = "",
) -> int:
    """Queue a letter in the present transaction; the caller commits. Returns the letter's id.

    `template_name` is a page in templates/mail/ that extends mail/base.html; the plain text is made from it.
    `about` names the matter; the matters of SECRET_MATTERS carry one-time links and are erased once sent.
    `files` are ids of stored files to enclose. A wrong address is kept as «не доставлено», never raised.
    """
    subject = one_line(subject)
    html = render(template_name, subject, context)
    address = address_of(to)
    letter = MailMessage(
        message_id=f"<{secrets.token_hex(16)}@{_domain()}>",
        to_address=address or one_line(to, 254),
        to_name=one_line(to_name, 200),
        subject=subject,
        template=template_name,
        text=plain(html),
        html=html,
        is_secret=about in SECRET_MATTERS,
        about=about or "",
        in_reply_to=one_line(in_reply_to, 998),
        record_id=record_id,
        files=list(files),
        state="queued",
        tries=0,
        created_at=now(),
    )
    db.session.add(letter)
    db.session.flush()
    if address is None:
        undelivered(letter, WRONG_ADDRESS)
    else:
        outbox.put("mail", str(letter.id), {"mail": letter.id})
    return letter.id


def render(template_name: str, subject: str, context: Mapping[str, object]) -> str:
    """The page of a letter."""
    office = parameters.office()
    site = {
        "name": office.get("short_name") or "Вече",
        "phone": office.get("phone"),
        "email": office.get("email"),
    }
    template = current_app.jinja_env.get_template(f"mail/{template_name}.html")
    return template.render(subject=subject, site=site, public_url=public_url(), **context)


def public_url(path: str = "") -> str:
    """An address people can open from a letter."""
    base: str = current_app.extensions["settings"].public_url
    return base + path if path.startswith("/") or not path else path


def sender() -> str:
    """The address letters are sent from: the setting, else the office's own."""
    chosen = current_app.extensions["settings"].mail_from or str(parameters.office().get("email") or "")
    return address_of(chosen) or "veche@localhost"


def _domain() -> str:
    return sender().partition("@")[2]


def send_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "mail": send queued letters. What has been sent already is left alone."""
    for job in jobs:
        letter = db.session.get(MailMessage, int(str(job.payload["mail"])))
        if letter is None or letter.state != "queued":
            continue
        last = job.tries + 1 >= outbox.MAX_TRIES
        message = as_bytes(letter)
        address, origin = letter.to_address, sender()
        db.session.rollback()  # no transaction is held while the server thinks
        try:
            transport().send(origin, address, message)
        except MailRefused as refusal:
            _note(letter.id, error=str(refusal), final=True)
        except MailDelayed as delay:
            _note(letter.id, error=str(delay), final=last)
            if not last:
                raise outbox.Later(str(delay)) from delay
        else:
            _note(letter.id, error="", final=False)


def _note(mail_id: int, *, error: str, final: bool) -> None:
    """Write down what came of a try."""
    with alone():
        letter = db.session.get(MailMessage, mail_id, populate_existing=True)
        if letter is not None and letter.state == "queued":
            letter.tries += 1
            letter.error = error[:1000]
            if final:
                undelivered(letter, error)
            elif not error:
                _sent(letter)


def _sent(letter: MailMessage) -> None:
    letter.state, letter.sent_at = "sent", now()
    if letter.is_secret and transport().name != "mailbox":
        letter.text, letter.html = ERASED, ""
    for told in outcomes:
        told(letter)


def undelivered(letter: MailMessage, reason: str, *, state: str = "failed") -> None:
    """«Не доставлено» (refused) or «вернулось» (bounced): keep why, tell those who answer for it."""
    letter.state, letter.error, letter.failed_at = state, one_line(reason, 1000), now()
    outbox.put("lost", str(letter.id), {"mail": letter.id})
    for told in outcomes:
        told(letter)


def as_bytes(letter: MailMessage) -> bytes:
    """The letter as it goes out."""
    receipt = letter.about == "receipt"
    return compose(
        Outgoing(
            sender=sender(),
            sender_name=str(parameters.office().get("short_name") or "Вече"),
            to=letter.to_address,
            to_name=letter.to_name,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            message_id=letter.message_id,
            at=letter.created_at.astimezone(parameters.zone()),
            in_reply_to=letter.in_reply_to,
            auto="auto-replied" if receipt else "auto-generated",
            files=tuple(_enclosed(letter.files)),
        )
    )


def _enclosed(ids: Sequence[int]) -> list[Enclosed]:
    if not ids:
        return []
    rows = db.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)).order_by(StoredFile.id))
    return [Enclosed(row.name, row.media_type, storage().path(row.sha256).read_bytes()) for row in rows]


def resend(mail_id: int, *, to: str = "") -> MailMessage:
    """Send again, to a corrected address when given. The caller commits. Raises ValueError with words."""
    letter = db.session.get(MailMessage, mail_id, with_for_update=True)
    if letter is None:
        raise ValueError("Такого письма нет.")
    if letter.is_secret and letter.text == ERASED:
        raise ValueError("Письмо с одноразовой ссылкой повторить нельзя: отправьте новое приглашение.")
    if letter.state == "queued":
        raise ValueError("Письмо уже стоит в очереди.")
    address = address_of(to or letter.to_address)
    if address is None:
        raise ValueError(WRONG_ADDRESS)
    letter.to_address, letter.state, letter.error, letter.failed_at = address, "queued", "", None
    letter.message_id = f"<{secrets.token_hex(16)}@{_domain()}>"
    outbox.put("mail", str(letter.id), {"mail": letter.id})
    return letter


STATES: Mapping[str, str] = {
    "queued": "в очереди",
    "sent": "отправлено",
    "failed": "не доставлено",
    "bounced": "вернулось",
}


@dataclass(frozen=True)
class Delivery:
    """One letter of a record, for its card (R-04, X-10)."""

    id: int
    to: str
    subject: str
    state: str
    title: str
    at: object
    error: str

    @property
    def is_lost(self) -> bool:
        return self.state in {"failed", "bounced"}


def deliveries(record_id: int) -> list[Delivery]:
    """The letters that went out about a record, newest first. For staff: addresses are personal data."""
    rows = db.session.scalars(
        select(MailMessage)
        .where(MailMessage.record_id == record_id)
        .order_by(MailMessage.id.desc())
        .limit(50)
    )
    return [
        Delivery(
            row.id,
            row.to_address,
            row.subject,
            row.state,
            STATES[row.state],
            row.failed_at or row.sent_at or row.created_at,
            row.error,
        )
        for row in rows
    ]


def states(mail_ids: Sequence[int]) -> dict[int, str]:
    """The states of letters by id (mass invitations: sent, bounced)."""
    if not mail_ids:
        return {}
    rows = db.session.execute(select(MailMessage.id, MailMessage.state).where(MailMessage.id.in_(mail_ids)))
    return {mail_id: state for mail_id, state in rows}
