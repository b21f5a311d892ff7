"""The register at its promised size: 5,000 members, 200,000 contracts, 1,000,000 dues postings.

Beside each figure stands the time of the raw SQL that reads the same rows, in the same run.
VECHE_BENCH_REGISTER makes the register smaller (default 5,000 members; contracts and postings follow).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from accounts import sessions
from app import create_app
from records.database import db, gate, now, writing
from records.people import Organisation, User
from register import cards, history
from register.member_fields import FIELDS
from register.model import Contract, DuesPosting, MemberFact
from settings import load
from tests import world as people

MEMBERS = int(os.environ.get("VECHE_BENCH_REGISTER", "5000"))
CONTRACTS_OF_ONE, POSTINGS_OF_ONE, PORTION = 40, 200, 250
TODAY = date(2026, 11, 20)
TIMES = 60
Row = dict[str, object]
VALUES = {
    "member_type": "legal",
    "membership_status": "member",
    "right_status": "active",
    "odo_right_status": "active",
    "register_date": "2015-03-02",
    "odo_right_date": "2015-03-02",
    "vv_level": "2",
    "odo_level": "3",
}


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            load({"VECHE_INSTANCE": folder, "VECHE_SECRET_KEY": "bench", "VECHE_TASKS": "apart"})
        )
        with app.app_context():
            db.create_all()
            people.build()
            fill()
            rows = [_count(), _snapshot()]
            rows += _pages(app)
            db.session.remove()
            db.engine.dispose()
    return rows


def fill() -> None:
    """Members with every field twice, contracts and dues, by whole tables."""
    for first in range(0, MEMBERS, PORTION):
        numbers = range(first + 1, min(first + PORTION, MEMBERS) + 1)
        with writing(gate()):
            db.session.execute(insert(Organisation), [_company(n) for n in numbers])
            ids = dict(
                db.session.execute(
                    db.select(Organisation.register_number, Organisation.id).where(
                        Organisation.register_number.in_([f"М-{n:05d}" for n in numbers])
                    )
                ).all()
            )
            pairs = [(n, ids[f"М-{n:05d}"]) for n in numbers]
            db.session.execute(insert(MemberFact), [row for n, i in pairs for row in _facts(n, i)])
            db.session.execute(insert(Contract), [row for n, i in pairs for row in _contracts(n, i)])
            db.session.execute(insert(DuesPosting), [row for n, i in pairs for row in _postings(n, i)])
            db.session.commit()


def _company(number: int) -> Row:
    return {
        "short_name": f"ООО «Строитель-{number}»",
        "full_name": f"Общество с ограниченной ответственностью «Строитель-{number}»",
        "inn": f"{7_800_000_000 + number}",
        "register_number": f"М-{number:05d}",
        "details": {},
    }


def _facts(number: int, member: int) -> Iterator[Row]:
    values = {name: f"значение {number}" for name in FIELDS if FIELDS[name].form.widget == "text"}
    values |= VALUES | {"register_number": f"М-{number:05d}", "short_name": f"ООО «Строитель-{number}»"}
    for since in (date(2015, 3, 2), date(2024, 3, 2)):
        for name, value in values.items():
            yield {
                "organisation_id": member,
                "field": name,
                "value": value,
                "valid_from": since,
                "recorded_at": now(),
            }


def _contracts(number: int, member: int) -> Iterator[Row]:
    for n in range(CONTRACTS_OF_ONE):
        yield {
            "organisation_id": member,
            "source_key": f"{number}-{n}",
            "number": f"{n}/2026",
            "made_on": TODAY - timedelta(days=n * 10),
            "customer": "МКУ «Заказчик»",
            "price": Decimal(30_000_000 + number),
            "accepted": Decimal(n * 500_000),
            "status": "active" if n % 3 else "completed",
            "final_act": n % 3 == 0,
        }


def _postings(number: int, member: int) -> Iterator[Row]:
    for n in range(POSTINGS_OF_ONE):
        is_charge = n % 2 == 0
        on = TODAY - timedelta(days=n * 15)
        yield {
            "organisation_id": member,
            "source_key": f"p{number}-{n}",
            "kind": "membership",
            "on_date": on,
            "due_on": on + timedelta(days=30) if is_charge else None,
            "charged": Decimal(15_000) if is_charge else Decimal(0),
            "paid": Decimal(0) if is_charge else Decimal(14_900),
            "document": "Начисление" if is_charge else "Платёжное поручение",
        }


def _timed(work: Callable[[], Any]) -> float:
    db.session.remove()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _row(name: str, value: float, reference: float, unit: str, goal: float) -> Row:
    return {
        "name": f"{name}, {MEMBERS} members",
        "value": value,
        "unit": unit,
        "reference": reference,
        "ratio": value / reference,
        "goal": f"≤ {goal:g} {unit}",
        "holds": value <= goal,
    }


def _raw(statement: str, **values: object) -> float:
    return _timed(lambda: db.session.execute(text(statement), values).fetchall())


def _count() -> Row:
    """Every member's obligations, dues and row of the list made anew."""

    def work() -> None:
        with writing(gate()):
            cards.refresh(None, TODAY, at=now())
            db.session.commit()

    work()
    raw = _raw("SELECT organisation_id, price, accepted, status, final_act, procurement FROM member_contract")
    raw += _raw("SELECT organisation_id, kind, SUM(charged), SUM(paid) FROM dues_posting GROUP BY 1, 2")
    return _row("obligations of all counted anew", _timed(work), raw, "s", 10)


def _snapshot() -> Row:
    statement = (
        "SELECT organisation_id, field, value FROM member_fact WHERE valid_from <= :day "
        "ORDER BY organisation_id, field, valid_from, id"
    )
    raw = _raw(statement, day=TODAY)
    return _row("the whole register on a date", _timed(lambda: history.members_on(TODAY)), raw, "s", 2)


def _pages(app: Flask) -> list[Row]:
    user = db.session.scalars(db.select(User).where(User.email.startswith("curator@"))).one()
    _, token = sessions.open_session(user, method="password", address="127.0.0.1", agent="measurement")
    members = list(db.session.scalars(db.select(Organisation.id).where(Organisation.register_number > "М")))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["token"] = token
    listed = "SELECT * FROM member_card WHERE right_status = 'active' ORDER BY register_number LIMIT 51"
    card = "SELECT * FROM member_fact WHERE organisation_id = :id ORDER BY field, valid_from"
    contracts = "SELECT * FROM member_contract WHERE organisation_id = :id"
    pages: list[tuple[str, Callable[[int], str], str, float]] = [
        (
            "register list with filters",
            lambda n: f"/members?right=active&vv_level=2&q=строитель-{n}",
            listed,
            200,
        ),
        ("member page", lambda n: f"/members/{members[n]}", card, 150),
        ("member's contracts", lambda n: f"/members/{members[n]}/contracts", contracts, 150),
        ("member's dues", lambda n: f"/members/{members[n]}/dues", contracts, 150),
    ]
    return [
        _row(f"{name}, 95 of 100", _slowest(client, page), _raw(raw, id=members[0]) * 1000, "ms", goal)
        for name, page, raw, goal in pages
    ]


def _slowest(client: Any, page: Callable[[int], str]) -> float:
    """The 95th of a hundred: every answer is a whole page."""
    spent = []
    for number in range(TIMES):
        began = time.perf_counter()
        answer = client.get(page(number))
        spent.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise ValueError(f"{page(number)}: {answer.status_code}")
    return sorted(spent)[int(TIMES * 0.95)]
