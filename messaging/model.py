"""Tables of messaging: notices and counters, outgoing mail, webhooks and their queue, letters taken in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from records.database import BigId, Json, Model, Moment, now
from records.model import Record
from records.people import Organisation, User


class Notification(Model):
    """A line of a person's notices. Events of one record within an hour are one line (U-08)."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notification_list", "user_id", "organisation_id", "id"),
        Index("ix_notification_unread", "user_id", "organisation_id", "read_at", "group"),
        Index("ix_notification_record", "record_id", "user_id", "id"),
        Index("ix_notification_mail", "mail_state", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(default=0)
    """The company for which the person reads it; 0 for staff and for what concerns himself (C-28)."""
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    group: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(500))
    """What it is about: the record with its number."""
    text: Mapped[str] = mapped_column(String(500))
    """What happened last."""
    url: Mapped[str] = mapped_column(String(500), default="")
    count: Mapped[int] = mapped_column(default=1)
    events: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    key: Mapped[str | None] = mapped_column(String(120))
    """Set by timers, so that the same reminder is never given twice."""
    first_at: Mapped[datetime] = mapped_column(Moment, default=now)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    mail_state: Mapped[str] = mapped_column(String(10), default="")  # pending digest mailed "" (none)
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)


class Pulse(Model):
    """A person's counters, kept ready: every open page asks for them every few seconds."""

    __tablename__ = "pulse"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(primary_key=True, default=0)
    notifications: Mapped[int] = mapped_column(default=0)
    messages: Mapped[int] = mapped_column(default=0)
    incoming: Mapped[int] = mapped_column(default=0)


class MailMessage(Model):
    """An outgoing letter and its fate: queued, sent, failed («не доставлено»), bounced («вернулось»)."""

    __tablename__ = "mail_message"
    __table_args__ = (
        Index("ix_mail_message_state", "state", "id"),
        Index("ix_mail_message_record", "record_id", "id"),
        Index("ix_mail_message_to", "to_address", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300))
    template: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    is_secret: Mapped[bool] = mapped_column(default=False)
    """Holds a one-time link or a code: nobody reads it in the journal, and it is erased once sent."""
    about: Mapped[str] = mapped_column(String(60), default="")
    in_reply_to: Mapped[str] = mapped_column(String(998), default="")
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    files: Mapped[list[int]] = mapped_column(Json, default=list)
    state: Mapped[str] = mapped_column(String(10), default="queued")  # queued sent failed bounced
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)


class Webhook(Model):
    """A subscriber to events (X-13): sees what its owner may see, receives in order."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(1000))
    secret: Mapped[str] = mapped_column(String(200))
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    """Kinds of records it listens to; empty means all."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    owner: Mapped[User] = relationship(foreign_keys=[owner_id], lazy="joined")


class WebhookDelivery(Model):
    """One event for one subscriber: its body, its tries, the answer (X-17)."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_key"),
        Index("ix_webhook_delivery_queue", "webhook_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_key: Mapped[str] = mapped_column(String(80))
    verb: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="queued")  # queued sent failed
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    tried_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class IntakeLetter(Model):
    """A letter taken from the office's mailbox and what became of it (R-24)."""

    __tablename__ = "intake_letter"
    __table_args__ = (
        Index("ix_intake_letter_sha256", "sha256"),
        Index("ix_intake_letter_message_id", "message_id"),
        Index("ix_intake_letter_fingerprint", "fingerprint", "taken_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The digest of a letter to be registered; a duplicate has none. The database lets one through."""
    source: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    message_id: Mapped[str] = mapped_column(String(998), default="")
    sender: Mapped[str] = mapped_column(String(254), default="")
    sender_name: Mapped[str] = mapped_column(String(300), default="")
    subject: Mapped[str] = mapped_column(String(500), default="")
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_at: Mapped[datetime] = mapped_column(Moment, default=now)
    outcome: Mapped[str] = mapped_column(
        String(12), default="new"
    )  # new registered duplicate bounce ignored failed
    note: Mapped[str] = mapped_column(String(2000), default="")
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("intake_letter.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    record: Mapped[Record | None] = relationship(lazy="raise")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
