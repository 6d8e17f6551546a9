"""Keep enquiries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=36), nullable=False),
        sa.Column("researcher_id", sa.Integer(), nullable=False),
        sa.Column("project_title", sa.String(length=300), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["researcher_id"], ["user_account.id"], name=op.f("fk_enquiry_researcher_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("identifier", name=op.f("uq_enquiry_identifier")),
    )
    op.create_index(op.f("ix_enquiry_researcher_id"), "enquiry", ["researcher_id"], unique=False)
    op.create_table(
        "enquiry_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_enquiry_draft_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_draft")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_enquiry_draft_browser_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_enquiry_draft_user_id")),
    )
    op.create_index(op.f("ix_enquiry_draft_changed_at"), "enquiry_draft", ["changed_at"], unique=False)
    op.create_table(
        "enquiry_thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=36), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("custodian_id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("forwarded_to", sa.String(length=254), nullable=True),
        sa.Column("forward_number", sa.Integer(), nullable=False),
        sa.Column("referred_from_id", sa.Integer(), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["custodian_id"], ["organisation.id"], name=op.f("fk_enquiry_thread_custodian_id_organisation")
        ),
        sa.ForeignKeyConstraint(["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_thread_enquiry_id_enquiry")),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["user_account.id"], name=op.f("fk_enquiry_thread_handler_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["referred_from_id"], ["enquiry_thread.id"], name=op.f("fk_enquiry_thread_referred_from_id_enquiry_thread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_thread")),
        sa.UniqueConstraint("enquiry_id", "custodian_id", name=op.f("uq_enquiry_thread_enquiry_id_custodian_id")),
        sa.UniqueConstraint("identifier", name=op.f("uq_enquiry_thread_identifier")),
    )
    op.create_index(
        op.f("ix_enquiry_thread_custodian_id_desk_state"),
        "enquiry_thread",
        ["custodian_id", "desk", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_enquiry_thread_desk_state"), "enquiry_thread", ["desk", "state"], unique=False)
    op.create_table(
        "thread_dataset",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["dataset.id"], name=op.f("fk_thread_dataset_dataset_id_dataset")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["enquiry_thread.id"], name=op.f("fk_thread_dataset_thread_id_enquiry_thread")
        ),
        sa.PrimaryKeyConstraint("thread_id", "dataset_id", name=op.f("pk_thread_dataset")),
    )
    op.create_index(op.f("ix_thread_dataset_dataset_id"), "thread_dataset", ["dataset_id"], unique=False)
    op.create_table(
        "thread_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("command", sa.String(length=40), nullable=False),
        sa.Column("party", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.String(40), nullable=False),
        sa.Column("after", sa.String(40), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_thread_event_actor_id_user_account")),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["enquiry_thread.id"], name=op.f("fk_thread_event_thread_id_enquiry_thread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_event")),
        sa.UniqueConstraint("thread_id", "key", name=op.f("uq_thread_event_thread_id_key")),
        sa.UniqueConstraint("thread_id", "number", name=op.f("uq_thread_event_thread_id_number")),
    )
    op.create_table(
        "thread_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_address", sa.String(length=254), nullable=True),
        sa.Column("desk", sa.String(40), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_thread_message_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["enquiry_thread.id"], name=op.f("fk_thread_message_thread_id_enquiry_thread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_message")),
        sa.UniqueConstraint("thread_id", "event_number", name=op.f("uq_thread_message_thread_id_event_number")),
    )
    op.create_table(
        "thread_timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["enquiry_thread.id"], name=op.f("fk_thread_timer_thread_id_enquiry_thread")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_timer")),
    )
    op.create_index(op.f("ix_thread_timer_due_at"), "thread_timer", ["due_at"], unique=False)
    op.create_index(op.f("ix_thread_timer_thread_id"), "thread_timer", ["thread_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_thread_timer_thread_id"), table_name="thread_timer")
    op.drop_index(op.f("ix_thread_timer_due_at"), table_name="thread_timer")
    op.drop_table("thread_timer")
    op.drop_table("thread_message")
    op.drop_table("thread_event")
    op.drop_index(op.f("ix_thread_dataset_dataset_id"), table_name="thread_dataset")
    op.drop_table("thread_dataset")
    op.drop_index(op.f("ix_enquiry_thread_desk_state"), table_name="enquiry_thread")
    op.drop_index(op.f("ix_enquiry_thread_custodian_id_desk_state"), table_name="enquiry_thread")
    op.drop_table("enquiry_thread")
    op.drop_index(op.f("ix_enquiry_draft_changed_at"), table_name="enquiry_draft")
    op.drop_table("enquiry_draft")
    op.drop_index(op.f("ix_enquiry_researcher_id"), table_name="enquiry")
    op.drop_table("enquiry")
