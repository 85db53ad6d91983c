"""How machines are, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from footlight.caller import Caller
from footlight.store import schema, sight

FULL_LOAD = 10_000

_m = schema.machines


@dataclass(frozen=True)
class Standing:
    """Counts of machines; each is in at most one of silent, maintenance and full."""

    total: int
    silent: int
    maintenance: int
    full: int


def standing(connection: Connection, caller: Caller) -> Standing:
    """Of the machines that the caller sees."""
    word = case(
        (_m.c.registered.is_(False), "silent"),
        (_m.c.in_maintenance, "maintenance"),
        (_m.c.load_index >= FULL_LOAD, "full"),
        else_="well",
    )
    query = select(word.label("word"), func.count()).where(sight.machines(caller)).group_by("word")
    found = {name: count for name, count in connection.execute(query)}
    return Standing(
        total=sum(found.values()),
        silent=found.get("silent", 0),
        maintenance=found.get("maintenance", 0),
        full=found.get("full", 0),
    )


def fullest(connection: Connection, caller: Caller, limit: int) -> list[Row[Any]]:
    """Id, name, sessions and load of those machines that are heard and have the highest load."""
    load = func.coalesce(_m.c.load_index, 0)
    return list(
        connection.execute(
            select(_m.c.id, _m.c.name, _m.c.live_sessions, load.label("load_index"))
            .where(sight.machines(caller), _m.c.registered)
            .order_by(load.desc(), _m.c.live_sessions.desc(), _m.c.name)
            .limit(limit)
        )
    )
