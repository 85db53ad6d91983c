"""Tables of recordings as things that are kept and looked for. Part of schema.metadata."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

from footlight.store.metadata import metadata

_COUNTER = BigInteger().with_variant(Integer(), "sqlite")

retention_classes = Table(  # how long recordings are kept (archive/retention.py)
    "retention_classes",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("name_key", String(64), nullable=False, unique=True),  # folded
    Column("description", Text, nullable=False, server_default=text("''")),
    Column("keep_days", Integer),  # after the end; None: for ever
    Column("is_default", Boolean, nullable=False, server_default=false()),
    Column("created_at_ms", BigInteger, nullable=False),
)

recording_holds = Table(  # while one is there its recording is not deleted (archive/holds.py)
    "recording_holds",
    metadata,
    Column("uid", _COUNTER, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("recording_id", String(36), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("placed_by", String(160), nullable=False),
    Column("placed_at_ms", BigInteger, nullable=False),
)

recording_tombstones = Table(  # what is left of a deleted recording (archive/deletion.py)
    "recording_tombstones",
    metadata,
    Column("uid", _COUNTER, primary_key=True, autoincrement=True),
    Column("recording_id", String(36), nullable=False, unique=True),
    # as in the recording's row: who may see it goes by these
    Column("account_id", String(36), nullable=False),
    Column("machine_id", String(36), nullable=False),
    Column("catalog_id", String(36)),
    Column("delivery_group_id", String(36)),
    Column("deleted_at_ms", BigInteger, nullable=False),
    Column("body", Text, nullable=False),  # JSON, as it is signed (archive/tombstone.py)
    Column("signature", String(128), nullable=False),  # hex
    Column("objects_gone_at_ms", BigInteger),  # None: its files are still being removed
)

_FILES_LEFT = text("objects_gone_at_ms IS NULL")
Index(
    "ix_recording_tombstones_left",
    recording_tombstones.c.uid,
    sqlite_where=_FILES_LEFT,
    postgresql_where=_FILES_LEFT,
)

recording_events = Table(  # of sealed segments, to be searched (archive/indexing.py)
    "recording_events",
    metadata,
    Column("uid", _COUNTER, primary_key=True, autoincrement=True),
    Column("recording_id", String(36), nullable=False, index=True),
    Column("segment", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),  # recording time
    Column("type", String(32), nullable=False, index=True),
    Column("text", String(512), nullable=False),  # for people
    Column("folded", String(512), nullable=False),
)

recording_leaves = Table(  # reasons that were given to open recordings (archive/leaves.py)
    "recording_leaves",
    metadata,
    Column("account_id", String(36), primary_key=True),
    Column("recording_id", String(36), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
)

problem_reports = Table(  # what users and help desk reported of sessions (broker/problems.py)
    "problem_reports",
    metadata,
    Column("uid", _COUNTER, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("session_id", String(36), nullable=False, index=True),
    Column("account_id", String(36), nullable=False),  # the session's
    Column("user_name", String(128), nullable=False),
    Column("machine_id", String(36), nullable=False),
    Column("machine_name", String(128), nullable=False),
    Column("catalog_id", String(36)),
    Column("delivery_group_id", String(36)),
    Column("reported_by", String(160), nullable=False),
    Column("reported_at_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("recording_id", String(36)),  # None: nothing is recorded
    Column("stop_at_ms", BigInteger),  # when the recording that it began ends; None: none, or ended
    Column("facts", Text, nullable=False),  # JSON: CPU, memory, line, last lines of logs
)
