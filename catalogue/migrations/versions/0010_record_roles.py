"""Record who invited whom, and who gave and took roles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_role_change_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_role_change_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_change_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_change")),
        sa.UniqueConstraint("identifier", name=op.f("uq_role_change_identifier")),
    )
    op.create_index(
        op.f("ix_role_change_organisation_id_email"), "role_change", ["organisation_id", "email"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_role_change_organisation_id_email"), table_name="role_change")
    op.drop_table("role_change")
