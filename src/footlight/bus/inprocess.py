"""The bus inside one process: the embedded site's transport."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from footlight.bus.bus import ByteStream, Handler, Registration
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

# Bytes that may wait in one direction of a stream before its writer is held.
STREAM_WINDOW_BYTES = 1024 * 1024


class InProcessBus:
    """Subjects are dictionary keys; payloads are passed as the bytes they are."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self._listeners: dict[str, Callable[[bytes, ByteStream], Awaitable[None]]] = {}
        self._accepted: set[asyncio.Task[None]] = set()

    async def serve(self, subject: str, handler: Handler) -> Registration:
        self._handlers[subject] = handler
        return _Entry(lambda: self._handlers.pop(subject, None))

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        handler = self._handlers.get(subject)
        if handler is None:
            raise Unavailable(f"nobody serves {subject}")
        try:
            async with asyncio.timeout(timeout_s):
                return await handler(payload)
        except TimeoutError:
            raise Unavailable(f"no answer from {subject} within {timeout_s:g} s") from None
        except Unavailable:
            raise
        except Exception as error:
            _log.error("request handler failed", subject=subject, exc_info=error)
            raise Unavailable(f"{subject} failed") from error

    async def listen(
        self, subject: str, handler: Callable[[bytes, ByteStream], Awaitable[None]]
    ) -> Registration:
        self._listeners[subject] = handler
        return _Entry(lambda: self._listeners.pop(subject, None))

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        handler = self._listeners.get(subject)
        if handler is None:
            raise Unavailable(f"nobody listens on {subject}")
        out, back = _Pipe(), _Pipe()
        near, far = _End(back, out), _End(out, back)
        task = spawn(f"stream {subject}", self._run(handler, hello, far))
        self._accepted.add(task)
        task.add_done_callback(self._accepted.discard)
        return near

    async def close(self) -> None:
        self._handlers.clear()
        self._listeners.clear()
        await cancel(*self._accepted)

    @staticmethod
    async def _run(
        handler: Callable[[bytes, ByteStream], Awaitable[None]], hello: bytes, stream: _End
    ) -> None:
        try:
            await handler(hello, stream)
        finally:
            await stream.close()


class _Entry:
    def __init__(self, forget: Callable[[], object]) -> None:
        self._forget = forget

    async def close(self) -> None:
        self._forget()


class _Pipe:
    """One direction: a bounded run of bytes with one reader and any number of writers."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._closed = False
        self._changed = asyncio.Condition()

    async def read(self, limit: int) -> bytes:
        async with self._changed:
            await self._changed.wait_for(lambda: self._buffer or self._closed)
            data = bytes(self._buffer[:limit])
            del self._buffer[:limit]
            self._changed.notify_all()
            return data

    async def write(self, data: bytes) -> None:
        async with self._changed:
            await self._changed.wait_for(
                lambda: self._closed or len(self._buffer) < STREAM_WINDOW_BYTES
            )
            if self._closed:
                raise ConnectionResetError("the stream is closed")
            self._buffer += data
            self._changed.notify_all()

    async def close(self) -> None:
        async with self._changed:
            self._closed = True
            self._changed.notify_all()


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
        await self._outgoing.close()
        await self._incoming.close()
