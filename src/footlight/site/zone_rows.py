"""Finding a zone by what clients call it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, or_, select

from footlight.errors import NotFound
from footlight.store import schema
from footlight.store.text import folded

_z = schema.zones


def find(connection: Connection, name_or_id: str | None) -> Row[Any]:
    """The zone of that id, or of that name in any case; the primary one when none is named. Raises NotFound."""
    if not name_or_id:
        return connection.execute(select(_z).where(_z.c.is_primary)).one()
    text = name_or_id.strip().lower()
    chosen = or_(_z.c.id == text, folded(_z.c.name) == text)
    row = connection.execute(select(_z).where(chosen)).first()
    if row is None:
        raise NotFound("There is no such zone.", entityType="Zone", id=name_or_id[:256])
    return row
