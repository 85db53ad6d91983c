"""What lists and searches of sessions read, kept true by triggers.

Batch operations on `sessions` or `machines` copy the table and lose its triggers: a later migration that needs
one drops them before and makes them again.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INDEXED = ("machine_uid", "account_id", "user_name", "user_display_name", "resource_name")

# By the tables that Python lowers by, and compared by code point.
_FOLD = """
    CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower($1 COLLATE "und-x-icu") COLLATE "C"
"""
_APPLICATION = (
    "CASE WHEN {s}.session_type = 'Application' AND {s}.established_at_ms IS NOT NULL"
    " THEN {s}.resource_name END"
)
_OF_STATE = {
    "state": "{s}.state",
    "app_state": "{s}.app_state",
    "state_changed_at_ms": "{s}.state_changed_at_ms",
    "started_at_ms": "{s}.started_at_ms",
}
_OF_CLIENT = {
    "client_name": "FOLD({s}.client_name)",
    "client_version": "FOLD({s}.client_version)",
    "client_address": "FOLD({s}.client_address)",
    "connected_via_ip": "FOLD({s}.connected_via_ip)",
}
_OF_LOGON = {"linux_user": "FOLD({s}.linux_user)", "application": f"FOLD({_APPLICATION})"}
_OF_BIRTH = {
    "account_id": "{s}.account_id",
    "user_name": "FOLD({s}.user_name)",
    "user_display_name": "FOLD({s}.user_display_name)",
    "resource_name": "FOLD({s}.resource_name)",
    "launched_via_ip": "FOLD({s}.launched_via_ip)",
    "launched_via_host": "FOLD({s}.launched_via_host)",
}
_WORDS = (
    "user_name",
    "user_display_name",
    "linux_user",
    "client_name",
    "client_address",
    "application",
)
_FIRST = {"uid": "{s}.uid", **_OF_STATE, **_OF_CLIENT, **_OF_LOGON, **_OF_BIRTH}
_SHOWN = (
    *("resource_id", "session_type", "brokered_at_ms", "brokering_ms", "brokered_by", "wanted"),
    *("is_hidden", "phase", "linux_user", "linux_uid", "established_at_ms"),
    *("app_state_changed_at_ms", "client_platform", "launch_client_ip", *_OF_STATE, *_OF_CLIENT),
)


def _words(of: dict[str, str]) -> str:
    """Folded apart: what a letter becomes does not depend on what stands beyond a line's end."""
    return " || char(10) || ".join(f"coalesce({of[one]}, '')" for one in _WORDS)


_ALL = {**_FIRST, "words": _words(_FIRST)}

_LIVE = "JOIN machines m ON m.id = {s}.machine_id WHERE {s}.ended_at_ms IS NULL"
_INSERT_PIECES = "INSERT INTO session_pieces (uid, machine_uid) SELECT {s}.uid, m.uid FROM "
_INSERT_KEYS = (
    f"INSERT INTO session_keys (machine_uid, {', '.join(_ALL)})"
    f" SELECT m.uid, {', '.join(_ALL.values())} FROM "
)


def _set(values: dict[str, str]) -> str:
    assignments = ", ".join(f"{name} = {value}" for name, value in values.items())
    return f"UPDATE session_keys SET {assignments} WHERE uid = NEW.uid;"


def _set_words(values: dict[str, str]) -> str:
    """These, and the words with them; the rest of the words as it stands."""
    kept = {name: f"session_keys.{name}" for name in _WORDS}
    return _set({**values, "words": _words(kept | values)})


# Each costs a report: to fold text anew only where it has changed, and to run few triggers, was measured cheapest.
_CHANGE = (
    "UPDATE session_pieces SET piece = NULL WHERE uid = NEW.uid AND piece IS NOT NULL; "
    + _set(_OF_STATE)
)
_BEGIN = (
    _INSERT_PIECES + "machines m WHERE m.id = {s}.machine_id AND {s}.ended_at_ms IS NULL;"
    f" {_INSERT_KEYS}machines m WHERE m.id = {{s}}.machine_id AND {{s}}.ended_at_ms IS NULL;"
)
_END = (
    "DELETE FROM session_pieces WHERE uid = OLD.uid; DELETE FROM session_keys WHERE uid = OLD.uid;"
)


