"""A store whose writes are those of a duty: none gets through once another server may have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from footlight.clock import Clock
from footlight.store import leases
from footlight.store.leases import LIFE_MS, Lost
from footlight.store.store import Store, Tx

T = TypeVar("T")


class Tenure:
    """What one server knows of its hold on one duty. Alone: it has it for good, and nothing is looked at."""

    def __init__(self, name: str, holder: str, clock: Clock, *, alone: bool = False) -> None:
        self.name = name
        self.holder = holder
        self.alone = alone
        self._clock = clock
        self._epoch: int | None = None
        self._until_ns = 0

    @property
    def epoch(self) -> int | None:
        """Of the lease, as it was taken last; None: not held."""
        return self._epoch

    def begin(self, epoch: int, asked_ns: int) -> None:
        """The lease was taken; `asked_ns`: the monotonic moment before the database was asked for it."""
        self._epoch = epoch
        self.extend(asked_ns)

    def extend(self, asked_ns: int) -> None:
        """It was renewed."""
        self._until_ns = asked_ns + LIFE_MS * 1_000_000

    def end(self) -> None:
        """It is not held any more."""
        self._epoch = None

    def sure(self) -> bool:
        """Whether nobody else can have it at this moment. The monotonic clock goes on while a process is frozen, so
        that one which wakes up knows at once; what cannot be taken back is done only when this says so."""
        return self.alone or (
            self._epoch is not None and self._clock.monotonic_ns() < self._until_ns
        )


class FencedStore(Store):
    """The store as a duty has it: reads are the store's; each write first makes sure, in its transaction, that the
    lease is the one under which it was asked for. Raises leases.Lost otherwise, with nothing written."""

    def __init__(self, store: Store, tenure: Tenure, clock: Clock) -> None:
        super().__init__(clock)
        self._store = store
        self._tenure = tenure

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self._store.read(work)

    async def write(self, work: Callable[[Tx], T]) -> T:
        tenure, epoch = self._tenure, self._tenure.epoch
        if tenure.alone:
            return await self._store.write(work)
        if epoch is None:
            raise Lost(f"This server does not have the duty {tenure.name!r}.")

        def fenced(tx: Tx) -> T:
            leases.verify(tx, tenure.holder, tenure.name, epoch)
            return work(tx)

        return await self._store.write(fenced)

    def on_commit(self, listener: Callable[[frozenset[str]], None]) -> None:
        self._store.on_commit(listener)

    def before_commit(self, finish: Callable[[Tx], None]) -> None:
        self._store.before_commit(finish)

    async def close(self) -> None:
        """Nothing: the store is its owner's to close."""
