"""Which key wraps the data keys of recordings: every server of a site has the same"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("site", sa.Column("recording_key_id", sa.String(36), nullable=True))
