"""Alembic's environment: the application's engine and metadata; batch mode,
so that SQLite can alter tables."""

from __future__ import annotations

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from records.database import db


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | bool:
    """Own column types are written as what they are in the database: a migration imports no code of today."""
    name = type(item).__name__
    if kind == "type" and name == "Moment":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and name == "JSON":
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run() -> None:
    """Run over the application's engine (set-up, tests) in one transaction a migration."""
    with current_app.app_context(), db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=False,
            render_item=render_item,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
