"""Tables of meetings: the journal that is the truth, the roll, the votes that no hand can double or change.

A secret vote is two unlinked rows: that a member voted (`meeting_voted`), and what was voted
(`meeting_secret_mark`, under a random key; on SQLite without row ids, so rows lie in the order of the
keys and tell nothing of the order of voting).
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from records.database import BigId, Json, Model
from records.model import Record
from records.schema import append_only


class Meeting(Model):
    """A meeting: the head of its journal. Everything else of it is folded from the journal."""

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey(Record.id), unique=True)
    """The record that shows this meeting among the papers; none for a rehearsal or a replayed scenario."""
    name: Mapped[str] = mapped_column(String(200), default="")
    entry_count: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64))
    open_item: Mapped[str | None] = mapped_column(String(100))
    """The question votes may be cast on: read by the statement that casts them."""


class JournalEntry(Model):
    """One entry of the journal: what came from outside, and the verdict of the law. Never changed."""

    __tablename__ = "meeting_journal"

    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))  # case, facts, event
    body: Mapped[str] = mapped_column(Text)
    verdict: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class RollEntry(Model):
    """A member on the list of participants: who votes for it, and by which proxy."""

    __tablename__ = "meeting_roll"

    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id), primary_key=True)
    member: Mapped[str] = mapped_column(String(100), primary_key=True)
    person: Mapped[str] = mapped_column(String(100))
    proxy: Mapped[str | None] = mapped_column(String(100))
    seq: Mapped[int]
    """The entry of the journal that admitted it."""


class Vote(Model):
    """An open vote of a member on a question. The key forbids a second."""

    __tablename__ = "meeting_vote"

    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id), primary_key=True)
    item: Mapped[str] = mapped_column(String(100), primary_key=True)
    member: Mapped[str] = mapped_column(String(100), primary_key=True)
    mark: Mapped[str] = mapped_column(Text)
    seq: Mapped[int]
    """The entry of the journal that is the evidence of the vote."""


class Voted(Model):
    """That a member has voted in secret on a question: the fact alone. The key forbids a second."""

    __tablename__ = "meeting_voted"

    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id), primary_key=True)
    item: Mapped[str] = mapped_column(String(100), primary_key=True)
    member: Mapped[str] = mapped_column(String(100), primary_key=True)


class SecretMark(Model):
    """What one unknown member voted: a random key, no time, no order."""

    __tablename__ = "meeting_secret_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey(Meeting.id), index=True)
    item: Mapped[str] = mapped_column(String(100))
    mark: Mapped[str] = mapped_column(Text)


class MeetingPlan(Model):
    """What the council decides of a meeting; the call freezes in it the names its documents print."""

    __tablename__ = "meeting_plan"

    record_id: Mapped[int] = mapped_column(ForeignKey(Record.id), primary_key=True)
    body: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    book: Mapped[dict[str, object]] = mapped_column(Json, default=dict)


class BallotDraft(Model):
    """A ballot being filled in the cabinet; thrown away when it is sent."""

    __tablename__ = "meeting_ballot_draft"

    record_id: Mapped[int] = mapped_column(ForeignKey(Record.id), primary_key=True)
    member: Mapped[str] = mapped_column(String(100), primary_key=True)
    marks: Mapped[dict[str, object]] = mapped_column(Json, default=dict)


# Nobody rewrites the journal of a meeting or a vote, whoever connects.
for _model in (JournalEntry, RollEntry, Vote, Voted, SecretMark):
    append_only(_model.__tablename__)
