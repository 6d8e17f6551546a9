"""Keep facts read from the words of descriptions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dataset_reading",
        sa.Column("dataset_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.String(length=12), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_reading_dataset_id_dataset")),
        sa.PrimaryKeyConstraint("dataset_id", name=op.f("pk_dataset_reading")),
    )
    op.create_index(op.f("ix_dataset_reading_rules"), "dataset_reading", ["rules"], unique=False)
    op.create_table(
        "inferred_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("found_in", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_inferred_fact_dataset_id_dataset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inferred_fact")),
        sa.UniqueConstraint("dataset_id", "path", "value", name=op.f("uq_inferred_fact_dataset_id_path_value")),
    )
    op.create_index(op.f("ix_inferred_fact_is_live_state"), "inferred_fact", ["is_live", "state"], unique=False)
    # What is described already is read by the worker, as if it had just changed.
    op.execute(
        sa.text(
            "INSERT INTO outbox_message (kind, key, payload, due_at, attempts) "
            "SELECT 'dataset.facts', identifier, '{}', changed_at, 0 FROM dataset WHERE state = 'published'"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM outbox_message WHERE kind = 'dataset.facts'"))
    op.drop_index(op.f("ix_inferred_fact_is_live_state"), "inferred_fact")
    op.drop_table("inferred_fact")
    op.drop_index(op.f("ix_dataset_reading_rules"), "dataset_reading")
    op.drop_table("dataset_reading")
