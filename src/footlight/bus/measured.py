"""A bus whose requests, posts and handlers are counted, and whose requests are traced."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from footlight.bus.bus import (
    Bus,
    ByteStream,
    Handler,
    HostHandler,
    PostHandler,
    Registration,
    StreamHandler,
)
from footlight.bus.joined import JoinedBus
from footlight.bus.nats import NatsBus
from footlight.errors import Unavailable
from footlight.telemetry import origin
from footlight.telemetry.cells import Tally
from footlight.telemetry.meters import Meters
from footlight.telemetry.traces import NO_SPAN, Traces

# The last word of a subject (subjects.py): what is not among them is counted as one.
TOPICS = frozenset(
    ("reports", "beats", "taken", "orders", "segments", "outputs", "files", "lines", "logons",
     "displays", "uploads", "renewal", "marks")
)  # fmt: skip


def topic_of(subject: str) -> str:
    """What a subject is about: one of TOPICS, or "other"."""
    word = subject.rpartition(".")[2]
    return word if word in TOPICS else "other"


def is_connected(bus: Bus) -> bool | None:
    """Whether it reaches the transport of other machines; None where it has none."""
    while not isinstance(bus, NatsBus):
        if isinstance(bus, MeasuredBus):
            bus = bus.inner
        elif isinstance(bus, JoinedBus) and bus.remote is not None:
            bus = bus.remote
        else:
            return None
    return bus.is_connected


class MeasuredBus:
    """Another bus, `inner`, which does the work."""

    def __init__(self, inner: Bus, meters: Meters, traces: Traces) -> None:
        self.inner = inner
        self._meters = meters
        self._traces = traces

    async def serve(self, subject: str, handler: Handler) -> Registration:
        topic = topic_of(subject)

        async def measured(payload: bytes) -> bytes:
            with self._taken(topic):
                return await handler(payload)

        return await self.inner.serve(subject, measured)

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        with self._sent(topic_of(subject)):
            return await self.inner.request(subject, payload, timeout_s)

    async def serve_hosts(self, topic: str, handler: HostHandler) -> Registration:
        return await self.inner.serve_hosts(topic, self._of_hosts(topic, handler))

    async def send(self, subject: str, payload: bytes) -> None:
        await self.inner.send(subject, payload)

    async def post(self, subject: str, payload: bytes, timeout_s: float) -> None:
        pending = self._meters.bus_posts_pending
        pending.add()
        try:
            with self._sent(topic_of(subject)):
                await self.inner.post(subject, payload, timeout_s)
        finally:
            pending.add(by=-1)

    async def consume_hosts(self, topic: str, handler: PostHandler) -> Registration:
        word = topic_of(topic)

        async def measured(machine_id: str, payload: bytes) -> None:
            with self._taken(word):
                await handler(machine_id, payload)

        return await self.inner.consume_hosts(topic, measured)

    async def listen(self, subject: str, handler: StreamHandler) -> Registration:
        return await self.inner.listen(subject, handler)

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        with self._sent(topic_of(subject)):
            return await self.inner.dial(subject, hello, timeout_s)

    async def close(self) -> None:
        await self.inner.close()

    def _of_hosts(
        self, topic: str, handler: HostHandler
    ) -> Callable[[str, bytes], Awaitable[bytes]]:
        word = topic_of(topic)

        async def measured(machine_id: str, payload: bytes) -> bytes:
            with self._taken(word):
                return await handler(machine_id, payload)

        return measured

    @contextmanager
    def _sent(self, topic: str) -> Iterator[None]:
        meters, begun = self._meters, time.perf_counter()
        tally: Tally = meters.bus_seconds.of(topic)
        span = NO_SPAN
        if self._traces.on:
            span = self._traces.begin(f"bus {topic}", origin.here().trace, "client")
        meters.bus_open.add()
        outcome = "failed"
        try:
            yield
            outcome = "answered"
        except Unavailable:
            outcome = "unavailable"
            raise
        finally:
            meters.bus_open.add(by=-1)
            meters.bus_requests.add(topic, outcome)
            tally.observe(time.perf_counter() - begun)
            span.end(error=None if outcome == "answered" else outcome)

    @contextmanager
    def _taken(self, topic: str) -> Iterator[None]:
        outcome = "failed"
        try:
            yield
            outcome = "done"
        finally:
            self._meters.bus_taken.add(topic, outcome)
