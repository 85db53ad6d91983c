"""Pieces: what the store keeps of each live session as it is shown, so that a page is not rendered anew.

A piece is opaque here. The database takes it away in the transaction that changes its facts (migration 0004);
the Renderer writes it again soon, and whoever reads meanwhile gets the facts instead. So a piece that is there
says what its row says, at every moment and whoever has written there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select

from footlight.caller import Caller
from footlight.log import get_logger
from footlight.sessions import queries
from footlight.sessions.seen import seen_by
from footlight.store import schema
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

_p = schema.session_pieces
_m = schema.machines

RENDERED_AT_ONCE = 200
# A change is often followed by others: rendering waits for them.
PAUSE_S = 0.5
LOOK_AGAIN_S = 10.0

Render = Callable[[Row[Any]], bytes]
# (uid, machine's uid, piece or None)
Kept = tuple[int, int, bytes | None]

_BY_UID = select(_p.c.uid, _p.c.machine_uid, _p.c.piece)
_FROM = _BY_UID.where(_p.c.uid > bindparam("after")).order_by(_p.c.uid).limit(bindparam("size"))


@dataclass(frozen=True)
class Pieces:
    """What objects are put together from: pieces in the order asked for, and by uid the joined rows of those that
    are not rendered and the rows of all machines (queries.machines_by_uid)."""

    kept: Sequence[Kept]
    rows: dict[int, Row[Any]]
    machines: dict[int, Row[Any]]


@dataclass(frozen=True)
class Page:
    """Some of a list, the uid of the last one if there are more, and how many the list has in all."""

    pieces: Pieces
    last_uid: int | None
    total: int


def live_page(
    connection: Connection,
    caller: Caller,
    limit: int,
    after_uid: int = 0,
    total: int | None = None,
    *,
    of: ColumnElement[bool] | None = None,
) -> Page:
    """Up to `limit` live sessions with uid above `after_uid`, in order of uid. Counted when `total` is None.
    `of`: a condition on the sessions' own columns that holds for all of them."""
    seen = seen_by(caller)
    if of is not None:
        total = queries.count_of(connection, caller, of) if total is None else total
        kept = of_uids(connection, queries.uids_of(connection, caller, of, limit + 1, after_uid))
    else:
        total = seen.count(connection) if total is None else total
        if seen.all:
            chosen = {"after": after_uid, "size": limit + 1}
            kept = connection.execute(_FROM, chosen).all()
        else:
            kept = of_uids(connection, seen.uids(connection, limit + 1, after_uid, total))
    more = len(kept) > limit
    kept = kept[:limit]
    return Page(completed(connection, kept), kept[-1][0] if more else None, total)


def of_uids(connection: Connection, uids: list[int]) -> Sequence[Kept]:
    """Those of these live sessions (at most some thousand), in the order given."""
    if not uids:
        return []
    found = {one[0]: one for one in connection.execute(_BY_UID.where(_p.c.uid.in_(uids)))}
    return [found[uid] for uid in uids]


def completed(connection: Connection, kept: Sequence[Kept]) -> Pieces:
    """With all that stands beside them."""
    missing = [uid for uid, _, piece in kept if piece is None]
    rows = {row.uid: row for row in queries.by_uid(connection, missing)} if missing else {}
    uids = {machine_uid for _, machine_uid, _ in kept}
    return Pieces(kept, rows, queries.machines_by_uid(connection, uids) if uids else {})


def render_missing(tx: Tx, render: Render) -> int:
    """Write up to RENDERED_AT_ONCE pieces that are missing; how many those were."""
    missing = select(_p.c.uid).where(_p.c.piece.is_(None)).limit(RENDERED_AT_ONCE)
    uids = list(tx.connection.execute(missing).scalars())
    if uids:
        rows = queries.by_uid(tx.connection, uids)
        write = _p.update().where(_p.c.uid == bindparam("of")).values(piece=bindparam("piece"))
        tx.connection.execute(write, [{"of": row.uid, "piece": render(row)} for row in rows])
    return len(uids)


class Renderer:
    """Writes the pieces that are missing, after each commit that changed sessions or machines."""

    def __init__(self, store: Store, render: Render) -> None:
        self._store = store
        self._render = render
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        store.on_commit(self._wake)

    def _wake(self, kinds: frozenset[str]) -> None:
        if not kinds.isdisjoint(("session", "machine")):
            self._changed.set()

    async def start(self, shape: str) -> None:
        """Begin to write. `shape` names what `render` makes: pieces of another release are dropped."""
        await self._store.write(lambda tx: _drop_others(tx, shape))
        self._changed.set()
        self._task = spawn("render sessions", self._run())

    async def stop(self) -> None:
        """End the loop. Safe to call twice."""
        await cancel(self._task)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._changed.wait()
            self._changed.clear()
            await asyncio.sleep(PAUSE_S)
            try:
                while await self._store.write(lambda tx: render_missing(tx, self._render)):
                    continue
            except Exception as error:
                # The loop outlives every fault: what it could not write is shown from the facts meanwhile.
                _log.error("sessions not rendered", exc_info=error)


def _drop_others(tx: Tx, shape: str) -> None:
    site = schema.site
    changed = site.update().where(site.c.pieces_shape.is_distinct_from(shape))
    if tx.connection.execute(changed.values(pieces_shape=shape)).rowcount:
        tx.connection.execute(_p.update().values(piece=None))
