"""What viewers of a delivery group's sessions may do"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_rules",
        sa.Column("delivery_group_id", sa.String(length=36), nullable=False),
        sa.Column("clipboard", sa.String(length=8), nullable=False),
        sa.Column("ask_before_shadowing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_group_id", name=op.f("pk_access_rules")),
    )
