"""Since when nobody has touched a session; an application is in use while AppState says so; how often the window
manager was replaced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = "NEW.session_type = 'Application' AND NEW.established_at_ms IS NOT NULL"
_NOW = "NEW.app_state = 'Active'"
_EVENT_BEFORE = "UPDATE OF linux_user, session_type, established_at_ms ON sessions"
_EVENT_NOW = "UPDATE OF linux_user, app_state ON sessions"
# Those of 0004 that say which application is in use.
_TRIGGERS = ("session_begins", "session_is_another", "session_logs_on")


def upgrade() -> None:
    op.add_column("sessions", sa.Column("idle_since_ms", sa.BigInteger(), nullable=True))
    for name in ("wanted_manager_restarts", "manager_restarts"):
        column = sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
        op.add_column("sessions", column)
    if op.get_bind().dialect.name == "sqlite":
        _change_sqlite()
    else:
        _change_postgres()


def _change_sqlite() -> None:
    run = op.get_bind().exec_driver_sql
    for name in _TRIGGERS:
        (made,) = run("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).one()
        run(f"DROP TRIGGER {name}")
        run(made.replace(_BEFORE, _NOW).replace(_EVENT_BEFORE, _EVENT_NOW))


def _change_postgres() -> None:
    run = op.get_bind().exec_driver_sql
    for name in _TRIGGERS:
        (made,) = run(f"SELECT pg_get_functiondef('{name}'::regproc)").one()
        run(made.replace(_BEFORE, _NOW))
    run("DROP TRIGGER session_logs_on ON sessions")
    run(
        f"CREATE TRIGGER session_logs_on AFTER {_EVENT_NOW}"
        " FOR EACH ROW EXECUTE FUNCTION session_logs_on()"
    )
