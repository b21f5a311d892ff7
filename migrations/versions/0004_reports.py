"""Yearly reports: campaigns, rows, packages; the plan of a meeting and drafts of ballots."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_package",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("errors", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_report_package")),
        sa.UniqueConstraint("package_id", name=op.f("uq_report_package_package_id")),
    )
    op.create_table(
        "report_campaign",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("forms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remind_days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("started_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["started_by"], ["user.id"], name=op.f("fk_report_campaign_started_by")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_report_campaign")),
    )
    op.create_table(
        "report_edition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("enums", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_report_edition_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_edition")),
        sa.UniqueConstraint(
            "form", "from_year", "number", name=op.f("uq_report_edition_form_from_year_number")
        ),
    )
    op.create_table(
        "meeting_ballot_draft",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(length=100), nullable=False),
        sa.Column("marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_meeting_ballot_draft_record_id")),
        sa.PrimaryKeyConstraint("record_id", "member", name=op.f("pk_meeting_ballot_draft")),
    )
    op.create_table(
        "meeting_plan",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("book", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_meeting_plan_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_meeting_plan")),
    )
    op.create_table(
        "report_control",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("table", sa.String(length=30), nullable=False),
        sa.Column("row_uid", sa.String(length=36), nullable=False),
        sa.Column("row_title", sa.String(length=200), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_control_organisation_id")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_control_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_control")),
    )
    with op.batch_alter_table("report_control", schema=None) as batch_op:
        batch_op.create_index("ix_report_control_company", ["organisation_id"], unique=False)
        batch_op.create_index("ix_report_control_due", ["due_on"], unique=False)
        batch_op.create_index("ix_report_control_record", ["record_id"], unique=False)

    op.create_table(
        "report_export",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("package", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package"], ["report_package.number"], name=op.f("fk_report_export_package")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_export_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_report_export")),
    )
    with op.batch_alter_table("report_export", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_export_package"), ["package"], unique=False)

    op.create_table(
        "report_filing",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["filed_by"], ["user.id"], name=op.f("fk_report_filing_filed_by")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_filing_record_id")),
        sa.PrimaryKeyConstraint("record_id", "number", name=op.f("pk_report_filing")),
    )
    op.create_table(
        "report_paste",
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table", sa.String(length=30), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_paste_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_paste_user_id")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_report_paste")),
    )
    with op.batch_alter_table("report_paste", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_paste_record_id"), ["record_id"], unique=False)

    op.create_table(
        "report_presence",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_presence_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_report_presence_user_id")),
        sa.PrimaryKeyConstraint("record_id", "user_id", name=op.f("pk_report_presence")),
    )
    op.create_table(
        "report_row",
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table", sa.String(length=30), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("notes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("origins", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("lacking", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("copy_of", sa.String(length=36), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_row_record_id")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_report_row")),
    )
    with op.batch_alter_table("report_row", schema=None) as batch_op:
        batch_op.create_index("ix_report_row_order", ["record_id", "table", "position"], unique=False)
        batch_op.create_index("ix_report_row_stamp", ["record_id", "stamp"], unique=False)

    op.create_table(
        "report_sheet",
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("is_nil", sa.Boolean(), nullable=False),
        sa.Column("based_on", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("lacking", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["user.id"], name=op.f("fk_report_sheet_approved_by")),
        sa.ForeignKeyConstraint(["based_on"], ["record.id"], name=op.f("fk_report_sheet_based_on")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_sheet_organisation_id")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_report_sheet_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_report_sheet")),
        sa.UniqueConstraint(
            "organisation_id",
            "form",
            "year",
            "place",
            "revision",
            name=op.f("uq_report_sheet_organisation_id_form_year_place_revision"),
        ),
    )
    with op.batch_alter_table("report_sheet", schema=None) as batch_op:
        batch_op.create_index("ix_report_sheet_year", ["year", "form"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("report_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_report_sheet_year")

    op.drop_table("report_sheet")
    with op.batch_alter_table("report_row", schema=None) as batch_op:
        batch_op.drop_index("ix_report_row_stamp")
        batch_op.drop_index("ix_report_row_order")

    op.drop_table("report_row")
    op.drop_table("report_presence")
    with op.batch_alter_table("report_paste", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_paste_record_id"))

    op.drop_table("report_paste")
    op.drop_table("report_filing")
    with op.batch_alter_table("report_export", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_export_package"))

    op.drop_table("report_export")
    with op.batch_alter_table("report_control", schema=None) as batch_op:
        batch_op.drop_index("ix_report_control_record")
        batch_op.drop_index("ix_report_control_due")
        batch_op.drop_index("ix_report_control_company")

    op.drop_table("report_control")
    op.drop_table("meeting_plan")
    op.drop_table("meeting_ballot_draft")
    op.drop_table("report_edition")
    op.drop_table("report_campaign")
    op.drop_table("report_package")
