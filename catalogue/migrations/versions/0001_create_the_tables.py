"""Create the tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("identifier", sa.String(length=500), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("member_of", sa.String(length=40), nullable=True),
        sa.Column("is_claimed", sa.Boolean(), nullable=False),
        sa.Column("accepts_aggregators", sa.Boolean(), nullable=False),
        sa.Column("contact_point", sa.String(length=320), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("identifier", name=op.f("uq_organisation_identifier")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("held_by", sa.String(length=120), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    op.create_index(op.f("ix_outbox_message_due_at_id"), "outbox_message", ["due_at", "id"], unique=False)

    op.create_table(
        "raw_document",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_raw_document")),
    )
    op.create_table(
        "harvest_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("options", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_aggregator", sa.Boolean(), nullable=False),
        sa.Column("holds_new", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("absences_before_withdrawal", sa.Integer(), nullable=False),
        sa.Column("withdraw_at_most", sa.Integer(), nullable=False),
        sa.Column("withdraw_share", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_harvest_source_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_source")),
        sa.UniqueConstraint(
            "organisation_id", "kind", "name", name=op.f("uq_harvest_source_organisation_id_kind_name")
        ),
    )
    op.create_table(
        "organisation_name",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_name_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_organisation_name")),
    )
    op.create_index(
        op.f("ix_organisation_name_organisation_id"), "organisation_name", ["organisation_id"], unique=False
    )

    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("quality_score", sa.Integer(), nullable=False),
        sa.Column("quality_band", sa.String(length=20), nullable=False),
        sa.Column("population_size", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_dataset_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["harvest_source.id"], name=op.f("fk_dataset_source_id_harvest_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
        sa.UniqueConstraint("identifier", name=op.f("uq_dataset_identifier")),
    )
    op.create_index(op.f("ix_dataset_changed_at"), "dataset", ["changed_at"], unique=False)
    op.create_index(op.f("ix_dataset_organisation_id"), "dataset", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_dataset_source_id"), "dataset", ["source_id"], unique=False)
    op.create_index(op.f("ix_dataset_state"), "dataset", ["state"], unique=False)

    op.create_table(
        "harvest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("stages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["harvest_source.id"], name=op.f("fk_harvest_run_source_id_harvest_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_run")),
    )
    op.create_index(op.f("ix_harvest_run_source_id"), "harvest_run", ["source_id"], unique=False)

    op.create_table(
        "dataset_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_identifier_dataset_id_dataset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_identifier")),
        sa.UniqueConstraint("dataset_id", "value", name=op.f("uq_dataset_identifier_dataset_id_value")),
    )
    op.create_index(op.f("ix_dataset_identifier_value"), "dataset_identifier", ["value"], unique=False)

    op.create_table(
        "dataset_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=320), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("schema_name", sa.String(length=40), nullable=False),
        sa.Column("schema_version", sa.String(length=20), nullable=False),
        sa.Column("raw_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_version_dataset_id_dataset")),
        sa.ForeignKeyConstraint(
            ["raw_digest"], ["raw_document.digest"], name=op.f("fk_dataset_version_raw_digest_raw_document")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name=op.f("fk_dataset_version_run_id_harvest_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_version")),
        sa.UniqueConstraint("dataset_id", "number", name=op.f("uq_dataset_version_dataset_id_number")),
    )
    op.create_table(
        "harvest_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(length=500), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("fix", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name=op.f("fk_harvest_problem_run_id_harvest_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_problem")),
    )
    op.create_index(op.f("ix_harvest_problem_run_id"), "harvest_problem", ["run_id"], unique=False)

    op.create_table(
        "harvest_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("remote_identifier", sa.String(length=500), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("raw_digest", sa.String(length=64), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("absences", sa.Integer(), nullable=False),
        sa.Column("contribution", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("last_run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_harvest_record_dataset_id_dataset")),
        sa.ForeignKeyConstraint(
            ["last_run_id"], ["harvest_run.id"], name=op.f("fk_harvest_record_last_run_id_harvest_run")
        ),
        sa.ForeignKeyConstraint(
            ["raw_digest"], ["raw_document.digest"], name=op.f("fk_harvest_record_raw_digest_raw_document")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["harvest_source.id"], name=op.f("fk_harvest_record_source_id_harvest_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_record")),
        sa.UniqueConstraint(
            "source_id", "remote_identifier", name=op.f("uq_harvest_record_source_id_remote_identifier")
        ),
    )
    op.create_index(op.f("ix_harvest_record_dataset_id"), "harvest_record", ["dataset_id"], unique=False)
    op.create_index(op.f("ix_harvest_record_remote_identifier"), "harvest_record", ["remote_identifier"], unique=False)

    op.create_table(
        "identity_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("earlier_dataset_id", sa.Integer(), nullable=False),
        sa.Column("later_dataset_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["earlier_dataset_id"], ["dataset.id"], name=op.f("fk_identity_question_earlier_dataset_id_dataset")
        ),
        sa.ForeignKeyConstraint(
            ["later_dataset_id"], ["dataset.id"], name=op.f("fk_identity_question_later_dataset_id_dataset")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["harvest_source.id"], name=op.f("fk_identity_question_source_id_harvest_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_question")),
        sa.UniqueConstraint(
            "earlier_dataset_id",
            "later_dataset_id",
            name=op.f("uq_identity_question_earlier_dataset_id_later_dataset_id"),
        ),
    )
    op.create_index(op.f("ix_identity_question_source_id"), "identity_question", ["source_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_identity_question_source_id"), "identity_question")

    op.drop_table("identity_question")
    op.drop_index(op.f("ix_harvest_record_remote_identifier"), "harvest_record")
    op.drop_index(op.f("ix_harvest_record_dataset_id"), "harvest_record")

    op.drop_table("harvest_record")
    op.drop_index(op.f("ix_harvest_problem_run_id"), "harvest_problem")

    op.drop_table("harvest_problem")
    op.drop_table("dataset_version")
    op.drop_index(op.f("ix_dataset_identifier_value"), "dataset_identifier")

    op.drop_table("dataset_identifier")
    op.drop_index(op.f("ix_harvest_run_source_id"), "harvest_run")

    op.drop_table("harvest_run")
    op.drop_index(op.f("ix_dataset_state"), "dataset")
    op.drop_index(op.f("ix_dataset_source_id"), "dataset")
    op.drop_index(op.f("ix_dataset_organisation_id"), "dataset")
    op.drop_index(op.f("ix_dataset_changed_at"), "dataset")

    op.drop_table("dataset")
    op.drop_index(op.f("ix_organisation_name_organisation_id"), "organisation_name")

    op.drop_table("organisation_name")
    op.drop_table("harvest_source")
    op.drop_table("raw_document")
    op.drop_index(op.f("ix_outbox_message_due_at_id"), "outbox_message")

    op.drop_table("outbox_message")
    op.drop_table("organisation")
