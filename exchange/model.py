"""The journal of exchange and the differences that wait for a decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.database import BigId, Json, Model, Moment, now


class ExchangeRun(Model):
    """One loading: what file, when, by whom, what came of every row (X-17)."""

    __tablename__ = "exchange_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    file_name: Mapped[str] = mapped_column(String(255), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    dry: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(Moment, default=now)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome: Mapped[dict[str, object]] = mapped_column(Json, default=dict)


class RegisterDifference(Model):
    """Our value and theirs for one field of one member; accepted or refused one by one or all (X-03)."""

    __tablename__ = "register_difference"
    __table_args__ = (Index("ix_register_difference_run", "run_id", "state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("exchange_run.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    field: Mapped[str] = mapped_column(String(40))
    ours: Mapped[str | None] = mapped_column(Text)
    theirs: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")  # open accepted refused
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
