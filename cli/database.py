"""`flask db upgrade|current`: bring the schema up to date (Alembic, on SQLite and PostgreSQL)."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import inspect

from records.database import db

MIGRATIONS = str(Path(__file__).resolve().parent.parent / "migrations")

database = AppGroup("db", help="Схема базы данных.")


@database.command("upgrade")
def upgrade_command() -> None:
    """Привести схему базы к текущей версии."""
    upgrade()
    click.echo("Схема базы данных готова.")


@database.command("current")
def current_command() -> None:
    """Показать версию схемы."""
    with db.engine.connect() as connection:
        click.echo(_heads(connection) or "база пуста")


def upgrade() -> None:
    """Run the migrations that are missing; quick when there are none."""
    from flask import current_app
    from flask_migrate import Migrate
    from flask_migrate import upgrade as alembic_upgrade

    if "migrate" not in current_app.extensions:
        Migrate(current_app, db, directory=MIGRATIONS)
    alembic_upgrade(directory=MIGRATIONS)


def is_current() -> bool:
    """True when the newest migration has run; looks without loading Alembic, so that a start is quick."""
    if not inspect(db.engine).has_table("alembic_version"):
        return False
    newest = max(p.name.partition("_")[0] for p in Path(MIGRATIONS, "versions").glob("[0-9]*.py"))
    with db.engine.connect() as connection:
        return _heads(connection) == newest


def _heads(connection: object) -> str:
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version")  # type: ignore[attr-defined]
    return ", ".join(sorted(row[0] for row in rows))


COMMANDS = (database,)
