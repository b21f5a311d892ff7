"""The tables of the register: a thin common row for lists, a JSON payload for the rest,
and what hangs on it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from .database import BigId, Json, Model, Moment, now
from .people import Organisation, User


class Record(Model):
    """One registered item («регистрационная карточка»), whatever its kind."""

    __tablename__ = "record"
    __table_args__ = (
        CheckConstraint("registered_at IS NULL OR number_text IS NOT NULL", name="registered_has_number"),
        Index("ix_record_kind_state", "kind", "state", "id"),
        Index("ix_record_organisation", "organisation_id", "id"),
        Index("ix_record_assignee", "assignee_id", "is_open", "due_on", "id"),
        Index("ix_record_state", "state", "is_open", "id"),
        Index("ix_record_due", "due_on"),
        Index("ix_record_registered", "registered_on"),
        Index("ix_record_updated", "updated_at"),
        Index("ix_record_open_due", "is_open", "due_on"),
        Index("ix_record_direction", "direction", "registered_on", "id"),
        Index("ix_record_case", "case_index", "closed_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(500))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str] = mapped_column(String(30), default="draft")
    state_at: Mapped[datetime] = mapped_column(Moment, default=now)
    is_open: Mapped[bool] = mapped_column(default=True)
    direction: Mapped[str] = mapped_column(String(10), default="in")  # in out internal
    channel: Mapped[str] = mapped_column(String(20), default="cabinet")
    access: Mapped[str] = mapped_column(String(20), default="normal")  # normal restricted personal
    number_text: Mapped[str | None] = mapped_column(String(60), index=True)
    registered_on: Mapped[date | None]
    registered_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    their_number: Mapped[str] = mapped_column(String(60), default="")
    their_date: Mapped[date | None]
    correspondent: Mapped[str] = mapped_column(String(300), default="")
    due_on: Mapped[date | None]
    due_rule: Mapped[str] = mapped_column(String(40), default="")
    paused_on: Mapped[date | None]
    done_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    case_index: Mapped[str] = mapped_column(String(20), default="")
    original_place: Mapped[str] = mapped_column(String(200), default="")
    keep_until: Mapped[date | None]
    destroyed_at: Mapped[datetime | None] = mapped_column(Moment)
    trashed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    content_version: Mapped[int] = mapped_column(default=1)
    schema_version: Mapped[int] = mapped_column(default=1)
    workflow_version: Mapped[int] = mapped_column(default=1)
    history_count: Mapped[int] = mapped_column(default=0)
    history_digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)
    payload: Mapped[dict[str, object]] = deferred(mapped_column(Json, default=dict))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    author: Mapped[User | None] = relationship(foreign_keys=[author_id], lazy="raise")
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id], lazy="raise")


class RecordAccess(Model):
    """Access labels of a record: "may he?", "which rows?" and "which hits?" are answered from these."""

    __tablename__ = "record_access"
    __table_args__ = (Index("ix_record_access_label", "label", "record_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    label: Mapped[str] = mapped_column(String(60), primary_key=True)


class RecordValue(Model):
    """Filterable values of the payload, one row each, so that a filter is an index look-up on any
    database."""

    __tablename__ = "record_value"
    __table_args__ = (Index("ix_record_value_lookup", "name", "value", "record_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(300), primary_key=True)


class Number(Model):
    """A registration number, issued once and never reused (records.md §3.2)."""

    __tablename__ = "number"
    __table_args__ = (
        UniqueConstraint("series", "year", "seq", "suffix"),
        UniqueConstraint("series", "year", "text"),
        Index("ix_number_record", "record_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    series: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    seq: Mapped[int]
    suffix: Mapped[str] = mapped_column(String(5), default="")
    text: Mapped[str] = mapped_column(String(60))
    direction: Mapped[str] = mapped_column(String(10))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Counter(Model):
    """The last number given in a series and year; its row is locked as the last step of a transaction."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class StoredFile(Model):
    """A file of a record: it refers to content-addressed bytes and never owns them."""

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_record", "record_id"), Index("ix_file_sha256", "sha256"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    slot: Mapped[str] = mapped_column(String(60), default="files")
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(String(64))
    streebog256: Mapped[str | None] = mapped_column(String(64))
    flags: Mapped[list[str]] = mapped_column(Json, default=list)
    text_state: Mapped[str] = mapped_column(
        String(20), default="pending"
    )  # pending done none failed ocr_needed
    origin: Mapped[str] = mapped_column(String(20), default="upload")  # upload generated signature derived
    signature_of: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    replaces: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment, default=now)