class _Trigger(NamedTuple):
    """`statements` are run for each row of `event`; both databases read them after a few words are changed."""

    name: str
    event: str
    statements: str

    def commands(self, dialect: str) -> list[str]:
        """What makes it."""
        statements = _said(self.statements, "NEW", dialect)
        if dialect == "sqlite":
            return [f"CREATE TRIGGER {self.name} AFTER {self.event} BEGIN {statements} END"]
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {statements} RETURN NULL; END $$",
            f"CREATE TRIGGER {self.name} AFTER {self.event}"
            f" FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]


_TRIGGERS = (
    _Trigger("session_begins", "INSERT ON sessions", _BEGIN),
    _Trigger("session_goes", "DELETE ON sessions", _END),
    _Trigger(
        "session_is_another",
        "UPDATE OF uid, id, account_id, user_name, user_display_name, machine_id, resource_name,"
        " launched_via_ip, launched_via_host, ended_at_ms ON sessions",
        _END + _BEGIN,
    ),
    _Trigger("session_changes", f"UPDATE OF {', '.join(_SHOWN)} ON sessions", _CHANGE),
    _Trigger(
        "session_client_changes",
        f"UPDATE OF {', '.join(_OF_CLIENT)} ON sessions",
        _set_words(_OF_CLIENT),
    ),
    _Trigger(
        "session_logs_on",
        "UPDATE OF linux_user, session_type, established_at_ms ON sessions",
        _set_words(_OF_LOGON),
    ),
    _Trigger(
        "machine_is_another",
        "UPDATE OF name ON machines",
        "UPDATE session_pieces SET piece = NULL WHERE piece IS NOT NULL AND NEW.name <> OLD.name"
        " AND uid IN (SELECT uid FROM session_keys WHERE machine_uid = NEW.uid);",
    ),
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _tables()
    if dialect == "sqlite":
        # What the store gives to each of its connections (store/text.py).
        driver = op.get_bind().connection.driver_connection
        assert driver is not None
        driver.create_function("fold", 1, lambda text: text and text.lower(), deterministic=True)
    else:
        op.execute(_FOLD)
    for insert in (_INSERT_PIECES, _INSERT_KEYS):
        op.execute(_said(f"{insert}sessions s {_LIVE}", "s", dialect))
    for trigger in _TRIGGERS:
        for command in trigger.commands(dialect):
            # Not through op.execute: it would take `:word` for a parameter.
            op.get_bind().exec_driver_sql(command)


def _tables() -> None:
    op.add_column("site", sa.Column("pieces_shape", sa.String(length=64), nullable=True))
    op.create_table(
        "session_pieces",
        sa.Column("uid", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("machine_uid", _COUNTER, nullable=False),
        sa.Column("piece", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_session_pieces")),
    )
    op.create_index(
        "ix_session_pieces_unrendered",
        "session_pieces",
        ["uid"],
        sqlite_where=sa.text("piece IS NULL"),
        postgresql_where=sa.text("piece IS NULL"),
    )
    needed = ("user_name", "user_display_name", "resource_name", "client_name", "words")
    op.create_table(
        "session_keys",
        sa.Column("uid", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("machine_uid", _COUNTER, nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("app_state", sa.String(length=16), nullable=False),
        sa.Column("state_changed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=True),
        *(
            sa.Column(name, _TEXT, nullable=name not in needed)
            for name in (
                *("user_name", "user_display_name", "resource_name", "application"),
                *("client_name", "client_version", "client_address", "connected_via_ip"),
                *("launched_via_ip", "launched_via_host", "linux_user", "words"),
            )
        ),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_session_keys")),
    )
    for name in _INDEXED:
        op.create_index(f"ix_session_keys_{name}_uid", "session_keys", [name, "uid"])


def _said(statements: str, of: str, dialect: str) -> str:
    """Over the row `of`, in the words of the database. SQLite's own lower() is enough for text that is ASCII, and
    spares it a call of Python."""
    said = statements.format(s=of)
    if dialect == "sqlite":
        return re.sub(
            r"FOLD\(((?:[^()]|\([^()]*\))*)\)",
            r"CASE WHEN length(\1) < length(CAST(\1 AS BLOB)) THEN fold(\1) ELSE lower(\1) END",
            said,
        )
    return said.replace("char(10)", "chr(10)")
