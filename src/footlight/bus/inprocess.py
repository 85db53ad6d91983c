"""The bus inside one process: the embedded site's transport."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import Any

from footlight.bus import subjects
from footlight.bus.answering import answer
from footlight.bus.bus import (
    ByteStream,
    Handler,
    HostHandler,
    PostHandler,
    Registration,
    StreamHandler,
)
from footlight.bus.lanes import Lanes
from footlight.errors import Unavailable
from footlight.tasks import cancel, spawn

# Bytes that may wait in one direction of a stream before its writer is held.
STREAM_WINDOW_BYTES = 1024 * 1024
# Posts on one subject that nobody has taken.
MOST_POSTS = 64
HANDLED_AT_ONCE = 1000


class InProcessBus:
    """Subjects are dictionary keys; payloads are passed as the bytes they are."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self._host_handlers: dict[str, HostHandler] = {}
        self._listeners: dict[str, StreamHandler] = {}
        self._posts: dict[str, dict[str, deque[bytes]]] = {}  # by topic and machine
        self._consumers: dict[str, _Consumer] = {}
        self._running: set[asyncio.Task[Any]] = set()

    async def serve(self, subject: str, handler: Handler) -> Registration:
        return _Entry(self._handlers, subject, handler)

    def has(self, subject: str) -> bool:
        """Whether somebody serves that subject or listens on it."""
        return self._handler_of(subject) is not None or subject in self._listeners

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        handler = self._handler_of(subject)
        if handler is None:
            raise Unavailable(f"nobody serves {subject}")
        # A task of its own: as over a network, the handler goes on when the caller gives up.
        task = self._start(f"request {subject}", answer(subject, handler, payload))
        done, _ = await asyncio.wait({task}, timeout=timeout_s)
        if not done:
            raise Unavailable(f"no answer from {subject} within {timeout_s:g} s")
        said: bytes | Unavailable = (
            Unavailable(f"{subject} has closed") if task.cancelled() else task.result()
        )
        if isinstance(said, Unavailable):
            raise said
        return said

    async def send(self, subject: str, payload: bytes) -> None:
        handler = self._handler_of(subject)
        if handler is not None:
            self._start(f"message {subject}", answer(subject, handler, payload))

    async def serve_hosts(self, topic: str, handler: HostHandler) -> Registration:
        return _Entry(self._host_handlers, topic, handler)

    async def post(self, subject: str, payload: bytes, timeout_s: float) -> None:
        named = subjects.host_of(subject)
        if named is None:
            raise Unavailable(f"{subject} is not a host's")
        machine_id, topic = named
        posts = self._posts.setdefault(topic, {}).setdefault(machine_id, deque())
        if len(posts) >= MOST_POSTS:
            raise Unavailable(f"nobody takes {subject}")
        posts.append(payload)
        if (consumer := self._consumers.get(topic)) is not None:
            consumer.lanes.put(machine_id, payload)

    async def consume_hosts(self, topic: str, handler: PostHandler) -> Registration:
        before = self._consumers.get(topic)
        if before is not None:
            await before.close()
        posts = self._posts.setdefault(topic, {})
        consumer = self._consumers[topic] = _Consumer(self._consumers, topic, posts, handler)
        for machine_id, waiting in posts.items():
            for payload in waiting:
                consumer.lanes.put(machine_id, payload)
        return consumer

    async def listen(self, subject: str, handler: StreamHandler) -> Registration:
        return _Entry(self._listeners, subject, handler)

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        handler = self._listeners.get(subject)
        if handler is None:
            raise Unavailable(f"nobody listens on {subject}")
        out, back = _Pipe(), _Pipe()
        near, far = _End(back, out), _End(out, back)
        task = self._start(f"stream {subject}", _own(handler, hello, far))
        # Not in the task itself: one that is cancelled before its first step runs no `finally`.
        task.add_done_callback(lambda _: far.end())
        return near

    async def close(self) -> None:
        for consumer in list(self._consumers.values()):
            await consumer.close()
        self._handlers.clear()
        self._host_handlers.clear()
        self._listeners.clear()
        await cancel(*self._running)

    def _handler_of(self, subject: str) -> Handler | None:
        named = subjects.host_of(subject)
        if named is None or named[1] not in self._host_handlers:
            return self._handlers.get(subject)
        return partial(self._host_handlers[named[1]], named[0])

    def _start(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = spawn(name, work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task


async def _own(handler: StreamHandler, hello: bytes, stream: _End) -> None:
    try:
        await handler(hello, stream)
    except ConnectionError:
        # The other side left while this one was writing: how most streams end.
        if not stream.ended:
            raise


class _Entry:
    """A handler in its table, until closed or until another took the subject over."""

    def __init__(self, table: dict[str, Any], subject: str, handler: Any) -> None:
        self._table = table
        self._subject = subject
        self._handler = handler
        table[subject] = handler

    async def close(self) -> None:
        if self._table.get(self._subject) is self._handler:
            del self._table[self._subject]


class _Consumer:
    """Who takes a topic's posts; what it has not done with stays for the next."""

    def __init__(
        self,
        table: dict[str, _Consumer],
        topic: str,
        posts: dict[str, deque[bytes]],
        handler: PostHandler,
    ) -> None:
        self._table = table
        self._topic = topic
        self._posts = posts
        self._handler = handler
        self.lanes = Lanes(self._take, HANDLED_AT_ONCE)

    async def _take(self, machine_id: str, payload: bytes) -> None:
        try:
            await self._handler(machine_id, payload)
        except Unavailable:
            raise  # it is handed over again
        except Exception:
            self._done(machine_id)
            raise
        self._done(machine_id)

    def _done(self, machine_id: str) -> None:
        waiting = self._posts[machine_id]
        waiting.popleft()
        if not waiting:
            del self._posts[machine_id]

    async def close(self) -> None:
        if self._table.get(self._topic) is self:
            del self._table[self._topic]
        await self.lanes.close()


class _Pipe:
    """One direction: at most STREAM_WINDOW_BYTES in wait; writes pass whole and in order."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = (
            deque()
        )  # as they were written: what is read whole is never copied
        self._size = 0
        self._closed = False
        self.broken = False  # its writer let go of it
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._writing = asyncio.Lock()

    async def read(self, limit: int) -> bytes:
        while not self._waiting and not self._closed:
            self._filled.clear()
            await self._filled.wait()
        if not self._waiting:
            return b""
        data = self._waiting.popleft()
        if len(data) > limit:
            self._waiting.appendleft(data[limit:])
            data = data[:limit]
        self._size -= len(data)
        self._drained.set()
        return data

    async def write(self, data: bytes) -> None:
        rest = data
        async with self._writing:
            while True:
                if self._closed:
                    raise ConnectionResetError("the stream is closed")
                room = STREAM_WINDOW_BYTES - self._size
                passed, rest = (rest, b"") if len(rest) <= room else (rest[:room], rest[room:])
                if passed:
                    self._waiting.append(passed)
                    self._size += len(passed)
                    self._filled.set()
                if not rest:
                    return
                self._drained.clear()
                await self._drained.wait()

    @property
    def ended(self) -> bool:
        return self._closed

    def end(self) -> None:
        """No more bytes; what waits can still be read."""
        self._closed = True
        self._filled.set()
        self._drained.set()


class _End:
    """One side's view of a stream."""

    def __init__(self, incoming: _Pipe, outgoing: _Pipe) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    async def read(self, limit: int) -> bytes:
        return await self._incoming.read(limit)

    async def write(self, data: bytes) -> None:
        await self._outgoing.write(data)

    async def close(self) -> None:
        self.end()

    def abandon(self) -> None:
        self._outgoing.broken = True
        self.end()

    @property
    def broken(self) -> bool:
        return self._incoming.broken

    @property
    def ended(self) -> bool:
        return self._outgoing.ended

    def end(self) -> None:
        self._outgoing.end()
        self._incoming.end()
