"""What the database itself guards: history is append-only, whoever connects."""

from __future__ import annotations

from sqlalchemy import Connection, text

APPEND_ONLY = ("history", "daily_digest", "snapshot")

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""

_PG_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""

_PG_TRIGGER = """CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def install_triggers(connection: Connection) -> None:
    """Refuse UPDATE and DELETE on the append-only tables (called by the migration that makes them)."""
    if connection.dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("update", "delete"):
                connection.execute(text(_SQLITE.format(table=table, verb=verb)))
        return
    connection.execute(text(_PG_FUNCTION))
    for table in APPEND_ONLY:
        connection.execute(text(_PG_TRIGGER.format(table=table)))
