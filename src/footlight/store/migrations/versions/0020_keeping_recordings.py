"""How long recordings are kept, what is left of deleted ones, what is searched, and reports of problems"""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _recordings()
    _kept()
    _read()


def _recordings() -> None:
    op.add_column("recordings", sa.Column("retention_class", sa.String(64), nullable=True))
    op.add_column(
        "recordings",
        sa.Column("indexed_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("recordings", sa.Column("activity", sa.Text(), nullable=True))
    op.create_index(
        "ix_recordings_retention_class_ended_at_ms",
        "recordings",
        ["retention_class", "ended_at_ms"],
    )
    behind = sa.text("indexed_count < sealed_count")
    op.create_index(
        "ix_recordings_not_indexed",
        "recordings",
        ["uid"],
        sqlite_where=behind,
        postgresql_where=behind,
    )


def _kept() -> None:
    classes = op.create_table(
        "retention_classes",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(64), nullable=False),
        sa.Column("description", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=True),
        sa.Column("is_default", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_retention_classes")),
        sa.UniqueConstraint("name_key", name=op.f("uq_retention_classes_name_key")),
    )
    # Nothing that was there before is deleted by an upgrade.
    standard = {"name": "Standard", "name_key": "standard", "description": "Kept for ever"}
    now_ms = time.time_ns() // 1_000_000
    op.bulk_insert(classes, [{**standard, "is_default": True, "created_at_ms": now_ms}])
    op.create_table(
        "recording_holds",
        sa.Column("uid", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("recording_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(160), nullable=False),
        sa.Column("placed_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_recording_holds")),
        sa.UniqueConstraint("id", name=op.f("uq_recording_holds_id")),
    )
    op.create_index("ix_recording_holds_recording_id", "recording_holds", ["recording_id"])
    op.create_table(
        "recording_tombstones",
        sa.Column("uid", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("recording_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("machine_id", sa.String(36), nullable=False),
        sa.Column("catalog_id", sa.String(36), nullable=True),
        sa.Column("delivery_group_id", sa.String(36), nullable=True),
        sa.Column("deleted_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("objects_gone_at_ms", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_recording_tombstones")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_recording_tombstones_recording_id")),
    )
    left = sa.text("objects_gone_at_ms IS NULL")
    op.create_index(
        "ix_recording_tombstones_left",
        "recording_tombstones",
        ["uid"],
        sqlite_where=left,
        postgresql_where=left,
    )


def _read() -> None:
    op.create_table(
        "recording_events",
        sa.Column("uid", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("recording_id", sa.String(36), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("text", sa.String(512), nullable=False),
        sa.Column("folded", sa.String(512), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_recording_events")),
    )
    op.create_index("ix_recording_events_recording_id", "recording_events", ["recording_id"])
    op.create_index("ix_recording_events_type", "recording_events", ["type"])
    op.create_table(
        "recording_leaves",
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("recording_id", sa.String(36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "recording_id", name=op.f("pk_recording_leaves")),
    )
    op.create_table(
        "problem_reports",
        sa.Column("uid", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("user_name", sa.String(128), nullable=False),
        sa.Column("machine_id", sa.String(36), nullable=False),
        sa.Column("machine_name", sa.String(128), nullable=False),
        sa.Column("catalog_id", sa.String(36), nullable=True),
        sa.Column("delivery_group_id", sa.String(36), nullable=True),
        sa.Column("reported_by", sa.String(160), nullable=False),
        sa.Column("reported_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.String(36), nullable=True),
        sa.Column("stop_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_problem_reports")),
        sa.UniqueConstraint("id", name=op.f("uq_problem_reports_id")),
    )
    op.create_index("ix_problem_reports_session_id", "problem_reports", ["session_id"])
