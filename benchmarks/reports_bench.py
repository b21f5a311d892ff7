"""Report forms on the server: saving one cell in tables of 50, 500 and 5000 rows, and a paste.

The reference of a save is the same save in the table of 50 rows: it must cost the row, not the table.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable

from accounts import actors
from app import create_app
from records.actor import Actor
from records.database import db, gate, writing
from records.people import Organisation, Seat, User
from records.schema import install_triggers
from reports import editions, filling, opening, pasting, sheets
from settings import load

SIZES = (50, 500, 5000)
GOAL_RATIO = 1.5
PASTED_ROWS, PASTED_COLUMNS = 2000, 12
Row = dict[str, object]


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            load({"VECHE_INSTANCE": folder, "VECHE_SECRET_KEY": "bench", "VECHE_TASKS": "apart"})
        )
        with app.app_context():
            db.create_all()
            with db.engine.begin() as connection:
                install_triggers(connection)
            found = _measured(_person())
            db.session.remove()
            db.engine.dispose()
    return found


def _person() -> Actor:
    with writing(gate()):
        company = Organisation(
            short_name="ООО «Замер»", full_name="ООО «Замер»", inn="7701677668", details={}
        )
        user = User(email="head@bench.example", name="Иванов Иван Иванович", preferences={})
        db.session.add_all([company, user])
        db.session.flush()
        db.session.add(Seat(user_id=user.id, organisation_id=company.id, role="member_head"))
        db.session.commit()
    found = db.session.get(User, user.id, populate_existing=True)
    assert found is not None
    return actors.actor_for(found)


def _measured(head: Actor) -> list[Row]:
    times: dict[int, float] = {}
    sizes: dict[int, int] = {}
    for number, rows in enumerate(SIZES):
        record_id = opening.open_form(head, "f10", 2024 + number)
        uid = ""
        for begin in range(0, rows, 2000):
            some = [
                {"insert": {"after": None, "cells": _order(n)}} for n in range(begin, min(rows, begin + 2000))
            ]
            uid = filling.change_rows(head, record_id, "orders", some).rows[0].uid
        times[rows] = _best_of(head, record_id, uid)
        saved = filling.change_rows(head, record_id, "orders", [{"uid": uid, "cell": {"norm": "СП 48"}}])
        _, sheet = opening.find(head, record_id)
        table = filling.table_of(editions.of(sheet), "orders")
        sizes[rows] = len(
            json.dumps(sheets.changed_rows(sheet, table, saved.rows), ensure_ascii=False).encode()
        )
    small = times[SIZES[0]]
    found = [
        _row(f"reports: one cell saved in {rows} rows", times[rows] * 1000, "ms", small * 1000, GOAL_RATIO)
        for rows in SIZES
    ]
    found += [
        _row(
            f"reports: bytes answered for one cell of {rows} rows", sizes[rows], "bytes", sizes[SIZES[0]], 1.1
        )
        for rows in SIZES
    ]
    return found + _pasted(head)


def _order(number: int) -> dict[str, str]:
    return {
        "order_number": f"{number}-П",
        "order_date": "01.10.2026",
        "violation": "Журнал ведётся с пропусками",
    }


def _best_of(head: Actor, record_id: int, uid: str) -> float:
    def save(number: int) -> None:
        filling.change_rows(
            head, record_id, "orders", [{"uid": uid, "cell": {"order_number": f"{number}-Р"}}]
        )

    return statistics.median(_timed(lambda n=number: save(n)) for number in range(25))  # type: ignore[misc]


def _pasted(head: Actor) -> list[Row]:
    """2,000 × 12 cells: the preview and the writing of it, on the server."""
    record_id = opening.open_form(head, "f7", 2026)
    sample = {
        "contract_number": "{n}/2026",
        "contract_date": "02.03.2026",
        "subject": "Работы",
        "work_kind": "Строительство",
        "member_role": "Подрядчик",
        "procurement": "fz44",
        "customer_name": "МКУ «УКС»",
        "customer_inn": "7701677668",
        "object_name": "Школа",
        "price_initial": "1 234,56",
        "price_current": "1 234,56",
        "start_plan": "05.03.2026",
    }
    titles, line = list(sample), "\t".join(sample.values())
    text = "\n".join(line.format(n=n) for n in range(PASTED_ROWS))
    mapping: dict[int, str | None] = dict(enumerate(titles))
    began = time.perf_counter()
    shown = pasting.preview_paste(head, record_id, "contract", text, mapping=mapping)
    preview = time.perf_counter() - began
    if shown["errors"]:
        raise ValueError(f"the sample is not read whole: {shown['errors'][:2]}")
    apply = _timed(lambda: pasting.apply(head, record_id, "contract", shown["token"]))
    return [
        _row("reports: preview of a paste of 2000 × 12", preview, "s", 1.0, 1.0),
        _row("reports: applying a paste of 2000 × 12", apply, "s", 1.0, 1.0),
    ]


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _row(name: str, value: float, unit: str, reference: float, goal: float) -> Row:
    ratio = value / reference if reference else 0.0
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "reference": round(reference, 3),
        "ratio": round(ratio, 2),
        "goal": goal,
        "holds": ratio <= goal,
    }
