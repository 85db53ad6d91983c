"""What rooms know of the database: transactions. They pass plain functions over a connection; where those run
is the engine's business (sqlite.py, postgres.py)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from footlight.clock import Clock
from footlight.store import schema
from footlight.store.changes import insert_rows
from footlight.telemetry.origin import NOWHERE, Origin

T = TypeVar("T")

_OUTBOX = ("at_ms", "kind", "object_id", "account_id")


@dataclass
class Tx:
    """A write transaction: the connection, its moment, whose request it is of, and the changes that it appends to the
    outbox."""

    connection: Connection
    now_ms: int
    origin: Origin = NOWHERE
    changed: set[str] = field(default_factory=set)
    _outbox: list[tuple[Any, ...]] = field(default_factory=list)

    def emit(self, kind: str, object_id: str, account_id: str | None = None) -> None:
        """Append a change to the outbox, in the order of the calls; listeners hear of it after the commit."""
        self.changed.add(kind)
        self._outbox.append((self.now_ms, kind, object_id, account_id))

    def wake(self, kind: str) -> None:
        """Tell listeners after the commit of something that the outbox need not hold."""
        self.changed.add(kind)

    def flush(self) -> None:
        """Write the changes that were emitted, all in one statement: the last act of the transaction."""
        if self._outbox:
            insert_rows(self.connection, schema.outbox, _OUTBOX, self._outbox)
            self._outbox = []


class Store(ABC):
    """One database. At most one write transaction is at work at any moment, on every engine: a function that
    reads and then writes loses no update, and the outbox's numbers become visible in their order.

    `on_commit` listeners get the kinds that a transaction changed, in the event loop; where several servers
    share the database, those of the other servers' transactions too."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listeners: list[Callable[[frozenset[str]], None]] = []
        self._finishers: list[Callable[[Tx], None]] = []

    def before_commit(self, finish: Callable[[Tx], None]) -> None:
        """Let `finish` write what follows from what a transaction has changed, within it."""
        self._finishers.append(finish)

    def on_commit(self, listener: Callable[[frozenset[str]], None]) -> None:
        """Call the listener after each commit that changed something."""
        self._listeners.append(listener)

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """The result of `work` on a consistent snapshot; it may be called twice. Cancelling abandons the
        result only. Raises Unavailable when the database does not answer."""

    @abstractmethod
    async def write(self, work: Callable[[Tx], T]) -> T:
        """The result of `work` in a transaction, committed unless it raises. Once begun it is carried
        through even if the caller is cancelled. Raises Unavailable when the database does not answer."""

    async def aside(self, work: Callable[[Tx], T]) -> T:
        """As write, but out of turn where the engine can: for single statements that must not wait behind others'
        writes and hold by themselves. It emits nothing."""
        return await self.write(work)

    @abstractmethod
    async def close(self) -> None:
        """Wait for running work and let the database go."""

    def _announce(self, changed: frozenset[str]) -> None:
        if changed:
            for listener in self._listeners:
                listener(changed)

    def _perform(self, connection: Connection, work: Callable[[Tx], T]) -> tuple[T, frozenset[str]]:
        """The work as a transaction on the connection, which the engine then commits, and what it changed."""
        tx = Tx(connection, self._clock.now_ms())
        result = work(tx)
        if tx.changed:
            for finish in self._finishers:
                finish(tx)
        tx.flush()
        return result, frozenset(tx.changed)
