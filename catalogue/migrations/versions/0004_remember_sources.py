"""Remember when a source is due, what its last run left behind, and who answered a question."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("harvest_source", sa.Column("every_hours", sa.Integer(), nullable=False, server_default="24"))
    op.add_column("harvest_source", sa.Column("cursor", JSON, nullable=True))
    op.add_column("harvest_record", sa.Column("stamp", sa.String(length=64), nullable=True))
    op.add_column("identity_question", sa.Column("answered_by", sa.String(length=320), nullable=True))


def downgrade() -> None:
    op.drop_column("identity_question", "answered_by")
    op.drop_column("harvest_record", "stamp")
    op.drop_column("harvest_source", "cursor")
    op.drop_column("harvest_source", "every_hours")
