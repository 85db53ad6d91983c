"""Waiting for a row to say what was wanted, bounded in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection

from footlight.store.store import Store
from footlight.tasks import spawn

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# Another server may have written the change, of which no commit here tells.
LOOK_AGAIN_S = 0.5
PACE_S = 0.02  # between looks for many: commits that come together are one


class Watch:
    """Wakes waiters after each commit; what they wait for is read from the store, never from memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = asyncio.Event()
        store.on_commit(self._wake)

    def _wake(self, _kinds: frozenset[str]) -> None:
        # Waiters hold the event of their moment; each wake hands out a fresh one.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, look: Callable[[Connection], T | None], timeout_s: float) -> T | None:
        """The first result of `look` that is not None; None when the time is over. Safe to cancel."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while True:
            changed = self._changed
            found = await self._store.read(look)
            if found is not None:
                return found
            left = deadline - loop.time()
            if left <= 0:
                return None
            try:
                async with asyncio.timeout(min(left, LOOK_AGAIN_S)):
                    await changed.wait()
            except TimeoutError:
                continue


class Look(Protocol[T_co]):
    """What is so, by id, of those of `ids` of which it is."""

    def __call__(self, connection: Connection, /, *, ids: Sequence[str]) -> Mapping[str, T_co]: ...


class WatchEach(Generic[T]):
    """As Watch, for what many wait for at once, each in a row of its own: after a commit that has changed rows of
    `kind` one look is for all of them."""

    def __init__(
        self,
        store: Store,
        kind: str,
        look: Look[T],
    ) -> None:
        self._store = store
        self._kind = kind
        self._look = look
        self._waiting: dict[asyncio.Future[T], str] = {}
        self._stirred = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        store.on_commit(self._hear)

    async def until(self, id: str, timeout_s: float) -> T | None:
        """What is so of that one; None when the time is over. Raises what looking raises. Safe to cancel."""
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = id
        self._stirred.set()
        if self._task is None or self._task.done():
            self._task = spawn(f"watch each {self._kind}", self._run())
        try:
            async with asyncio.timeout(timeout_s):
                return await waiting
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(waiting, None)

    def _hear(self, kinds: frozenset[str]) -> None:
        if self._kind in kinds:
            self._stirred.set()

    async def _run(self) -> None:
        """For as long as somebody waits."""
        while self._waiting:
            try:
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._stirred.wait()
            except TimeoutError:
                pass
            self._stirred.clear()
            asked = dict(self._waiting)
            if not asked:
                return
            try:
                found = await self._store.read(partial(self._look, ids=list(asked.values())))
            except Exception as error:
                _tell(asked, error)
                continue
            for waiting, id in asked.items():
                if id in found and not waiting.done():
                    waiting.set_result(found[id])
                    self._waiting.pop(waiting, None)
            await asyncio.sleep(PACE_S)


def _tell(asked: Mapping[asyncio.Future[T], str], error: Exception) -> None:
    for waiting in asked:
        if not waiting.done():
            waiting.set_exception(error)
