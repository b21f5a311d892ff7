"""People and organisations: who files, who answers, and on whose behalf."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .database import BigId, Json, Model, Moment, now


class Organisation(Model):
    """A company: a member of the СРО, a candidate, the СРО itself, or another correspondent."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    role: Mapped[str] = mapped_column(String(20), default="member")  # member candidate sro other
    status: Mapped[str] = mapped_column(String(20), default="active")  # active suspended left
    inn: Mapped[str | None] = mapped_column(String(12), unique=True)
    ogrn: Mapped[str | None] = mapped_column(String(15), index=True)
    kpp: Mapped[str | None] = mapped_column(String(9))
    short_name: Mapped[str] = mapped_column(String(300))
    full_name: Mapped[str] = mapped_column(String(1000))
    register_number: Mapped[str | None] = mapped_column(String(30), index=True)
    joined_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(1000), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    head_name: Mapped[str] = mapped_column(String(200), default="")
    head_position: Mapped[str] = mapped_column(String(200), default="")
    curator_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    details: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    def __str__(self) -> str:
        return self.short_name


class User(Model):
    """A person with an account. Rights come from seats, never from the person."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    password_hash: Mapped[str | None] = mapped_column(String(300))
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    activated_at: Mapped[datetime | None] = mapped_column(Moment)
    preferences: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    seats: Mapped[list[Seat]] = relationship(back_populates="user", lazy="selectin")


class Seat(Model):
    """A role a person holds: with the СРО (no organisation) or for a member company."""

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id", "role"),
        Index("ix_seat_role", "role", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    user: Mapped[User] = relationship(back_populates="seats")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")


class Substitution(Model):
    """Замещение: during the term new items of `user_id` go to `substitute_id` (R-31)."""

    __tablename__ = "substitution"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    substitute_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
