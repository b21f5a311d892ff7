"""What the database itself guards: history is append-only, whoever connects."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

APPEND_ONLY = ["history", "daily_digest"]
NEVER_CHANGED = ("snapshot",)
"""May be destroyed by an act of the file plan, but never rewritten."""

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_PG_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""

_PG_TRIGGER = """CREATE OR REPLACE TRIGGER {table}_append_only BEFORE {verbs} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def append_only(table: str) -> None:
    """A feature's table that only grows is guarded like the history (its model says so)."""
    if table not in APPEND_ONLY:
        APPEND_ONLY.append(table)


def _present(connection: Connection) -> list[str]:
    """Guarded tables that are made already: an early migration runs before a feature's tables are there."""
    made = set(inspect(connection).get_table_names())
    return [table for table in (*APPEND_ONLY, *NEVER_CHANGED) if table in made]


def install_triggers(connection: Connection) -> None:
    """Refuse UPDATE and DELETE on the append-only tables (called by each migration that makes some)."""
    if connection.dialect.name == "sqlite":
        for table in _present(connection):
            for verb in ("update", "delete") if table in APPEND_ONLY else ("update",):
                connection.execute(text(_SQLITE.format(table=table, verb=verb)))
        return
    connection.execute(text(_PG_FUNCTION))
    for table in _present(connection):
        verbs = "UPDATE OR DELETE" if table in APPEND_ONLY else "UPDATE"
        connection.execute(text(_PG_TRIGGER.format(table=table, verbs=verbs)))


def drop_triggers(connection: Connection) -> None:
    """Take the guards away (a restore replaces everything inside one transaction and puts them back)."""
    for table in _present(connection):
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        else:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"))
