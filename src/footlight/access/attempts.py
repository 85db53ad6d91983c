"""Attempts to sign in, one at a time for each name: delayed, refused while locked, counted.

A server takes the attempts on a name in turn, so that many at once guess no more than one after the other; the
counts are in the store, so that several servers and a restart share them. A token is no attempt: the local
administrator's is never locked out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from footlight.access import failures, lockout
from footlight.access.lockout import Failures, Lockout
from footlight.clock import Clock
from footlight.errors import LimitReached
from footlight.log import get_logger
from footlight.store.store import Store, Tx

T = TypeVar("T")

MAX_WAITING = 64  # for one name
TURN_WITHIN_S = 20.0
RETRY_S = 5

_log = get_logger(__name__)


class Attempts:
    """The attempts of one server."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        policy: Lockout,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy
        self._sleep = sleep
        # As many as hash at once (passwords.py): no attempt is judged by counts that others have outrun.
        self._slots = asyncio.Semaphore(2)
        self._turns: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    async def run(
        self, key: str, address: str, check: Callable[[bool], Awaitable[T | None]]
    ) -> T | None:
        """What `check` finds, None when it finds nothing or `key` or the address is locked. `check` hears whether
        the door is open, and does the same work when it is not. Raises LimitReached when too many wait."""
        by_address = lockout.address_key(address)
        keys = [key] if by_address is None else [key, by_address]
        async with self._turn(key):
            name, is_open = await self._stand(keys)
            pause_ms = lockout.wait_ms(name, self._clock.now_ms()) if is_open else 0
            if pause_ms > 0:
                await self._sleep(pause_ms / 1000)
            async with self._slots:
                # Again: many names of one address may have been tried meanwhile.
                name, is_open = await self._stand(keys)
                found = await check(is_open)
                if not is_open:
                    return None
                if found is None:
                    await self._store.write(lambda tx: self._count(tx, keys, address))
                elif name.count:
                    await self._store.write(lambda tx: failures.forget(tx, key))
                return found

    async def _stand(self, keys: list[str]) -> tuple[Failures, bool]:
        """(what stands against the first key, whether none is locked)."""
        kept = await self._store.read(lambda c: failures.read(c, keys))
        now_ms = self._clock.now_ms()
        stand = [lockout.standing(kept.get(key, Failures()), self._policy, now_ms) for key in keys]
        return stand[0], all(one.locked_until_ms <= now_ms for one in stand)

    def _count(self, tx: Tx, keys: list[str], address: str) -> None:
        limits = (self._policy.name_attempts, self._policy.address_attempts)
        for key, attempts in zip(keys, limits, strict=False):
            after = failures.count(tx, key, self._policy, attempts)
            if after.locked_until_ms > tx.now_ms:
                _log.warning("sign-in locked out", key=key, failures=after.count, client=address)

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        waiting = self._waiting.get(key, 0)
        if waiting >= MAX_WAITING:
            raise _too_many()
        self._waiting[key] = waiting + 1
        turn = self._turns.setdefault(key, asyncio.Lock())
        try:
            try:
                await asyncio.wait_for(turn.acquire(), TURN_WITHIN_S)
            except TimeoutError:
                raise _too_many() from None
            try:
                yield
            finally:
                turn.release()
        finally:
            self._waiting[key] -= 1
            if self._waiting[key] == 0:
                del self._waiting[key], self._turns[key]


def _too_many() -> LimitReached:
    return LimitReached("Too many are signing in under this name.", retry_s=RETRY_S)
