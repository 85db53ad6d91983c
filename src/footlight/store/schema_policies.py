"""Tables of recording policies; schema.py has them too."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, text

from footlight.store.metadata import metadata

recording_policies = Table(
    "recording_policies",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("position", Integer, nullable=False),  # from 1 on, without gaps
    Column("name", String(64), nullable=False),
    Column("description", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("conditions", Text, nullable=False),  # JSON of wire PolicyConditions, objects by id
    Column("outcome", Text, nullable=False),  # JSON of wire PolicyOutcome
    Column("by_address", Boolean, nullable=False),  # whether conditions name client addresses
    Column("created_at_ms", BigInteger, nullable=False),
    Column("changed_at_ms", BigInteger, nullable=False),
)

recording_reasons = Table(  # why a live session is recorded, or would be, and how that goes
    "recording_reasons",
    metadata,
    Column("session_id", String(36), primary_key=True),
    # a call of $startRecording; null: none holds
    Column("on_demand_by", String(128)),
    Column("on_demand_notify", Boolean, nullable=False),
    # the deciding policy, as it was when that was decided; null: none
    Column("policy_id", String(36), index=True),
    Column("policy_name", String(64)),
    Column("outcome", Text),
    Column("stopped_policy_id", String(36)),  # whose recording $stopRecording stopped
    Column("health", String(16)),  # null: nothing is to be recorded
    Column("health_since_ms", BigInteger),
    Column("health_reason", Text),
    Column("covered", Boolean, nullable=False),
    # when it is delayed, unless a report says before that it is recorded, and why
    Column("late_at_ms", BigInteger),
    Column("late_reason", Text),
    # how often in a row a recording failed, and when to try again
    Column("failures", Integer, nullable=False),
    Column("retry_at_ms", BigInteger),
)
for _column in (recording_reasons.c.late_at_ms, recording_reasons.c.retry_at_ms):
    Index(
        f"ix_recording_reasons_{_column.name}",
        _column,
        sqlite_where=text(f"{_column.name} IS NOT NULL"),
        postgresql_where=text(f"{_column.name} IS NOT NULL"),
    )

recording_reviews = Table(  # sessions on which policies have to decide anew
    "recording_reviews",
    metadata,
    Column("session_id", String(36), primary_key=True),
    Column("asked_at_ms", BigInteger, nullable=False),
)
