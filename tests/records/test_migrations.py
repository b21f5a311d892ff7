"""The schema made by migrations is the schema of the models, guards included, on this database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app import create_app
from cli.database import is_current, upgrade
from records.database import db
from settings import load
from tests.conftest import ON_POSTGRES


@pytest.fixture
def fresh(tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """An installation with an empty database of its own."""
    environment = {"VECHE_INSTANCE": str(tmp_path), "VECHE_SECRET_KEY": "x"}
    name = f"migrations_{worker_id}"
    if ON_POSTGRES:
        from tests import postgres

        postgres.drop_database(name)
        environment["VECHE_DATABASE_URL"] = postgres.create_database(name)
    app = create_app(load(environment))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_migrations_make_what_the_models_say(fresh: Flask) -> None:
    assert not is_current()
    upgrade()
    assert is_current()
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), db.metadata)
    ours = [d for d in differences if "search_" not in str(d)]
    assert ours == []


@pytest.mark.requirement("R-29")
def test_migrations_guard_the_history(fresh: Flask) -> None:
    upgrade()
    from tests.world import World, build, submitted

    world: World = build()
    record = submitted(world.actor("head"))
    for statement in (
        f"UPDATE history SET verb = 'x' WHERE record_id = {record.id}",
        "DELETE FROM history",
        "UPDATE snapshot SET digest = 'x'",
    ):
        with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
            connection.execute(db.text(statement))


def test_upgrading_twice_changes_nothing(fresh: Flask) -> None:
    upgrade()
    upgrade()
    assert is_current()
