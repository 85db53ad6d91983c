"""Tables of what people say of recordings. Part of the whole in schema.py."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from footlight.store.metadata import metadata

recording_markers = Table(
    "recording_markers",
    metadata,
    Column(
        "uid",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("id", String(36), nullable=False, unique=True),
    Column("recording_id", String(36), nullable=False, index=True),
    Column("at_ms", BigInteger, nullable=False),  # recording time
    Column("kind", String(16), nullable=False),  # marker, comment
    Column("text", Text, nullable=False),
    Column("account_id", String(36), nullable=False),
    Column("author", String(128), nullable=False),  # DOMAIN\name
    Column("created_at_ms", BigInteger, nullable=False),
    Column("changed_at_ms", BigInteger),
    # The row stays: the recording's own event track may hold the marker.
    Column("deleted_at_ms", BigInteger),
)
