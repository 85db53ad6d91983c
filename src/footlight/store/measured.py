"""A store whose transactions are measured, traced, and know whose request they are of."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import Connection

from footlight.errors import Unavailable
from footlight.store.store import Store, Tx
from footlight.telemetry import origin
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import NO_SPAN, Span, Traces

T = TypeVar("T")


class MeasuredStore(Store):
    """Another store, which does the work."""

    def __init__(self, inner: Store, meters: Meters, traces: Traces) -> None:
        self._inner = inner
        self._traces = traces
        self._reads = _Kind("read", meters)
        self._writes = _Kind("write", meters)
        self._asides = _Kind("aside", meters)

    def before_commit(self, finish: Callable[[Tx], None]) -> None:
        self._inner.before_commit(finish)

    def on_commit(self, listener: Callable[[frozenset[str]], None]) -> None:
        self._inner.on_commit(listener)

    async def read(self, work: Callable[[Connection], T]) -> T:
        stretch = _Stretch(self._reads, self._begin("store read"))

        def measured(connection: Connection) -> T:
            stretch.begun = time.perf_counter()
            try:
                return work(connection)
            finally:
                stretch.ended = time.perf_counter()

        with stretch:
            return await self._inner.read(measured)

    async def write(self, work: Callable[[Tx], T]) -> T:
        return await self._write(self._inner.write, work, self._writes, "store write")

    async def aside(self, work: Callable[[Tx], T]) -> T:
        return await self._write(self._inner.aside, work, self._asides, "store aside")

    async def _write(
        self,
        perform: Callable[[Callable[[Tx], T]], Awaitable[T]],
        work: Callable[[Tx], T],
        kind: _Kind,
        name: str,
    ) -> T:
        stretch = _Stretch(kind, self._begin(name))
        whose = origin.here()

        def measured(tx: Tx) -> T:
            tx.origin = whose
            stretch.begun = time.perf_counter()
            try:
                return work(tx)
            finally:
                stretch.ended = time.perf_counter()

        with stretch:
            return await perform(measured)

    async def close(self) -> None:
        await self._inner.close()

    def _begin(self, name: str) -> Span:
        return (
            self._traces.begin(name, origin.here().trace, "client") if self._traces.on else NO_SPAN
        )


class _Kind:
    """The figures of one kind of transactions."""

    def __init__(self, name: str, meters: Meters) -> None:
        self.name = name
        self.open = meters.store_busy
        self.failures = meters.store_unavailable
        self.seconds = meters.store_seconds.of(name)
        self.wait = meters.store_wait.of(name)
        self.open.set(0, name)
        self.failures.set(0, name)


class _Stretch:
    """One transaction, from its wish to its end. It is counted in the event loop; the engine's thread only writes
    down two times."""

    __slots__ = ("_asked", "_kind", "_span", "begun", "ended")

    def __init__(self, kind: _Kind, span: Span) -> None:
        self._kind = kind
        self._span = span
        self.begun = self.ended = 0.0

    def __enter__(self) -> None:
        self._asked = time.perf_counter()
        self._kind.open.add(self._kind.name)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        mine = self._kind
        mine.open.add(mine.name, by=-1)
        if self.begun:
            mine.wait.observe(self.begun - self._asked)
            # Without an end it is still at work, for a caller who has gone.
            mine.seconds.observe((self.ended or time.perf_counter()) - self.begun)
        if isinstance(error, Unavailable):
            mine.failures.add(mine.name)
        self._span.end(error=None if error is None else type(error).__name__)
