"""Accounts of hosts that sessions run as, and visitors without an account"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("os_name", sa.String(length=64), nullable=True))
    op.add_column("sessions", sa.Column("logon", sa.String(length=8), nullable=True))
    op.add_column(
        "sessions",
        sa.Column("is_anonymous", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "visits",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_visits_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_visits")),
        sa.UniqueConstraint("number", name=op.f("uq_visits_number")),
    )
    op.create_index(op.f("ix_visits_expires_at_ms"), "visits", ["expires_at_ms"])
