"""What is counted and told of a site; and whose request wanted what is wanted of a session

The database itself counts live sessions by their states, by triggers on session_keys: who asks each few seconds would
else read all of them. A migration that copies `session_keys` in a batch has to make the triggers again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OPEN = sa.text("status NOT IN ('completed', 'failed')")
_MORE = (
    "INSERT INTO session_counts (state, app_state, sessions) VALUES (NEW.state, NEW.app_state, 1)"
    " ON CONFLICT (state, app_state) DO UPDATE SET sessions = session_counts.sessions + 1;"
)
_LESS = (
    "UPDATE session_counts SET sessions = sessions - 1"
    " WHERE state = OLD.state AND app_state = OLD.app_state;"
)
# By name: the event, for which rows of it, and what is done for each.
_TRIGGERS = {
    "session_is_counted": ("INSERT ON session_keys", None, _MORE),
    "session_is_not_counted": ("DELETE ON session_keys", None, _LESS),
    "session_is_counted_anew": (
        "UPDATE OF state, app_state ON session_keys",
        "OLD.state <> NEW.state OR OLD.app_state <> NEW.app_state",
        f"{_LESS} {_MORE}",
    ),
}


def upgrade() -> None:
    op.add_column("sessions", sa.Column("wanted_transaction", sa.String(128), nullable=True))
    op.add_column("sessions", sa.Column("wanted_trace", sa.String(64), nullable=True))
    op.add_column("machines", sa.Column("figures", sa.Text(), nullable=True))
    op.add_column("machines", sa.Column("figures_at_ms", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_recordings_open", "recordings", ["uid"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_table(
        "session_counts",
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("app_state", sa.String(length=16), nullable=False),
        sa.Column("sessions", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state", "app_state", name=op.f("pk_session_counts")),
    )
    op.execute(
        "INSERT INTO session_counts (state, app_state, sessions)"
        " SELECT state, app_state, count(*) FROM session_keys GROUP BY state, app_state"
    )
    for name, (event, condition, statements) in _TRIGGERS.items():
        for command in _commands(name, event, condition, statements):
            op.get_bind().exec_driver_sql(command)


def _commands(name: str, event: str, condition: str | None, statements: str) -> list[str]:
    when = f" WHEN ({condition})" if condition else ""
    if op.get_bind().dialect.name == "sqlite":
        return [f"CREATE TRIGGER {name} AFTER {event}{when} BEGIN {statements} END"]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {statements} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW{when} EXECUTE FUNCTION {name}()",
    ]
