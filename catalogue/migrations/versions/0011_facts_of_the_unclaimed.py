"""Tell facts on which the office decided from those on which their custodian did."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inferred_fact", sa.Column("is_by_office", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("inferred_fact", "is_by_office")
