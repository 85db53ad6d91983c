"""Hosts that enrol: their codes, their public keys; and the public halves of the site's own keys"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("site", sa.Column("public_key", sa.String(length=64), nullable=True))
    op.add_column("site", sa.Column("ca_fingerprint", sa.String(length=64), nullable=True))
    op.create_table(
        "enrolment_codes",
        sa.Column("uid", _COUNTER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.String(length=160), nullable=False),
        sa.Column("zone_id", sa.String(length=36), nullable=True),
        sa.Column("catalog_id", sa.String(length=36), nullable=True),
        sa.Column("delivery_group_id", sa.String(length=36), nullable=True),
        sa.Column("machine_id", sa.String(length=36), nullable=True),
        sa.Column("revoked_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("used_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("used_machine_id", sa.String(length=36), nullable=True),
        sa.Column("used_keys", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_enrolment_codes")),
        sa.UniqueConstraint("id", name=op.f("uq_enrolment_codes_id")),
    )
    op.create_table(
        "enrolled_hosts",
        sa.Column("machine_id", sa.String(length=36), nullable=False),
        sa.Column("host_name", sa.String(length=64), nullable=False),
        sa.Column("signing_key", sa.String(length=64), nullable=False),
        sa.Column("previous_signing_key", sa.String(length=64), nullable=True),
        sa.Column("bus_key", sa.String(length=64), nullable=False),
        sa.Column("previous_bus_key", sa.String(length=64), nullable=True),
        sa.Column("tls_key", sa.String(length=64), nullable=False),
        sa.Column("code_id", sa.String(length=36), nullable=False),
        sa.Column("enrolled_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("enrolled_by", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("issued_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("rotate", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("revoked_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("revoked_by", sa.String(length=160), nullable=True),
        sa.PrimaryKeyConstraint("machine_id", name=op.f("pk_enrolled_hosts")),
    )
