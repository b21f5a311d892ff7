"""Many register at the same moment, on a real database: numbers follow one another, nobody gets an error."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from records import service
from records.actor import Actor
from records.database import db
from records.history import verify
from records.model import Counter, Number, Record
from tests.world import draft

CLERKS, EACH = 8, 4


def together(count: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run `work(number)` in so many threads at once; returns what went wrong in them."""
    faults: list[BaseException] = []
    gate = threading.Barrier(count)

    def one(number: int) -> None:
        gate.wait()
        try:
            work(number)
        except BaseException as fault:  # a thread's error would be lost: the test looks at it
            faults.append(fault)

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(one, number)) for number in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def numbers() -> list[int]:
    db.session.rollback()
    return sorted(db.session.scalars(db.select(Number.seq).where(Number.series == "in")))


@pytest.mark.requirement("R-26")
def test_papers_registered_at_once_get_numbers_one_after_another(
    ctx: Flask, head: Actor, stranger: Actor
) -> None:
    ids = [[draft(actor).id for _ in range(EACH)] for actor in (head, stranger) * (CLERKS // 2)]
    actors = (head, stranger) * (CLERKS // 2)
    db.session.remove()

    def file_mine(number: int) -> None:
        for record_id in ids[number]:
            with ctx.app_context():
                service.act(actors[number], record_id, "submit")

    assert together(CLERKS, file_mine) == []
    assert numbers() == list(range(1, CLERKS * EACH + 1))
    assert db.session.scalar(db.select(Counter.value).where(Counter.series == "in")) == CLERKS * EACH
    assert list(verify()) == []


@pytest.mark.requirement("R-26")
def test_an_act_that_fails_after_its_number_gives_it_back(
    ctx: Flask, head: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [draft(head).id for _ in range(CLERKS)]
    db.session.remove()
    real = service.unit.Work.finish

    def refuse_odd(unit: service.Work) -> None:
        real(unit)
        if any(record_id in ids[1::2] for record_id in unit._touched):
            raise RuntimeError("the machine fails before the commit")

    monkeypatch.setattr(service.unit.Work, "finish", refuse_odd)

    def file_mine(number: int) -> None:
        with ctx.app_context():
            service.act(head, ids[number], "submit")

    faults = together(CLERKS, file_mine)
    assert [type(fault) for fault in faults] == [RuntimeError] * (CLERKS // 2)
    assert numbers() == list(range(1, CLERKS // 2 + 1))
    states = db.session.execute(db.select(Record.id, Record.number_text).where(Record.id.in_(ids[1::2])))
    assert all(text is None for _, text in states)


def test_the_same_paper_submitted_by_two_at_once_is_registered_once(
    ctx: Flask, head: Actor, proxy: Actor
) -> None:
    record_id = draft(head).id
    db.session.remove()

    def submit(number: int) -> None:
        with ctx.app_context():
            service.act((head, proxy)[number % 2], record_id, "submit")

    faults = together(6, submit)
    assert len(faults) == 5
    assert {type(fault).__name__ for fault in faults} == {"Refused"}
    assert numbers() == [1]
