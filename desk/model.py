"""Tables of the desks: saved views and long jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.database import BigId, Json, Model, Moment, now


class SavedView(Model):
    """A list somebody keeps: its address, a name, shared or not, with or without alerts (R-33, U-05)."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(1000))
    is_shared: Mapped[bool] = mapped_column(default=False)
    alerts: Mapped[bool] = mapped_column(default=False)
    seen_id: Mapped[int] = mapped_column(BigId, default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Job(Model):
    """A long act on many things: how far it is, and what became of each (R-32, U-01)."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200))
    request: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="waiting")  # waiting running done failed
    report: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
