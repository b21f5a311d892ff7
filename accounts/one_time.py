"""One-time links: an invitation or a password reset. The letter holds the token, the table its hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from messaging.model import MailMessage
from records.database import db, now
from records.errors import Refused
from records.people import User

from .model import OneTimeLink
from .sessions import token_hash

LIFE = {"invite": timedelta(days=14), "reset": timedelta(hours=1)}
WAITING = ("queued", "sent", "opened")


class AlreadyUsed(Refused):
    """The link has done its work: a second use says so plainly (C-11)."""


def issue(
    user: User,
    purpose: str,
    *,
    created_by: int | None = None,
    organisation_id: int | None = None,
    batch_id: int | None = None,
) -> OneTimeLink:
    """Make a link in the present transaction; earlier ones of the same purpose stop working."""
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.purpose == purpose, OneTimeLink.state.in_(WAITING))
        .values(state="expired")
    )
    link = OneTimeLink(
        token_hash=token_hash(secrets.token_urlsafe(32)),
        purpose=purpose,
        user_id=user.id,
        created_by=created_by,
        organisation_id=organisation_id,
        batch_id=batch_id,
        expires_at=now() + LIFE[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return link


def new_token(link: OneTimeLink) -> str:
    """The token for the letter; drawn at the moment of writing it, so that nothing else ever holds it."""
    token = secrets.token_urlsafe(32)
    link.token_hash = token_hash(token)
    link.expires_at = now() + LIFE[link.purpose]
    return token


@dataclass(frozen=True)
class Found:
    """A link that works, and its person."""

    link: OneTimeLink
    user: User


def find(token: str, purpose: str) -> Found:
    """The link of a token. Raises AlreadyUsed for a spent one and Refused for an unknown or lapsed one."""
    row = db.session.execute(
        select(OneTimeLink, User)
        .join(User, User.id == OneTimeLink.user_id)
        .where(OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose == purpose)
    ).first()
    if row is None:
        raise Refused("Ссылка не подходит. Проверьте, что адрес скопирован из письма целиком.")
    link, user = row
    if link.state == "used":
        raise AlreadyUsed("Доступ по этой ссылке уже активирован.")
    if link.state == "expired" or link.expires_at < now():
        raise Refused("Срок действия ссылки истёк или её заменила более новая. Запросите новую.")
    if not user.is_active:
        raise Refused("Учётная запись заблокирована. Обратитесь в СРО.")
    return Found(link, user)


def spend(token: str, purpose: str) -> Found:
    """Use a link up inside the caller's transaction; of two at once one wins."""
    found = find(token, purpose)
    done = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == found.link.id, OneTimeLink.state.in_((*WAITING, "bounced")))
        .values(state="used", used_at=now())
    )
    if not getattr(done, "rowcount", 0):
        raise AlreadyUsed("Доступ по этой ссылке уже активирован.")
    return found


def follow_mail(letter: MailMessage) -> None:
    """A letter was sent or came back: the link shows it (messaging calls this in its own transaction)."""
    state = {"sent": "sent", "failed": "bounced", "bounced": "bounced"}.get(letter.state)
    if letter.about not in ("invite", "reset") or state is None:
        return
    values: dict[str, object] = {"state": state}
    if state == "sent":
        values["sent_at"] = letter.sent_at
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.mail_id == letter.id, OneTimeLink.state.in_(("queued", "sent")))
        .values(**values)
    )
