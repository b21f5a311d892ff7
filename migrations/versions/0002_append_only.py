"""append-only history: the database itself refuses changes, whoever connects"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDED = {"history": ("UPDATE", "DELETE"), "daily_digest": ("UPDATE", "DELETE"), "snapshot": ("UPDATE",)}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, verbs in GUARDED.items():
            for verb in verbs:
                op.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, verbs in GUARDED.items():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join(verbs)} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, verbs in GUARDED.items():
        for verb in verbs if sqlite else ("",):
            name = f"{table}_no_{verb.lower()}" if sqlite else f"{table}_append_only"
            op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
