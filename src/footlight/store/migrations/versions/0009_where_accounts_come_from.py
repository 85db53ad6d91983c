"""Where accounts come from, and their groups there; API clients that expire; sign-ins at a provider"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _accounts()
    _clients()
    op.create_table(
        "account_groups",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_groups_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "source", "name", name=op.f("pk_account_groups")),
    )
    op.create_index("ix_account_groups_source_name", "account_groups", ["source", "name"])
    op.create_table(
        "oidc_sign_ins",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("return_to", sa.Text(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_sign_ins")),
    )
    op.create_index(op.f("ix_oidc_sign_ins_expires_at_ms"), "oidc_sign_ins", ["expires_at_ms"])
    op.create_table(
        "oidc_sessions",
        sa.Column("sign_in_id", sa.String(length=36), nullable=False),
        sa.Column("id_token", sa.Text(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sign_in_id", name=op.f("pk_oidc_sessions")),
    )
    op.create_index(op.f("ix_oidc_sessions_expires_at_ms"), "oidc_sessions", ["expires_at_ms"])


def _accounts() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        # A name of an OS account has its host's before it in the key; groups of providers have long names.
        batch_op.alter_column("name", type_=sa.String(length=128), existing_nullable=False)
        batch_op.alter_column("name_key", type_=sa.String(length=200), existing_nullable=False)
        batch_op.add_column(
            sa.Column("source", sa.String(length=8), server_default="site", nullable=False)
        )
        batch_op.add_column(sa.Column("external_id", sa.String(length=512), nullable=True))
        batch_op.add_column(
            sa.Column("is_group", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_index(
        "ix_accounts_source_external_id", "accounts", ["source", "external_id"], unique=True
    )


def _clients() -> None:
    columns: tuple[sa.Column[object], ...] = (
        sa.Column("name", sa.String(length=64), server_default="", nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("previous_secret_hash", sa.Text(), nullable=True),
        sa.Column("previous_until_ms", sa.BigInteger(), nullable=True),
    )
    for column in columns:
        op.add_column("clients", column)
    op.create_index(op.f("ix_clients_account_id"), "clients", ["account_id"])
