"""Machines in a search for sessions: few beside them, so they are looked for first, and by uid.

What so many machines have in common that a list of them would be long, and the order in which machines come, is said
by a table of bytes with an entry for each uid.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, false, func, literal, select, true

from footlight.sessions import queries
from footlight.store import schema
from footlight.store.text import byte_slice

_m = schema.machines
_k = schema.session_keys

LISTED = 100
_WIDTH = 3  # bytes of a rank: for eight million values


class Hosts:
    """The machines of one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        query = select(func.count(), func.max(_m.c.uid)).select_from(_m)
        self._count, last = connection.execute(query).one()
        self._places = (last or 0) + 1

    def condition(self, uids: Select[Any]) -> ColumnElement[bool]:
        """Whether a session (of session_keys) is on one of these machines."""
        found = list(self._connection.execute(uids).scalars())
        if len(found) in (0, self._count):
            return true() if found else false()
        if len(found) <= LISTED:
            return _k.c.machine_uid.in_(found)
        table = bytearray(self._places)
        for uid in found:
            table[uid] = 1
        return byte_slice(literal(bytes(table)), _k.c.machine_uid, literal(1)) == b"\x01"

    def ranks(self, expression: ColumnElement[Any]) -> Ranks:
        """The order of the machines by an expression over them, their catalog, group or zone."""
        return Ranks(dict(queries.of_machines(self._connection, expression)), self._places)


class Ranks:
    """Values of machines, and sort keys of sessions that come in the order of the values."""

    def __init__(self, values: dict[int, Any], places: int) -> None:
        self._values = sorted(set(values.values()))
        self._machines: dict[Any, list[int]] = {}
        for uid, value in values.items():
            self._machines.setdefault(value, []).append(uid)
        table = bytearray(places * _WIDTH)
        numbers = {value: self._written(2 * n + 1) for n, value in enumerate(self._values)}
        for uid, value in values.items():
            table[uid * _WIDTH : (uid + 1) * _WIDTH] = numbers[value]
        self.expression = byte_slice(literal(bytes(table)), _k.c.machine_uid, literal(_WIDTH))

    @property
    def orders(self) -> bool:
        """Whether there is anything to order: all machines may have the same value."""
        return len(self._values) > 1

    def of_value(self, value: Any) -> bytes:
        """Where the value stands, or would stand between two."""
        at = bisect_left(self._values, value)
        there = at < len(self._values) and self._values[at] == value
        return self._written(2 * at + there)

    def ordered(self, descending: bool, after: bytes | None) -> Iterator[list[int]]:
        """Machines by their values, those of one value together, from that of the rank on."""
        for value in reversed(self._values) if descending else self._values:
            rank = self.of_value(value)
            if after is None or (rank <= after if descending else rank >= after):
                yield self._machines[value]

    def value(self, rank: bytes) -> Any:
        """What has that rank."""
        return self._values[int.from_bytes(rank, "big") // 2]

    def _written(self, number: int) -> bytes:
        return number.to_bytes(_WIDTH, "big")
