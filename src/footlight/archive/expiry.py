"""Which recordings are past their time, and the duty that deletes them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    cast,
    exists,
    func,
    select,
)

from footlight.archive import deletion
from footlight.archive.catalogue import FINAL
from footlight.archive.deletion import Undertaker
from footlight.archive.retention import class_of
from footlight.clock import Clock
from footlight.errors import Conflict, NotFound, Unavailable
from footlight.log import get_logger
from footlight.objects.objects import Objects
from footlight.store import schema
from footlight.store.schema_keeping import recording_holds as _h
from footlight.store.schema_keeping import retention_classes as _c
from footlight.store.store import Store
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)
_r = schema.recordings

DAY_MS = 24 * 3_600_000
LOOK_EACH_S = 60.0
AT_ONCE = 20  # recordings between two looks at what is due
REST_S = 0.05  # between two recordings: others want the database, too


@dataclass(frozen=True)
class Trial:
    """What would be deleted if things were otherwise: at another moment, or were a class kept for so many days."""

    now_ms: int
    class_name: str | None = None  # only recordings of this class
    keep_days: int | None = None  # instead of what the classes say


def due(trial: Trial) -> Select[Any]:
    """Recordings past their time with the class's `keep_days`, held ones (`is_held`) among them."""
    days: Any = _c.c.keep_days if trial.keep_days is None else trial.keep_days
    ended = func.coalesce(_r.c.ended_at_ms, _r.c.ordered_at_ms)
    expires = ended + cast(days, BigInteger) * DAY_MS
    query = (
        select(
            _r,
            _c.c.name.label("class_name"),
            expires.label("expires_at_ms"),
            is_held().label("is_held"),
        )
        .join(_c, class_of())
        .where(_r.c.started_at_ms.is_not(None), _r.c.status.in_(FINAL), expires <= trial.now_ms)
    )
    return query if trial.class_name is None else query.where(_c.c.name == trial.class_name)


def is_held() -> ColumnElement[bool]:
    """Whether a recording has a legal hold."""
    return exists().where(_h.c.recording_id == _r.c.id)


def next_due(connection: Connection, now_ms: int, limit: int) -> list[Row[Any]]:
    """The next that are to be deleted, the oldest first."""
    query = due(Trial(now_ms)).where(~is_held()).order_by(_r.c.uid).limit(limit)
    return list(connection.execute(query))


class Expiry:
    """Part of the duty `retention`: deletes what is past its time, a few at a time, and what a deletion before has
    left. It keeps nothing in memory."""

    def __init__(
        self, store: Store, objects: Objects, clock: Clock, undertaker: Undertaker
    ) -> None:
        self._store = store
        self._objects = objects
        self._clock = clock
        self._undertaker = undertaker
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._loop = spawn("retention", self._run())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        await cancel(self._loop)

    async def look(self) -> int:
        """Delete what is due now; how many recordings that were. Raises Unavailable."""
        await self._finish()
        count = 0
        while rows := await self._due():
            gone = 0
            for row in rows:
                gone += await self._delete(row)
                await asyncio.sleep(REST_S)
            count += gone
            if gone == 0:
                break
        return count

    async def _due(self) -> list[Row[Any]]:
        now_ms = self._clock.now_ms()
        return await self._store.read(lambda c: next_due(c, now_ms, AT_ONCE))

    async def _delete(self, row: Row[Any]) -> int:
        bury = partial(
            self._undertaker.bury,
            recording_id=row.id,
            caller=None,
            why=f"retention class {row.class_name}: its time is over",
        )
        try:
            await self._store.write(lambda tx: bury(tx))
        except (Conflict, NotFound):  # held or deleted since it was looked for
            return 0
        _log.info("recording deleted", recording=row.id, retention_class=row.class_name)
        await deletion.remove_files(self._store, self._objects, row.id)
        return 1

    async def _finish(self) -> None:
        """Remove what deletions that were broken off have left."""
        while left := await self._store.read(lambda c: deletion.unfinished(c, AT_ONCE)):
            for recording_id in left:
                await deletion.remove_files(self._store, self._objects, recording_id)
                await asyncio.sleep(REST_S)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Unavailable as silence:  # of which the store has told
                _log.warning("retention waits", reason=silence.message)
            except Exception as error:
                # The loop outlives every fault: what it could not do it will find again.
                _log.error("retention failed", exc_info=error)
            await asyncio.sleep(LOOK_EACH_S)
