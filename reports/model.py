"""What a report keeps beside its record: the sheet, its rows as many small rows, what was filed,
campaigns, packages.

A row is written alone: saving a cell costs the row, however long the table is.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.database import BigId, Json, Model, Moment, now


class ReportSheet(Model):
    """One form of one member for one year, beside its record: what lists and the bar ask without reading
    rows.

    `stamp` grows with every change and marks the rows it changed; the figures are kept by difference.
    """

    __tablename__ = "report_sheet"
    __table_args__ = (
        UniqueConstraint("organisation_id", "form", "year", "place", "revision"),
        Index("ix_report_sheet_year", "year", "form"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    form: Mapped[str] = mapped_column(String(10))
    year: Mapped[int]
    place: Mapped[str] = mapped_column(String(60), default="")  # the object of form 7.1
    revision: Mapped[int] = mapped_column(default=1)
    edition: Mapped[int] = mapped_column(default=0)  # report_edition.id, 0: as the program ships it
    is_nil: Mapped[bool] = mapped_column(default=False)
    based_on: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    stamp: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[int] = mapped_column(default=0)  # required cells
    lacking: Mapped[int] = mapped_column(default=0)  # of them empty
    wrong: Mapped[int] = mapped_column(default=0)  # cells that could not be read
    changed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ReportRow(Model):
    """A row of a table; the row of a card («показатель — значение») is one of them.

    `notes`: column → {raw, error or warning}; `marks`: column → [version, who, when] of its last change;
    `origins`: column (or «*») → where a prefilled value came from.
    """

    __tablename__ = "report_row"
    __table_args__ = (
        Index("ix_report_row_order", "record_id", "table", "position"),
        Index("ix_report_row_stamp", "record_id", "stamp"),
    )

    uid: Mapped[str] = mapped_column(String(36), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    table: Mapped[str] = mapped_column(String(30))
    position: Mapped[int] = mapped_column(BigId)
    version: Mapped[int] = mapped_column(default=1)
    stamp: Mapped[int] = mapped_column(default=0)
    cells: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    notes: Mapped[dict[str, dict[str, str]]] = mapped_column(Json, default=dict)
    marks: Mapped[dict[str, list[object]]] = mapped_column(Json, default=dict)
    origins: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    lacking: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    copy_of: Mapped[str | None] = mapped_column(String(36))
    removed: Mapped[bool] = mapped_column(default=False)


class ReportFiling(Model):
    """What exactly was filed: all rows as they stood, never changed afterwards."""

    __tablename__ = "report_filing"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    filed_at: Mapped[datetime] = mapped_column(Moment, default=now)
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    content: Mapped[dict[str, object]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(String(64))


class ReportPaste(Model):
    """A preview that waits for «Вставить»: what was recognised and where it goes."""

    __tablename__ = "report_paste"

    token: Mapped[str] = mapped_column(String(36), primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), index=True)
    table: Mapped[str] = mapped_column(String(30))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    content: Mapped[dict[str, object]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReportPresence(Model):
    """Who has the form open."""

    __tablename__ = "report_presence"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReportCampaign(Model):
    """The yearly reporting: which forms, of whom, by when."""

    __tablename__ = "report_campaign"

    year: Mapped[int] = mapped_column(primary_key=True)
    forms: Mapped[list[str]] = mapped_column(Json, default=list)
    opens_on: Mapped[date]
    due_on: Mapped[date]
    remind_days: Mapped[list[int]] = mapped_column(Json, default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    started_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReportControl(Model):
    """A control warning of a form as last counted: the calendar, the reminders and the campaign read it."""

    __tablename__ = "report_control"
    __table_args__ = (
        Index("ix_report_control_record", "record_id"),
        Index("ix_report_control_due", "due_on"),
        Index("ix_report_control_company", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(30))
    level: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(String(500))
    table: Mapped[str] = mapped_column(String(30), default="")
    row_uid: Mapped[str] = mapped_column(String(36), default="")
    row_title: Mapped[str] = mapped_column(String(200), default="")
    field: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date | None]


class ReportEdition(Model):
    """A form changed by the staff and published from a year on; reports of earlier years keep theirs."""

    __tablename__ = "report_edition"
    __table_args__ = (UniqueConstraint("form", "from_year", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    form: Mapped[str] = mapped_column(String(10))
    from_year: Mapped[int]
    number: Mapped[int] = mapped_column(default=1)
    content: Mapped[dict[str, object]] = mapped_column(Json)
    enums: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    is_published: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(500), default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ReportPackage(Model):
    """A package for the books of the СРО («1С»): numbered without gaps, sent again byte for byte."""

    __tablename__ = "report_package"

    number: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[str] = mapped_column(String(36), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20), default="ready")  # ready sent accepted partial rejected
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigId)
    sends: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    errors: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)


class ReportExport(Model):
    """An accepted report waiting for a package, or in one."""

    __tablename__ = "report_export"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    package: Mapped[int | None] = mapped_column(ForeignKey("report_package.number"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")  # waiting packed accepted failed
    error: Mapped[str] = mapped_column(String(500), default="")
    queued_at: Mapped[datetime] = mapped_column(Moment, default=now)
