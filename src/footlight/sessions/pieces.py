"""Pieces: what the store keeps of each live session as it is shown, so that a page is not rendered anew.

A piece is opaque here. The database itself takes it away when its facts change (migration 0004), and the Renderer
writes it again: in the same transaction, or soon after one that has changed many. Whoever reads meanwhile gets the
facts instead. So a piece that is there says what its row says, at every moment and whoever has written there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Row, bindparam, select

from footlight.caller import Caller
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.sessions import queries
from footlight.sessions.queries import ShownMachine
from footlight.sessions.seen import seen_by
from footlight.store import schema
from footlight.store.store import Store, Tx
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

_p = schema.session_pieces
_m = schema.machines

RENDERED_AT_ONCE = 200
RENDERED_IN_PLACE = 20  # in the transaction of the change; a full report is not held up by more
# Between any two portions, so that a storm of changes is not slowed down by rendering.
PAUSE_S = 0.05
LOOK_AGAIN_S = 1.0

_KINDS = ("session", "machine")  # of changes

Render = Callable[[Row[Any]], bytes]
# A piece (None: not rendered) and its machine's uid. Nothing else is asked for with it: in a page of a thousand
# each column is felt.
Kept = tuple[bytes | None, int]

_NEXT = (
    select(_p.c.piece, _p.c.machine_uid)
    .where(_p.c.uid > bindparam("after"))
    .order_by(_p.c.uid)
    .limit(bindparam("size"))
)
_NEXT_UIDS = _NEXT.with_only_columns(_p.c.uid)
_MISSING = select(_p.c.uid).where(_p.c.piece.is_(None)).limit(bindparam("size"))
# None where servers of another release render by now: two shapes are not mixed, and pages do without pieces.
_MISSING_OF_SHAPE = _MISSING.where(
    select(schema.site.c.id).where(schema.site.c.pieces_shape == bindparam("shape")).exists()
)
_WRITE = _p.update().where(_p.c.uid == bindparam("of")).values(piece=bindparam("rendered"))
_LAST_UID = _NEXT_UIDS.limit(1).offset(bindparam("before"))


@dataclass(frozen=True)
class Pieces:
    """What objects are put together from: pieces in the order asked for, by their places in it the joined rows of
    those that are not rendered, and by uid what is shown of all their machines."""

    kept: Sequence[Kept]
    rows: dict[int, Row[Any]]
    machines: dict[int, ShownMachine]


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
        uids = queries.uids_of(connection, caller, of, limit + 1, after_uid)
    else:
        total = seen.count(connection) if total is None else total
        if seen.all:
            return _next(connection, limit, after_uid, total)
        uids = seen.uids(connection, limit + 1, after_uid, total)
    last_uid = uids[limit - 1] if len(uids) > limit else None
    return Page(of_uids(connection, uids[:limit]), last_uid, total)


def _next(connection: Connection, limit: int, after_uid: int, total: int) -> Page:
    """Of all live sessions."""
    kept = _fetched(connection.execute(_NEXT, {"after": after_uid, "size": limit + 1}))
    last_uid = None
    if len(kept) > limit:
        kept = kept[:limit]
        last = {"after": after_uid, "before": limit - 1}
        last_uid = connection.execute(_LAST_UID, last).scalar_one()

    def uids() -> list[int]:
        chosen = {"after": after_uid, "size": limit}
        return list(connection.execute(_NEXT_UIDS, chosen).scalars())

    return Page(_completed(connection, kept, uids), last_uid, total)


def of_uids(connection: Connection, uids: list[int]) -> Pieces:
    """Of these live sessions (at most some thousand), in the order given."""
    if not uids:
        return Pieces([], {}, {})
    query = select(_p.c.uid, _p.c.piece, _p.c.machine_uid).where(_p.c.uid.in_(uids))
    found = {uid: (piece, machine) for uid, piece, machine in _fetched(connection.execute(query))}
    return _completed(connection, [found[uid] for uid in uids], lambda: uids)


def _fetched(result: CursorResult[Any]) -> Sequence[Any]:
    # As the driver gives them: for a thousand, making rows of them takes half as long as all the rest.
    cursor = result.cursor
    assert cursor is not None
    return cursor.fetchall()


def _completed(
    connection: Connection, kept: Sequence[Kept], uids: Callable[[], list[int]]
) -> Pieces:
    """With all that stands beside them. `uids`: of all of them."""
    places = [place for place, (piece, _) in enumerate(kept) if piece is None]
    rows = {}
    if places:
        named = uids()
        missing = queries.by_uid(connection, [named[place] for place in places])
        rows = dict(zip(places, missing, strict=True))
    machines = {machine_uid for _, machine_uid in kept}
    return Pieces(kept, rows, queries.machines_by_uid(connection, machines))


def render_missing(tx: Tx, render: Render, shape: str | None = None) -> int:
    """Write up to RENDERED_AT_ONCE pieces that are missing; how many are written. `shape`: only while the site's
    pieces are of that one."""
    return _write(tx.connection, _missing(tx.connection, RENDERED_AT_ONCE, shape), render)


def _missing(connection: Connection, limit: int, shape: str | None) -> list[int]:
    if shape is None:
        return list(connection.execute(_MISSING, {"size": limit}).scalars())
    chosen = {"size": limit, "shape": shape}
    return list(connection.execute(_MISSING_OF_SHAPE, chosen).scalars())


def _write(connection: Connection, uids: list[int], render: Render) -> int:
    pieces = []
    for row in queries.by_uid(connection, uids) if uids else ():
        try:
            pieces.append({"of": row.uid, "rendered": render(row)})
        except Exception as error:
            # Not a reason to undo what has changed: who reads the session will meet it again.
            _log.error("session not rendered", session=row.id, exc_info=error)
    if pieces:
        connection.execute(_WRITE, pieces)
    return len(pieces)


class Renderer:
    """Writes the pieces that are missing, in and after each transaction that changes sessions or machines."""

    def __init__(self, store: Store, render: Render) -> None:
        self._store = store
        self._render = render
        self._shape: str | None = None
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        store.before_commit(self._finish)
        store.on_commit(self._wake)

    def _finish(self, tx: Tx) -> None:
        if not tx.changed.isdisjoint(_KINDS):
            uids = _missing(tx.connection, RENDERED_IN_PLACE + 1, self._shape)
            if len(uids) <= RENDERED_IN_PLACE:
                _write(tx.connection, uids, self._render)

    def _wake(self, kinds: frozenset[str]) -> None:
        if not kinds.isdisjoint(_KINDS):
            self._changed.set()

    async def start(self, shape: str) -> None:
        """Begin to write. `shape` names what `render` makes: pieces of another release are dropped, and where a
        server of another release starts later, this one writes no more."""
        self._shape = shape
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
            try:
                if await self._render_some():
                    self._changed.set()
                    await asyncio.sleep(PAUSE_S)
            except Unavailable as silence:  # of which the store has told
                _log.debug("sessions not rendered", reason=silence.message)
            except Exception as error:
                # The loop outlives every fault: what it could not write is shown from the facts meanwhile.
                _log.error("sessions not rendered", exc_info=error)

    async def _render_some(self) -> int:
        # Looked at first: several servers hear of each change, and writers take turns.
        if not await self._store.read(lambda c: _missing(c, 1, self._shape)):
            return 0
        return await self._store.write(lambda tx: render_missing(tx, self._render, self._shape))


def _drop_others(tx: Tx, shape: str) -> None:
    site = schema.site
    changed = site.update().where(site.c.pieces_shape.is_distinct_from(shape))
    if tx.connection.execute(changed.values(pieces_shape=shape)).rowcount:
        tx.connection.execute(_p.update().values(piece=None))
