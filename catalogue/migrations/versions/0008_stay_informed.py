"""Keep libraries, saved searches, follows, and what there is to be told."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def watched() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("often", sa.String(40), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.Column("examined_at", MOMENT, nullable=False),
        sa.Column("mailed_at", MOMENT, nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "library_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_library_entry_dataset_id_dataset")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_library_entry_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_entry")),
        sa.UniqueConstraint("user_id", "dataset_id", name=op.f("uq_library_entry_user_id_dataset_id")),
    )
    op.create_index(op.f("ix_library_entry_dataset_id"), "library_entry", ["dataset_id"], unique=False)
    op.create_table(
        "saved_search",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("question", JSON, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        *watched(),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_saved_search_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("identifier", name=op.f("uq_saved_search_identifier")),
    )
    op.create_index(op.f("ix_saved_search_user_id"), "saved_search", ["user_id"], unique=False)
    op.create_index(op.f("ix_saved_search_often_told_until"), "saved_search", ["often", "told_until"], unique=False)
    op.create_table(
        "follow",
        sa.Column("dataset_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        *watched(),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_follow_dataset_id_dataset")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_follow_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_follow_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("identifier", name=op.f("uq_follow_identifier")),
        sa.UniqueConstraint("user_id", "dataset_id", name=op.f("uq_follow_user_id_dataset_id")),
        sa.UniqueConstraint("user_id", "organisation_id", name=op.f("uq_follow_user_id_organisation_id")),
    )
    op.create_index(op.f("ix_follow_dataset_id"), "follow", ["dataset_id"], unique=False)
    op.create_index(op.f("ix_follow_organisation_id"), "follow", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_follow_user_id"), "follow", ["user_id"], unique=False)
    op.create_index(op.f("ix_follow_often_told_until"), "follow", ["often", "told_until"], unique=False)
    op.create_table(
        "dataset_news",
        sa.Column("dataset_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("new_at", MOMENT, nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_dataset_news_dataset_id_dataset")),
        sa.PrimaryKeyConstraint("dataset_id", name=op.f("pk_dataset_news")),
    )
    op.create_index(op.f("ix_dataset_news_noticed_at"), "dataset_news", ["noticed_at"], unique=False)
    # What is described already is known, and news to nobody.
    op.execute(
        sa.text(
            "INSERT INTO dataset_news (dataset_id, version_number, is_withdrawn, new_at, noticed_at) "
            "SELECT id, version_number, state <> 'published', published_at, published_at FROM dataset "
            "WHERE state IN ('published', 'withdrawn')"
        )
    )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM outbox_message WHERE kind = 'email.send' AND key LIKE 'news:%'"))
    op.drop_index(op.f("ix_dataset_news_noticed_at"), table_name="dataset_news")
    op.drop_table("dataset_news")
    for name in ("often_told_until", "user_id", "organisation_id", "dataset_id"):
        op.drop_index(op.f(f"ix_follow_{name}"), table_name="follow")
    op.drop_table("follow")
    for name in ("often_told_until", "user_id"):
        op.drop_index(op.f(f"ix_saved_search_{name}"), table_name="saved_search")
    op.drop_table("saved_search")
    op.drop_index(op.f("ix_library_entry_dataset_id"), table_name="library_entry")
    op.drop_table("library_entry")
