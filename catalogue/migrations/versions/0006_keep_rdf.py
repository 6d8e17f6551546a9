"""Keep what datasets say in RDF."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "dataset_rdf",
        sa.Column("dataset_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_from", sa.String(length=64), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.Column("missing", JSON, nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_rdf_dataset_id_dataset")),
        sa.PrimaryKeyConstraint("dataset_id", name=op.f("pk_dataset_rdf")),
    )
    # What is described already is written in RDF by the worker, as if it had just changed.
    op.execute(
        sa.text(
            "INSERT INTO outbox_message (kind, key, payload, due_at, attempts) "
            "SELECT 'dataset.rdf', identifier, '{}', changed_at, 0 FROM dataset WHERE state = 'published'"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM outbox_message WHERE kind = 'dataset.rdf'"))
    op.drop_table("dataset_rdf")
