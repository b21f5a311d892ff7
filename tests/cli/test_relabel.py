"""`flask records relabel`: labels computed anew, shown first, and nothing else touched."""

from __future__ import annotations

import json

import pytest

from records import indexing, query
from records.database import db, gate, writing
from records.errors import NotFound
from records.model import History, Record, RecordAccess
from records.service import relabelling
from tests.world import submitted


@pytest.fixture
def spoilt(world, head, drain):
    """Two letters; the labels of the first are wrong: the company has lost it, a stranger has got it."""
    first, second = submitted(head), submitted(head)
    drain()
    with writing(gate()):
        own = f"org:{world.company.id}%"
        db.session.execute(
            db.delete(RecordAccess).where(RecordAccess.record_id == first.id, RecordAccess.label.like(own))
        )
        db.session.add(RecordAccess(record_id=first.id, label=f"org:{world.other_company.id}"))
        db.session.commit()
    return first, second


def run(app, *words):
    return app.test_cli_runner().invoke(args=["records", "relabel", *words])


@pytest.mark.requirement("R-37")
def test_a_dry_run_tells_and_changes_nothing(spoilt, ctx, stranger):
    answer = run(ctx, "--dry-run", "--json")
    assert json.loads(answer.stdout) == {"seen": 2, "changed": 1, "unknown": 0, "dry_run": True}
    assert query.get(stranger, spoilt[0].id)


@pytest.mark.requirement("R-37")
def test_labels_are_brought_in_line_with_the_rules(spoilt, ctx, head, stranger):
    answer = run(ctx)
    assert answer.exit_code == 0, answer.output
    assert "Изменены метки у документов: 1" in answer.output
    db.session.rollback()
    assert query.get(head, spoilt[0].id)
    with pytest.raises(NotFound):
        query.get(stranger, spoilt[0].id)
    assert relabelling.relabel().changed == 0


@pytest.mark.requirement("R-37", "R-20")
def test_the_search_follows(spoilt, ctx, head, stranger, drain):
    relabelling.relabel()
    drain()
    assert {h.id for h in indexing.find(head, "проверки").hits} == {r.id for r in spoilt}
    assert indexing.find(stranger, "проверки").hits == []


def test_the_records_themselves_do_not_change(spoilt, ctx):
    before = [(r.version, r.updated_at) for r in db.session.scalars(db.select(Record).order_by(Record.id))]
    entries = db.session.scalar(db.select(db.func.count()).select_from(History))
    db.session.rollback()
    relabelling.relabel()
    after = [(r.version, r.updated_at) for r in db.session.scalars(db.select(Record).order_by(Record.id))]
    assert (after, db.session.scalar(db.select(db.func.count()).select_from(History))) == (before, entries)


def test_every_batch_is_gone_through(spoilt, ctx, monkeypatch):
    monkeypatch.setattr(relabelling, "BATCH", 1)
    told = []
    assert relabelling.relabel(progress=told.append).seen == 2
    assert told == [1, 2]
