"""Whether and how live sessions are recorded, where lists are searched and sorted; and the log by its objects.

Kept true by triggers, as all of `session_keys` (0004): a migration that copies `sessions`, `recordings`,
`recording_reasons` or `session_keys` in a batch has to make them again. Only sessions that are recorded are filled in.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TOLD = "coalesce((SELECT r.notify FROM recordings r WHERE r.id = {s}.wanted_recording_id), FALSE)"
# Nothing more is looked up for a session that is not recorded: thousands may begin in one transaction.
_FILL = (
    "UPDATE session_keys SET recording_live = s.recording_live,"
    f" recording_told = {_TOLD.format(s='s')},"
    " recording_health = (SELECT y.health FROM recording_reasons y WHERE y.session_id = s.id)"
    " FROM sessions s WHERE s.uid = session_keys.uid"
    " AND (s.recording_live OR s.wanted_recording_id IS NOT NULL)"
)
_SESSION = (
    f"UPDATE session_keys SET recording_live = NEW.recording_live, recording_told ="
    f" {_TOLD.format(s='NEW')} WHERE uid = NEW.uid;"
)
_NOTICE = (
    "UPDATE session_keys SET recording_told = {told} WHERE uid IN (SELECT s.uid FROM sessions s"
    " WHERE s.id = {r}.session_id AND s.wanted_recording_id = {r}.id);"
)
_HEALTH = (
    "UPDATE session_keys SET recording_health = {health} WHERE uid IN"
    " (SELECT s.uid FROM sessions s WHERE s.id = {y}.session_id)"
    " AND coalesce(recording_health, '') <> coalesce({health}, '');"
)
# By name: the event, and what is done for each row of it.
_TRIGGERS = {
    "session_key_is_recorded": ("INSERT ON session_keys", f"{_FILL} AND s.uid = NEW.uid;"),
    "session_is_recorded": ("UPDATE OF recording_live, wanted_recording_id ON sessions", _SESSION),
    "recording_begins": ("INSERT ON recordings", _NOTICE.format(told="NEW.notify", r="NEW")),
    "recording_is_another": (
        "UPDATE OF notify ON recordings",
        _NOTICE.format(told="NEW.notify", r="NEW"),
    ),
    "recording_goes": ("DELETE ON recordings", _NOTICE.format(told="FALSE", r="OLD")),
    "recording_is_wanted": (
        "INSERT ON recording_reasons",
        _HEALTH.format(health="NEW.health", y="NEW"),
    ),
    "recording_health_changes": (
        "UPDATE OF health ON recording_reasons",
        _HEALTH.format(health="NEW.health", y="NEW"),
    ),
    "recording_is_not_wanted": (
        "DELETE ON recording_reasons",
        _HEALTH.format(health="NULL", y="OLD"),
    ),
}


def upgrade() -> None:
    for column in (
        sa.Column("recording_live", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("recording_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("recording_health", sa.String(16), nullable=True),
    ):
        op.add_column("session_keys", column)
    op.create_index("ix_audit_object_id_seq", "audit", ["object_id", "seq"])
    op.execute(_FILL)
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
