"""Limits of time of a delivery group's sessions, what they are measured by, and the phases of launches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: that would copy the table and lose its triggers.
    op.add_column("sessions", sa.Column("limit_warned_ms", sa.BigInteger(), nullable=True))
    op.add_column("sessions", sa.Column("launch_moments", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("first_picture_ms", sa.BigInteger(), nullable=True))
    op.create_table(
        "session_limits",
        sa.Column("delivery_group_id", sa.String(length=36), nullable=False),
        sa.Column("idle_s", sa.Integer(), nullable=True),
        sa.Column("disconnected_s", sa.Integer(), nullable=True),
        sa.Column("total_s", sa.Integer(), nullable=True),
        sa.Column("warning_s", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_group_id"],
            ["delivery_groups.id"],
            name=op.f("fk_session_limits_delivery_group_id_delivery_groups"),
        ),
        sa.PrimaryKeyConstraint("delivery_group_id", name=op.f("pk_session_limits")),
    )
