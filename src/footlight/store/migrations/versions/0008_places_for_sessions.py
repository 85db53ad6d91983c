"""How busy machines are and how many sessions they have; where a delivery group's sessions may be, and how many

The database itself keeps the number of a machine's live sessions, by triggers on sessions: a launch that counted
them would read them all. A migration that copies `sessions` or `machines` in a batch has to make the triggers again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LIVE = sa.text("ended_at_ms IS NULL")
_MORE = (
    "UPDATE machines SET live_sessions = live_sessions + 1"
    " WHERE id = NEW.machine_id AND NEW.ended_at_ms IS NULL;"
)
_LESS = (
    "UPDATE machines SET live_sessions = live_sessions - 1"
    " WHERE id = OLD.machine_id AND OLD.ended_at_ms IS NULL;"
)
# By name: the event, and what is done for each row of it.
_TRIGGERS = {
    "session_takes_place": ("INSERT ON sessions", _MORE),
    "session_leaves_place": ("DELETE ON sessions", _LESS),
    "session_moves_place": ("UPDATE OF machine_id, ended_at_ms ON sessions", f"{_LESS} {_MORE}"),
}


def upgrade() -> None:
    for name in ("load_index", "load_cpu", "load_memory", "load_sessions"):
        op.add_column("machines", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("machines", sa.Column("load_at_ms", sa.BigInteger(), nullable=True))
    count = sa.Column("live_sessions", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("machines", count)
    op.execute(
        "UPDATE machines SET live_sessions = (SELECT count(*) FROM sessions"
        " WHERE sessions.machine_id = machines.id AND sessions.ended_at_ms IS NULL)"
    )
    op.create_index(
        "ix_sessions_resource_id_live",
        "sessions",
        ["resource_id", "account_id"],
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "placement_rules",
        sa.Column("delivery_group_id", sa.String(length=36), nullable=False),
        sa.Column("max_sessions", sa.Integer(), nullable=True),
        sa.Column("max_user_sessions", sa.Integer(), nullable=True),
        sa.Column("zone_id", sa.String(length=36), nullable=True),
        sa.Column("zone_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_group_id", name=op.f("pk_placement_rules")),
    )
    for name, (event, statements) in _TRIGGERS.items():
        for command in _commands(name, event, statements):
            op.get_bind().exec_driver_sql(command)


def _commands(name: str, event: str, statements: str) -> list[str]:
    if op.get_bind().dialect.name == "sqlite":
        return [f"CREATE TRIGGER {name} AFTER {event} BEGIN {statements} END"]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {statements} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
