"""Recording policies, why sessions are recorded, and recordings that go on as others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recording_policies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("by_address", sa.Boolean(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_policies")),
    )
    op.create_table(
        "recording_reasons",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("on_demand_by", sa.String(length=128), nullable=True),
        sa.Column("on_demand_notify", sa.Boolean(), nullable=False),
        sa.Column("policy_id", sa.String(length=36), nullable=True),
        sa.Column("policy_name", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("stopped_policy_id", sa.String(length=36), nullable=True),
        sa.Column("health", sa.String(length=16), nullable=True),
        sa.Column("health_since_ms", sa.BigInteger(), nullable=True),
        sa.Column("health_reason", sa.Text(), nullable=True),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("late_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_recording_reasons")),
    )
    op.create_index("ix_recording_reasons_policy_id", "recording_reasons", ["policy_id"])
    for column in ("late_at_ms", "retry_at_ms"):
        held = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_recording_reasons_{column}",
            "recording_reasons",
            [column],
            sqlite_where=held,
            postgresql_where=held,
        )
    op.create_table(
        "recording_reviews",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_recording_reviews")),
    )
    op.add_column(
        "sessions",
        sa.Column("wanted_pre_roll_s", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("sessions", sa.Column("events_recording_id", sa.String(36), nullable=True))
    op.add_column("sessions", sa.Column("asked_from", sa.String(45), nullable=True))
    op.add_column("recordings", sa.Column("continues", sa.String(36), nullable=True))
    op.add_column("recordings", sa.Column("terms", sa.Text(), nullable=True))
    op.add_column("recordings", sa.Column("roll_over_bytes", sa.BigInteger(), nullable=True))
    op.add_column("recordings", sa.Column("roll_over_ms", sa.BigInteger(), nullable=True))
    # Calls of $startRecording of before are a reason now.
    op.execute(
        "INSERT INTO recording_reasons (session_id, on_demand_by, on_demand_notify, covered, failures)"
        " SELECT s.id, r.ordered_by, r.notify, false, 0 FROM sessions s"
        " JOIN recordings r ON r.id = s.wanted_recording_id WHERE s.ended_at_ms IS NULL"
    )
