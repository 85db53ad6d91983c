"""How long launches took that reports say are through, for whoever counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Connection, select

from footlight.sessions import phases
from footlight.sessions.phases import Phase
from footlight.store import schema

_s = schema.sessions


class Before(Protocol):
    """A session's row as it was."""

    @property
    def uid(self) -> int: ...

    @property
    def established_at_ms(self) -> int | None: ...

    @property
    def first_picture_ms(self) -> int | None: ...


class Launched:
    """The sessions of some reports that are up now, and those whose first picture was shown, each once."""

    def __init__(self) -> None:
        self._up: set[int] = set()
        self._shown: set[int] = set()

    def note(self, row: Before, changes: Mapping[str, Any]) -> None:
        """A report changes these columns of the row."""
        if row.established_at_ms is None and changes.get("established_at_ms"):
            self._up.add(row.uid)
        if row.first_picture_ms is None and "first_picture_ms" in changes:
            self._shown.add(row.uid)

    def phases(self, connection: Connection) -> list[Phase]:
        """Theirs, once the changes are written; total: from the broker's decision until a session was up."""
        if not self._up | self._shown:
            return []
        query = select(
            *(_s.c.uid, _s.c.brokering_ms, _s.c.brokered_at_ms, _s.c.established_at_ms),
            *(_s.c.launch_moments, _s.c.first_picture_ms),
        ).where(_s.c.uid.in_(self._up | self._shown))
        found: list[Phase] = []
        for row in connection.execute(query):
            last = [one for one in phases.of_session(row) if one.name == "first_picture"]
            if row.uid in self._up:
                found += [one for one in phases.of_session(row) if one not in last]
                found.append(Phase("total", max(0, row.established_at_ms - row.brokered_at_ms)))
            if row.uid in self._shown:
                found += last
        return found
