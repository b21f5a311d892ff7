"""People, sessions, keys and an archive made in bulk, for a measurement's own installation.

Run as a program inside the installation (`python -m benchmarks.filling 100000`); prints what a client needs.
Rows go in by SQLAlchemy Core: an archive of years cannot be filed one by one before each measurement.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, insert, select

from accounts import keys, sessions
from app import create_app
from records import policy
from records.actor import Actor
from records.database import db, gate, now, writing
from records.history import GENESIS, entry_digest
from records.kinds import registry
from records.model import Counter, History, Number, Record, RecordAccess
from records.people import Organisation, User
from tests import world as people

PORTION = 2_000
MEMBER_SHARE = 50
"""One record in fifty is the measured company's own."""

Row = dict[str, Any]


def fill(count: int) -> dict[str, object]:
    """Fill an empty installation; returns cookies and keys by name, and the ids of records to read."""
    app = create_app()
    with app.app_context():
        world = people.build()
        others = _companies(200)
        _records(count, world, others)
        return {
            "cookies": {name: _cookie(app, world.users[name]) for name in ("head", "clerk", "curator")},
            "key": _key(world.actor("head"), world.users["head"]),
            "ids": _sample(world.users["curator"]),
        }


def _companies(count: int) -> list[int]:
    rows = [
        {
            "short_name": f"ООО «Строитель-{number}»",
            "full_name": f"Общество с ограниченной ответственностью «Строитель-{number}»",
            "inn": f"{7_800_000_000 + number}",
            "details": {},
        }
        for number in range(count)
    ]
    with writing(gate()):
        db.session.execute(insert(Organisation), rows)
        db.session.commit()
    return list(db.session.scalars(select(Organisation.id).where(Organisation.inn.startswith("78"))))


def _records(count: int, world: people.World, others: list[int]) -> None:
    """Letters of many companies in the states of a working office: one in twenty is still open."""
    for first in range(1, count + 1, PORTION):
        numbers = range(first, min(first + PORTION, count + 1))
        rows = [_record(number, count, world, others) for number in numbers]
        with writing(gate()):
            db.session.execute(insert(Record), rows)
            db.session.execute(insert(RecordAccess), list(_labels(rows)))
            db.session.execute(insert(Number), [_number(row) for row in rows])
            db.session.execute(insert(History), [entry for row in rows for entry in _history(row)])
            db.session.commit()
    with writing(gate()):
        year = now().year
        db.session.execute(insert(Counter), [{"series": "in", "year": year, "value": count}])
        db.session.commit()


def _record(number: int, count: int, world: people.World, others: list[int]) -> Row:
    at = now() - timedelta(minutes=5 * (count - number) + 5)
    is_open = number % 20 == 0
    mine = number % MEMBER_SHARE == 0
    author = world.users["head" if mine else "stranger"].id
    return {
        "id": number,
        "kind": "letter",
        "title": f"О сроках проверки объекта № {number}",
        "organisation_id": world.company.id if mine else others[number % len(others)],
        "author_id": author,
        "assignee_id": world.users["curator" if number % 3 else "clerk"].id,
        "state": "in_work" if is_open else "closed",
        "state_at": at,
        "is_open": is_open,
        "direction": "in",
        "channel": "cabinet",
        "number_text": f"ВХ-{number}",
        "registered_on": at.date(),
        "registered_at": at,
        "received_at": at,
        "due_on": at.date() + timedelta(days=30),
        "done_on": None if is_open else at.date() + timedelta(days=10),
        "closed_on": None if is_open else at.date() + timedelta(days=12),
        "case_index": "01-05",
        "payload": {
            "subject": f"О сроках проверки объекта № {number}",
            "topic": "inspection",
            "text": "Просим сообщить.",
        },
        "created_at": at,
        "updated_at": at,
    }


def _labels(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        labels = policy.record_labels(Record(**row, access="normal"), registry["letter"], row["payload"])
        yield from ({"record_id": row["id"], "label": label} for label in labels)


def _number(row: Row) -> Row:
    return {
        "record_id": row["id"],
        "series": "in",
        "year": now().year,
        "seq": row["id"],
        "text": row["number_text"],
        "direction": "in",
        "issued_on": row["registered_on"],
    }


def _history(row: Row) -> Iterator[Row]:
    """Three true entries of the chain, and the record's own end of it."""
    previous = GENESIS
    moves = (
        ("record.create", "", "draft"),
        ("record.submit", "draft", "submitted"),
        ("record.take", "submitted", "in_work"),
    )
    for seq, (verb, before, after) in enumerate(moves, 1):
        entry: Row = {
            "record_id": row["id"],
            "seq": seq,
            "at": row["created_at"],
            "actor_id": row["author_id"],
            "actor_name": "Иванов Иван Иванович",
            "actor_role": "member_head",
            "acting_for": "",
            "address": "127.0.0.1",
            "verb": verb,
            "from_state": before,
            "to_state": after,
            "value_digests": {},
            "previous": previous,
        }
        previous = entry["digest"] = entry_digest(History(**entry))
        yield entry


def _cookie(app: Flask, user: User) -> str:
    """The cookie of a logged-in browser."""
    _, token = sessions.open_session(user, method="password", address="127.0.0.1", agent="measurement")
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"session={signer.dumps({'token': token})}"


def _key(actor: Actor, user: User) -> str:
    db.session.commit()
    return keys.issue(actor, "измерение", user.seats[0].id)[1]


def _sample(user: User) -> list[int]:
    """Records read often: the employee's latest."""
    newest = db.session.scalar(select(func.max(Record.id))) or 0
    found = select(Record.id).where(Record.assignee_id == user.id, Record.id > newest - 400)
    return list(db.session.scalars(found.order_by(Record.id.desc()).limit(100)))


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
