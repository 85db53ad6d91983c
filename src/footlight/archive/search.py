"""Searching what happened in recordings: rows of events, with the recordings that they are of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from footlight.archive.listing import MAX_TEXT_CHARACTERS, Wanted, conditions
from footlight.archive.retention import class_of
from footlight.caller import Caller
from footlight.errors import Invalid
from footlight.store import schema, sight
from footlight.store.schema_keeping import recording_events as _e
from footlight.store.schema_keeping import retention_classes as _c
from footlight.store.text import fold, holds

_r = schema.recordings

MAX_WORDS = 16


@dataclass(frozen=True)
class Sought:
    """`text`: words that all stand in an event, in any case; `type`: of the event; `recordings`: which are looked
    through; `recording_id`: only this one."""

    text: str | None
    type: str | None
    recordings: Wanted
    recording_id: str | None = None


def page(
    connection: Connection, caller: Caller, sought: Sought, limit: int, before_uid: int
) -> tuple[list[Row[Any]], bool]:
    """Events with `event_uid` below `before_uid` (0: from the top), those that were indexed last first, beside their
    recordings; whether more follow. Raises Invalid."""
    columns: tuple[Any, ...] = (
        *(_e.c.uid.label("event_uid"), _e.c.at_ms, _e.c.type, _e.c.text),
        *(_r.c.id, _r.c.session_id, _r.c.user_name, _r.c.machine_name, _r.c.resource_name),
        *(_r.c.started_at_ms, _r.c.status),
    )
    query: Select[Any] = (
        select(*columns)
        .join(_r, _r.c.id == _e.c.recording_id)
        .outerjoin(_c, class_of())
        .where(sight.recordings(caller), *conditions(sought.recordings))
    )
    for word in _words(sought.text):
        query = query.where(holds(_e.c.folded, word))
    if sought.type:
        query = query.where(_e.c.type == sought.type)
    if sought.recording_id:
        query = query.where(_r.c.id == sought.recording_id.lower())
    if before_uid:
        query = query.where(_e.c.uid < before_uid)
    rows = list(connection.execute(query.order_by(_e.c.uid.desc()).limit(limit + 1)))
    return rows[:limit], len(rows) > limit


def _words(text: str | None) -> list[str]:
    """Raises Invalid."""
    if text is None:
        return []
    words = (fold(text) or "").split()
    if len(text) > MAX_TEXT_CHARACTERS or len(words) > MAX_WORDS or "\0" in text:
        raise Invalid("text is too long.", name="text", problem="tooLong")
    return words