class FileText(Model):
    """Extracted text of a content, by its SHA-256: derived, can be rebuilt."""

    __tablename__ = "file_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    tool: Mapped[str] = mapped_column(String(60), default="")
    warnings: Mapped[list[str]] = mapped_column(Json, default=list)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Remark(Model):
    """A remark or message at a record: internal (staff only) or visible to the member; may block approval."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_record", "record_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str] = mapped_column(Text)
    is_public: Mapped[bool] = mapped_column(default=False)
    is_blocking: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[str] = mapped_column(String(20), default="remark")  # remark message resolution
    field: Mapped[str] = mapped_column(String(120), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    author: Mapped[User | None] = relationship(foreign_keys=[author_id], lazy="raise")


class Link(Model):
    """A typed link, kept once and shown from both ends (records.md §5)."""

    __tablename__ = "link"
    __table_args__ = (
        CheckConstraint("source_id <> target_id", name="not_itself"),
        Index("ix_link_target", "target_id"),
    )

    source_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    type: Mapped[str] = mapped_column(String(30), primary_key=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class History(Model):
    """An entry of the audit history: append-only (triggers), chained per record by digests."""

    __tablename__ = "history"
    __table_args__ = (
        UniqueConstraint("record_id", "seq"),
        Index("ix_history_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_role: Mapped[str] = mapped_column(String(30), default="")
    acting_for: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    verb: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str] = mapped_column(String(30), default="")
    to_state: Mapped[str] = mapped_column(String(30), default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    value_digests: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)

    detail: Mapped[HistoryDetail | None] = relationship(lazy="raise", passive_deletes="all")


class HistoryDetail(Model):
    """Old and new values of a history entry, apart from the chain, so that the law may redact them."""

    __tablename__ = "history_detail"

    history_id: Mapped[int] = mapped_column(ForeignKey("history.id"), primary_key=True)
    values: Mapped[dict[str, dict[str, object]]] = mapped_column(Json, default=dict)
    redacted_at: Mapped[datetime | None] = mapped_column(Moment)


class DailyDigest(Model):
    """The published digest of a day of history, chained to the day before (R-29)."""

    __tablename__ = "daily_digest"

    day: Mapped[date] = mapped_column(primary_key=True)
    entries: Mapped[int]
    last_history_id: Mapped[int] = mapped_column(BigId)
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Snapshot(Model):
    """The content of a record as registered or signed: what exactly was filed."""

    __tablename__ = "snapshot"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    content_version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, object]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Outbox(Model):
    """Work for after the commit: index, notify, mail, webhook, print. At least once,
    so handlers are idempotent."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_ready", "state", "run_at", "id"),
        Index("ix_outbox_key", "topic", "key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(120), default="")
    payload: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="ready")  # ready failed
    tries: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(Moment, default=now)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class TimerRun(Model):
    """When a timer last began its work; the turn is won by changing this row."""

    __tablename__ = "timer_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Moment)


class OnceToken(Model):
    """The result of an act already done under this token: a double click does nothing twice."""

    __tablename__ = "once_token"

    token: Mapped[str] = mapped_column(String(80), primary_key=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    result: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Setting(Model):
    """A setting with its history: numbering templates, terms, routing rules, charter provisions."""

    __tablename__ = "setting"
    __table_args__ = (Index("ix_setting_name", "name", "valid_from"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    value: Mapped[object] = mapped_column(Json)
    valid_from: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(Moment, default=now)
    note: Mapped[str] = mapped_column(String(500), default="")


class KindVersion(Model):
    """A published version of a kind's fields: records filled under it are shown with it for ever (R-41)."""

    __tablename__ = "kind_version"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    fields: Mapped[list[dict[str, object]]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime] = mapped_column(Moment, default=now)
    note: Mapped[str] = mapped_column(String(500), default="")


class Hold(Model):
    """A legal hold («удержание»): while it stands, nobody destroys the record, the administrator neither."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(Moment, default=now)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)


class EditLock(Model):
    """Who is editing a record now (R-36): advice to people; the version check is what protects."""

    __tablename__ = "edit_lock"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReadMark(Model):
    """Who opened a record, first and last: delivery times, read marks of announcements, unread counters."""

    __tablename__ = "read_mark"
    __table_args__ = (Index("ix_read_mark_user", "user_id", "record_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    first_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_at: Mapped[datetime] = mapped_column(Moment, default=now)
