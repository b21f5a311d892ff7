"""The journal on paper: rows chained by digests, read and written by Core statements over one connection."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, exists, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from records.errors import Conflict, NotFound

from .facts import Mark
from .fold import Verdict
from .model import JournalEntry, Meeting, RollEntry, SecretMark, Vote, Voted
from .roll import Seat

GENESIS: Final = "0" * 64


def canonical(value: object) -> str:
    """JSON with one spelling: what is chained must not depend on the order of keys or on spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Entry:
    """An entry of the journal as stored."""

    seq: int
    kind: str
    body: str
    verdict: str
    previous: str
    digest: str

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    @property
    def is_chained(self) -> bool:
        return self.digest == _digest(self.seq, self.kind, self.body, self.verdict, self.previous)


def _digest(seq: int, kind: str, body: str, verdict: str, previous: str) -> str:
    return hashlib.sha256(canonical([previous, seq, kind, body, verdict]).encode()).hexdigest()


def next_entry(seq: int, previous: str, kind: str, content: object, verdict: Verdict | None = None) -> Entry:
    """The entry that follows in the chain."""
    body = canonical(content)
    said = canonical(written(verdict)) if verdict else ""
    return Entry(seq, kind, body, said, previous, _digest(seq, kind, body, said, previous))


def written(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the journal keeps it."""
    refused = [[row.member, row.code] for row in verdict.refused]
    return {"n": verdict.n, "verdict": verdict.word, "refused": refused}


# --- the head --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """Where a meeting's journal stands."""

    entry_count: int
    digest: str


_HEAD = select(Meeting.entry_count, Meeting.digest).where(Meeting.id == bindparam("meeting"))


def create(connection: Connection, name: str, record_id: int | None) -> int:
    made = connection.execute(
        insert(Meeting).values(name=name[:200], record_id=record_id, entry_count=0, digest=GENESIS)
    )
    key = made.inserted_primary_key
    assert key is not None  # the driver always tells the key of one inserted row
    return int(key[0])


def meetings(connection: Connection) -> list[tuple[int, int | None]]:
    """Every meeting with its record."""
    rows = connection.execute(select(Meeting.id, Meeting.record_id).order_by(Meeting.id))
    return [(row.id, row.record_id) for row in rows]


def head(connection: Connection, meeting_id: int, *, lock: bool = False) -> Head:
    """The head of a journal; locked until the end of the transaction when it will be written."""
    query = _HEAD.with_for_update() if lock else _HEAD
    row = connection.execute(query, {"meeting": meeting_id}).first()
    if row is None:
        raise NotFound
    return Head(row.entry_count, row.digest)


def move_head(
    connection: Connection, meeting_id: int, old: Head, entries: Sequence[Entry], open_item: str | None
) -> None:
    """Bring the head to the last entry. Raises Conflict when somebody else has written meanwhile."""
    moved = connection.execute(
        update(Meeting)
        .where(Meeting.id == meeting_id, Meeting.entry_count == old.entry_count, Meeting.digest == old.digest)
        .values(entry_count=entries[-1].seq, digest=entries[-1].digest, open_item=open_item)
    )
    if moved.rowcount != 1:
        raise Conflict("Журнал собрания тем временем продолжен.")


# --- entries ---------------------------------------------------------------------------------------


def append(connection: Connection, meeting_id: int, entries: Iterable[Entry]) -> None:
    rows = [
        {
            "meeting_id": meeting_id,
            "seq": entry.seq,
            "kind": entry.kind,
            "body": entry.body,
            "verdict": entry.verdict,
            "previous": entry.previous,
            "digest": entry.digest,
        }
        for entry in entries
    ]
    connection.execute(insert(JournalEntry), rows)


def entries(connection: Connection, meeting_id: int, *, after: int = 0) -> Iterator[Entry]:
    """The entries of a meeting in order."""
    query = (
        select(
            JournalEntry.seq,
            JournalEntry.kind,
            JournalEntry.body,
            JournalEntry.verdict,
            JournalEntry.previous,
            JournalEntry.digest,
        )
        .where(JournalEntry.meeting_id == meeting_id, JournalEntry.seq > after)
        .order_by(JournalEntry.seq)
    )
    for row in connection.execute(query):
        yield Entry(*row)


# --- the roll and the votes ------------------------------------------------------------------------


def enrol(connection: Connection, meeting_id: int, seats: Sequence[Seat], seq: int) -> None:
    """Put admitted members on the roll."""
    if seats:
        connection.execute(
            insert(RollEntry),
            [
                {
                    "meeting_id": meeting_id,
                    "member": seat.member,
                    "person": seat.person,
                    "proxy": seat.proxy,
                    "seq": seq,
                }
                for seat in seats
            ],
        )


_MAY_VOTE = exists().where(Meeting.id == bindparam("meeting"), Meeting.open_item == bindparam("open_item"))

_CAST = insert(Vote).from_select(
    ["meeting_id", "item", "member", "mark", "seq"],
    select(
        RollEntry.meeting_id,
        bindparam("open_item", type_=Vote.item.type),
        RollEntry.member,
        bindparam("mark", type_=Vote.mark.type),
        bindparam("entry", type_=Vote.seq.type),
    ).where(RollEntry.meeting_id == bindparam("meeting"), RollEntry.member == bindparam("voter"), _MAY_VOTE),
)
"""One statement casts a vote: only for a member of the roll, only while the question is open, never twice."""

_MARK_VOTED = insert(Voted).from_select(
    ["meeting_id", "item", "member"],
    select(RollEntry.meeting_id, bindparam("open_item", type_=Voted.item.type), RollEntry.member).where(
        RollEntry.meeting_id == bindparam("meeting"), RollEntry.member == bindparam("voter"), _MAY_VOTE
    ),
)


def open_question(connection: Connection, meeting_id: int, item: str | None) -> None:
    """Say to the database which question is open, before the votes of the same batch are cast."""
    connection.execute(update(Meeting).where(Meeting.id == meeting_id).values(open_item=item))


class Casting:
    """Votes of one transaction, written together; of the secret ones no order is left."""

    def __init__(self, connection: Connection, meeting_id: int) -> None:
        self._connection, self._meeting_id = connection, meeting_id
        self._open: list[dict[str, Any]] = []
        self._voted: list[dict[str, Any]] = []
        self._marks: list[dict[str, Any]] = []

    def take_open(self, item: str, members: Sequence[str], mark: Mark, seq: int) -> None:
        """Votes by name."""
        said = canonical(mark)
        self._open += [{**self._right(item, member), "mark": said, "entry": seq} for member in members]

    def take_secret(self, item: str, members: Sequence[str], mark: Mark) -> None:
        """The fact and the content, for tables that nothing links: no time, no number, a random key."""
        said = canonical(mark)
        self._voted += [self._right(item, member) for member in members]
        self._marks += [
            {"key": secrets.token_hex(16), "meeting_id": self._meeting_id, "item": item, "mark": said}
            for _ in members
        ]

    def write(self) -> None:
        """Write what was taken while its question is still open."""
        if self._open:
            _cast(self._connection, _CAST, self._open)
        if self._voted:
            _cast(self._connection, _MARK_VOTED, self._voted)
            self._connection.execute(insert(SecretMark), sorted(self._marks, key=lambda row: str(row["key"])))
        self._open, self._voted, self._marks = [], [], []

    def _right(self, item: str, member: str) -> dict[str, Any]:
        return {"meeting": self._meeting_id, "open_item": item, "voter": member}


def cast_open(
    connection: Connection, meeting_id: int, item: str, members: Sequence[str], mark: Mark, seq: int
) -> None:
    """Votes by name, at once."""
    casting = Casting(connection, meeting_id)
    casting.take_open(item, members, mark, seq)
    casting.write()


def cast_secret(
    connection: Connection, meeting_id: int, item: str, members: Sequence[str], mark: Mark
) -> None:
    """Votes in secret, at once."""
    casting = Casting(connection, meeting_id)
    casting.take_secret(item, members, mark)
    casting.write()


def _cast(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    try:
        done = connection.execute(statement, rows)
    except IntegrityError as error:
        raise Conflict("Голос по этому вопросу уже подан.") from error
    if done.rowcount not in (len(rows), -1):
        raise Conflict("Голосование по вопросу не открыто, или члена нет в списке.")


def urns(connection: Connection, meeting_id: int) -> dict[str, Counter[Mark]]:
    """What was voted in secret on each question; who voted it is nowhere."""
    found: dict[str, Counter[Mark]] = {}
    query = select(SecretMark.item, SecretMark.mark).where(SecretMark.meeting_id == literal(meeting_id))
    for item, mark in connection.execute(query):
        value = json.loads(mark)
        found.setdefault(item, Counter())[tuple(value) if isinstance(value, list) else value] += 1
    return found
