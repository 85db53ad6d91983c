"""Jobs of actions, hidden sessions, messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parameters", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("action", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("deadline_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("error_code", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("started_at_ms", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_jobs_open",
            ["created_at_ms"],
            unique=False,
            sqlite_where=sa.text("ended_at_ms IS NULL"),
            postgresql_where=sa.text("ended_at_ms IS NULL"),
        )
        batch_op.create_index(
            "ix_jobs_account_id_created_at_ms", ["account_id", "created_at_ms"], unique=False
        )
    op.execute("UPDATE jobs SET started_at_ms = created_at_ms")
    # Not in a batch: that would copy the table and lose sqlite_autoincrement.
    op.add_column(
        "sessions",
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column(
            "uid",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("style", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.String(length=128), nullable=False),
        sa.Column("ordered_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("shown_at_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_messages")),
        sa.UniqueConstraint("id", name=op.f("uq_messages_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_messages_ordered_at_ms"), ["ordered_at_ms"], unique=False
        )
