"""Which way files may go, and who has a display open"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("files", sa.String(length=8), nullable=False, server_default="off")
    op.add_column("access_rules", column)
    # What a group forbade of text must not go as a file after the upgrade.
    op.execute(sa.text("UPDATE access_rules SET files = clipboard"))
    op.add_column("sessions", sa.Column("viewers", sa.Text()))
