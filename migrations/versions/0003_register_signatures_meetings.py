"""The register with dated facts, signatures with their verdicts, meetings with journal and votes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GUARDED = (
    "member_fact",
    "verification",
    "signing_event",
    "simple_signature",
    "meeting_journal",
    "meeting_roll",
    "meeting_vote",
    "meeting_voted",
    "meeting_secret_mark",
)


def guard(tables: tuple[str, ...]) -> None:
    """Refuse UPDATE and DELETE on tables that only grow; the function on PostgreSQL came with 0002."""
    for table in tables:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=80), nullable=False),
        sa.Column("issuer_name", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_certificate")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_serial"), ["serial"], unique=False)

    op.create_table(
        "login_challenge",
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_login_challenge")),
    )
    op.create_table(
        "simple_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simple_chain")),
    )
    op.create_table(
        "simple_seal",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_simple_seal")),
    )
    op.create_table(
        "certificate_binding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("snils", sa.String(length=11), nullable=False),
        sa.Column("inn", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=300), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bound_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bound_by"], ["user.id"], name=op.f("fk_certificate_binding_bound_by")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_certificate_binding_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_binding")),
    )
    with op.batch_alter_table("certificate_binding", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_binding_person", ["snils", "inn"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_binding_user_id"), ["user_id"], unique=False)

    op.create_table(
        "exchange_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("dry", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["started_by"], ["user.id"], name=op.f("fk_exchange_run_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_run")),
    )
    op.create_table(
        "kind_version",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["user.id"], name=op.f("fk_kind_version_published_by")),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_kind_version")),
    )
    op.create_table(
        "organisation_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("keeper", sa.String(length=20), nullable=False),
        sa.Column("sealed_name", sa.String(length=80), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("responsible", sa.String(length=300), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_organisation_key_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_key")),
    )
    op.create_table(
        "revocation_list",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("issuer_name", sa.Text(), nullable=False),
        sa.Column("this_update", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_update", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_revocation_list_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation_list")),
        sa.UniqueConstraint("sha256", name=op.f("uq_revocation_list_sha256")),
    )
    op.create_table(
        "signing_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("documents_digest", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signing_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_code")),
    )
    with op.batch_alter_table("signing_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "signing_operation",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("items", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("done", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signing_operation_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_operation")),
    )
    with op.batch_alter_table("signing_operation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_operation_user_id"), ["user_id"], unique=False)

    op.create_table(
        "trust_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("roots", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_trust_version_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_version")),
        sa.UniqueConstraint("name", name=op.f("uq_trust_version_name")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column("rules_sha256", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_agreement_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_user_id"), ["user_id"], unique=False)

    op.create_table(
        "dues_posting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("charged", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("payer", sa.String(length=300), nullable=False),
        sa.Column("payer_inn", sa.String(length=12), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_dues_posting_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues_posting")),
        sa.UniqueConstraint("source_key", name=op.f("uq_dues_posting_source_key")),
    )
    with op.batch_alter_table("dues_posting", schema=None) as batch_op:
        batch_op.create_index("ix_dues_posting_of", ["organisation_id", "kind", "on_date"], unique=False)

    op.create_table(
        "insurance_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("insurer", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_insurance_policy_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurance_policy")),
    )
    with op.batch_alter_table("insurance_policy", schema=None) as batch_op:
        batch_op.create_index("ix_insurance_policy_of", ["organisation_id", "ends_on"], unique=False)

    op.create_table(
        "member_card",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("register_number", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("search", sa.String(length=1500), nullable=False),
        sa.Column("membership_status", sa.String(length=12), nullable=False),
        sa.Column("right_status", sa.String(length=12), nullable=False),
        sa.Column("odo_right_status", sa.String(length=12), nullable=False),
        sa.Column("accordance_status", sa.String(length=8), nullable=False),
        sa.Column("vv_level", sa.Integer(), nullable=True),
        sa.Column("odo_level", sa.Integer(), nullable=True),
        sa.Column("obligations_total", sa.BigInteger(), nullable=False),
        sa.Column("obligations_free", sa.BigInteger(), nullable=True),
        sa.Column("obligations_state", sa.String(length=10), nullable=False),
        sa.Column("obligations_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.Column("insured_until", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_card_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_member_card")),
    )
    with op.batch_alter_table("member_card", schema=None) as batch_op:
        batch_op.create_index("ix_member_card_list", ["membership_status", "register_number"], unique=False)
        batch_op.create_index("ix_member_card_right", ["right_status"], unique=False)

    op.create_table(
        "member_specialist",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("nrs_number", sa.String(length=20), nullable=False),
        sa.Column("nrs_on", sa.Date(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("excluded_on", sa.Date(), nullable=True),
        sa.Column("work_kind", sa.String(length=60), nullable=False),
        sa.Column("main_work", sa.Boolean(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("employed_from", sa.Date(), nullable=True),
        sa.Column("employed_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_specialist_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_specialist")),
    )
    with op.batch_alter_table("member_specialist", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_specialist_nrs_number"), ["nrs_number"], unique=False)
        batch_op.create_index("ix_member_specialist_of", ["organisation_id", "name"], unique=False)

    op.create_table(
        "obligation_count",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("limit_sum", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_obligation_count_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation_count")),
    )
    with op.batch_alter_table("obligation_count", schema=None) as batch_op:
        batch_op.create_index("ix_obligation_count_of", ["organisation_id", "id"], unique=False)

    op.create_table(
        "register_difference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("ours", sa.Text(), nullable=True),
        sa.Column("theirs", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_register_difference_decided_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_register_difference_organisation_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["exchange_run.id"], name=op.f("fk_register_difference_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_difference")),
    )
    with op.batch_alter_table("register_difference", schema=None) as batch_op:
        batch_op.create_index("ix_register_difference_run", ["run_id", "state"], unique=False)

    op.create_table(
        "inspection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=1000), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("measures", sa.String(length=500), nullable=False),
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["record.id"], name=op.f("fk_inspection_act_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inspection_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index("ix_inspection_of", ["organisation_id", "starts_on"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("open_item", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_meeting_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("record_id", name=op.f("uq_meeting_record_id")),
    )
    op.create_table(
        "member_contract",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=1000), nullable=False),
        sa.Column("customer", sa.String(length=500), nullable=False),
        sa.Column("customer_inn", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("member_role", sa.String(length=30), nullable=False),
        sa.Column("customer_role", sa.String(length=30), nullable=False),
        sa.Column("procurement", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("termination_document", sa.Boolean(), nullable=False),
        sa.Column("final_act", sa.Boolean(), nullable=False),
        sa.Column("excluded_reason", sa.String(length=500), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("ground_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ground_id"], ["record.id"], name=op.f("fk_member_contract_ground_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_contract_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_contract")),
        sa.UniqueConstraint("source_key", name=op.f("uq_member_contract_source_key")),
    )
    with op.batch_alter_table("member_contract", schema=None) as batch_op:
        batch_op.create_index("ix_member_contract_of", ["organisation_id", "status", "made_on"], unique=False)

    op.create_table(
        "member_fact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("ground_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ground", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["ground_id"], ["record.id"], name=op.f("fk_member_fact_ground_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_fact_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["user.id"], name=op.f("fk_member_fact_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_fact")),
    )
    with op.batch_alter_table("member_fact", schema=None) as batch_op:
        batch_op.create_index(
            "ix_member_fact_of", ["organisation_id", "field", "valid_from", "id"], unique=False
        )

    op.create_table(
        "member_measure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["record.id"], name=op.f("fk_member_measure_decision_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_measure_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_measure")),
    )
    with op.batch_alter_table("member_measure", schema=None) as batch_op:
        batch_op.create_index("ix_member_measure_of", ["organisation_id", "decided_on"], unique=False)

    op.create_table(
        "signing_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("streebog256", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_signing_event_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signing_event_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_event")),
    )
    with op.batch_alter_table("signing_event", schema=None) as batch_op:
        batch_op.create_index("ix_signing_event_record", ["record_id", "id"], unique=False)

    op.create_table(
        "signing_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("forwarded_from", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["forwarded_from"], ["user.id"], name=op.f("fk_signing_task_forwarded_from")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_signing_task_record_id")),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_signing_task_set_by")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signing_task_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_task")),
        sa.UniqueConstraint(
            "record_id", "round", "position", name=op.f("uq_signing_task_record_id_round_position")
        ),
    )
    with op.batch_alter_table("signing_task", schema=None) as batch_op:
        batch_op.create_index("ix_signing_task_user", ["user_id", "state"], unique=False)

    op.create_table(
        "simple_signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("login", sa.String(length=254), nullable=False),
        sa.Column("documents", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("factor", sa.String(length=10), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("agent", sa.String(length=300), nullable=False),
        sa.Column("rules_version", sa.String(length=20), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_simple_signature_organisation_id")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_simple_signature_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_simple_signature_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simple_signature")),
        sa.UniqueConstraint("digest", name=op.f("uq_simple_signature_digest")),
        sa.UniqueConstraint("operation", name=op.f("uq_simple_signature_operation")),
    )
    with op.batch_alter_table("simple_signature", schema=None) as batch_op:
        batch_op.create_index("ix_simple_signature_record", ["record_id"], unique=False)

    op.create_table(
        "contract_stage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contract_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["member_contract.id"], name=op.f("fk_contract_stage_contract_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_stage")),
        sa.UniqueConstraint("contract_id", "position", name=op.f("uq_contract_stage_contract_id_position")),
    )
    op.create_table(
        "meeting_journal",
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_journal_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "seq", name=op.f("pk_meeting_journal")),
    )
    op.create_table(
        "meeting_roll",
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member", sa.String(length=100), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=False),
        sa.Column("proxy", sa.String(length=100), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_roll_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "member", name=op.f("pk_meeting_roll")),
    )
    op.create_table(
        "meeting_secret_mark",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_secret_mark_meeting_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meeting_secret_mark")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("meeting_secret_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_secret_mark_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "meeting_vote",
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=100), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_vote_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "item", "member", name=op.f("pk_meeting_vote")),
    )
    op.create_table(
        "meeting_voted",
        sa.Column("meeting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("member", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_voted_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "item", "member", name=op.f("pk_meeting_voted")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stored_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_streebog256", sa.String(length=64), nullable=True),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("operation_id", sa.String(length=40), nullable=True),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("indication", sa.String(length=20), nullable=False),
        sa.Column("sub_indication", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("authority", sa.String(length=20), nullable=False),
        sa.Column("authority_text", sa.String(length=500), nullable=False),
        sa.Column("signer_name", sa.String(length=300), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("certificate_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trust_version", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_signature_file_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_signature_record_id")),
        sa.ForeignKeyConstraint(["stored_id"], ["file.id"], name=op.f("fk_signature_stored_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name=op.f("fk_signature_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("stored_id", name=op.f("uq_signature_stored_id")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signature_certificate_until"), ["certificate_until"], unique=False
        )
        batch_op.create_index("ix_signature_file", ["file_id"], unique=False)
        batch_op.create_index("ix_signature_record", ["record_id"], unique=False)
        batch_op.create_index("ix_signature_sha256", ["sha256"], unique=False)
        batch_op.create_index("ix_signature_verdict", ["indication", "sub_indication"], unique=False)

    op.create_table(
        "violation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inspection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("what", sa.String(length=1000), nullable=False),
        sa.Column("norm", sa.String(length=300), nullable=False),
        sa.Column("advice", sa.String(length=1000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_violation_inspection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violation")),
    )
    with op.batch_alter_table("violation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_violation_inspection_id"), ["inspection_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name=op.f("fk_evidence_signature_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_signature", ["signature_id"], unique=False)

    op.create_table(
        "signature_signer",
        sa.Column("signature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("company", sa.String(length=500), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claimed_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("best_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("indication", sa.String(length=20), nullable=False),
        sa.Column("sub_indication", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("authority", sa.String(length=20), nullable=False),
        sa.Column("authority_text", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_signature_signer_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_signature_signer_signature_id")
        ),
        sa.PrimaryKeyConstraint("signature_id", "position", name=op.f("pk_signature_signer")),
    )
    with op.batch_alter_table("signature_signer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signature_signer_certificate_sha256"), ["certificate_sha256"], unique=False
        )

    op.create_table(
        "verification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("control_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("trust_version", sa.String(length=40), nullable=False),
        sa.Column("revocation_version", sa.String(length=40), nullable=False),
        sa.Column("indication", sa.String(length=20), nullable=False),
        sa.Column("sub_indication", sa.String(length=60), nullable=False),
        sa.Column("authority", sa.String(length=20), nullable=False),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_verification_signature_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.create_index("ix_verification_signature", ["signature_id", "id"], unique=False)

    guard(GUARDED)


def downgrade() -> None:
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_index("ix_verification_signature")

    op.drop_table("verification")
    with op.batch_alter_table("signature_signer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_signer_certificate_sha256"))

    op.drop_table("signature_signer")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_signature")

    op.drop_table("evidence")
    with op.batch_alter_table("violation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_violation_inspection_id"))

    op.drop_table("violation")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index("ix_signature_verdict")
        batch_op.drop_index("ix_signature_sha256")
        batch_op.drop_index("ix_signature_record")
        batch_op.drop_index("ix_signature_file")
        batch_op.drop_index(batch_op.f("ix_signature_certificate_until"))

    op.drop_table("signature")
    op.drop_table("meeting_voted")
    op.drop_table("meeting_vote")
    with op.batch_alter_table("meeting_secret_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_secret_mark_meeting_id"))

    op.drop_table("meeting_secret_mark")
    op.drop_table("meeting_roll")
    op.drop_table("meeting_journal")
    op.drop_table("contract_stage")
    with op.batch_alter_table("simple_signature", schema=None) as batch_op:
        batch_op.drop_index("ix_simple_signature_record")

    op.drop_table("simple_signature")
    with op.batch_alter_table("signing_task", schema=None) as batch_op:
        batch_op.drop_index("ix_signing_task_user")

    op.drop_table("signing_task")
    with op.batch_alter_table("signing_event", schema=None) as batch_op:
        batch_op.drop_index("ix_signing_event_record")

    op.drop_table("signing_event")
    with op.batch_alter_table("member_measure", schema=None) as batch_op:
        batch_op.drop_index("ix_member_measure_of")

    op.drop_table("member_measure")
    with op.batch_alter_table("member_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_member_fact_of")

    op.drop_table("member_fact")
    with op.batch_alter_table("member_contract", schema=None) as batch_op:
        batch_op.drop_index("ix_member_contract_of")

    op.drop_table("member_contract")
    op.drop_table("meeting")
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_index("ix_inspection_of")

    op.drop_table("inspection")
    with op.batch_alter_table("register_difference", schema=None) as batch_op:
        batch_op.drop_index("ix_register_difference_run")

    op.drop_table("register_difference")
    with op.batch_alter_table("obligation_count", schema=None) as batch_op:
        batch_op.drop_index("ix_obligation_count_of")

    op.drop_table("obligation_count")
    with op.batch_alter_table("member_specialist", schema=None) as batch_op:
        batch_op.drop_index("ix_member_specialist_of")
        batch_op.drop_index(batch_op.f("ix_member_specialist_nrs_number"))

    op.drop_table("member_specialist")
    with op.batch_alter_table("member_card", schema=None) as batch_op:
        batch_op.drop_index("ix_member_card_right")
        batch_op.drop_index("ix_member_card_list")

    op.drop_table("member_card")
    with op.batch_alter_table("insurance_policy", schema=None) as batch_op:
        batch_op.drop_index("ix_insurance_policy_of")

    op.drop_table("insurance_policy")
    with op.batch_alter_table("dues_posting", schema=None) as batch_op:
        batch_op.drop_index("ix_dues_posting_of")

    op.drop_table("dues_posting")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_user_id"))

    op.drop_table("agreement")
    op.drop_table("trust_version")
    with op.batch_alter_table("signing_operation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_operation_user_id"))

    op.drop_table("signing_operation")
    with op.batch_alter_table("signing_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_code_user_id"))

    op.drop_table("signing_code")
    op.drop_table("revocation_list")
    op.drop_table("organisation_key")
    op.drop_table("kind_version")
    op.drop_table("exchange_run")
    with op.batch_alter_table("certificate_binding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_binding_user_id"))
        batch_op.drop_index("ix_certificate_binding_person")

    op.drop_table("certificate_binding")
    op.drop_table("simple_seal")
    op.drop_table("simple_chain")
    op.drop_table("login_challenge")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_serial"))

    op.drop_table("certificate")
