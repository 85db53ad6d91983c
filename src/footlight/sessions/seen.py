"""Which live sessions a caller sees (store/sight.py), over the narrow rows that lists and searches read.

A caller of some scopes may see 100 sessions of a million or nearly all of them. Few are gathered by index and
sorted; many are met soon in walking along the uids. The total, counted on the first page, says which it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, CompoundSelect, Connection, func, or_, select, true

from footlight.caller import Caller, Permission
from footlight.store import schema, sight

_k = schema.session_keys

# Gathering these many costs about what walking past the others does, among a million.
FEW = 20_000
LISTED = 500  # machines; more are left to the database


@dataclass(frozen=True)
class Seen:
    """The sessions of these machines (None: all sessions) and those of this account."""

    machines: CompoundSelect[tuple[int]] | None
    account_id: str

    @property
    def all(self) -> bool:
        """Whether nothing is hidden."""
        return self.machines is None

    def condition(self) -> ColumnElement[bool]:
        """Looked at row by row: no index serves it."""
        if self.machines is None:
            return true()
        return or_(_k.c.account_id == self.account_id, (_k.c.machine_uid + 0).in_(self.machines))

    def count(self, connection: Connection) -> int:
        """How many they are."""
        everything = select(func.count()).select_from(_k)
        if self.machines is None:
            return connection.execute(everything).scalar_one()
        held = _k.c.machine_uid.in_(self.machines)
        own = (_k.c.account_id == self.account_id, (_k.c.machine_uid + 0).not_in(self.machines))
        return sum(
            connection.execute(everything.where(*one)).scalar_one() for one in ((held,), own)
        )

    def uids(self, connection: Connection, limit: int, after_uid: int, total: int) -> list[int]:
        """Up to `limit` of them above `after_uid`, by uid. `total`: about how many there are."""
        if self.machines is None or total > FEW:
            walk = select(_k.c.uid).where(_k.c.uid > after_uid, self.condition())
            return list(connection.execute(walk.order_by(_k.c.uid).limit(limit)).scalars())
        # Looked up first: how many they are is what planners guess wrong.
        machines = list(connection.execute(self.machines.limit(LISTED + 1)).scalars())
        on = _k.c.machine_uid.in_(machines if len(machines) <= LISTED else self.machines)
        held = select(_k.c.uid).where(on, _k.c.uid > after_uid)
        own = select(_k.c.uid).where(_k.c.account_id == self.account_id, _k.c.uid > after_uid)
        # One may be both. Taking such twice and dropping one costs less than a distinct union.
        both = held.union_all(own).order_by("uid").limit(2 * limit)
        return list(dict.fromkeys(connection.execute(both).scalars()))[:limit]


def seen_by(caller: Caller) -> Seen:
    """What the caller sees."""
    if caller.scopes_of(Permission.SESSION_READ) is None:
        return Seen(None, caller.account_id)
    return Seen(sight.machine_uids(caller, Permission.SESSION_READ), caller.account_id)
