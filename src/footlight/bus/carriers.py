"""What carries a stream's frames: a connection of its own, or the messages of a WebSocket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import cast

from footlight.bus.line_stream import LineStream
from footlight.tasks import cancel, spawn

MESSAGE_BYTES = 128 * 1024  # of a WebSocket's message: several frames that wait go together
UNSENT_BYTES = 256 * 1024  # that the system takes beyond what the line carries


class SocketCarrier(asyncio.Protocol):
    """A connection. Its `stream` is there once it is made."""

    stream: LineStream
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own are no subclasses
        self.stream = LineStream(self)
        plain = transport.get_extra_info("socket")
        if plain is not None:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)

    def data_received(self, data: bytes) -> None:
        self.stream.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.stream.lost()

    def write(self, data: bytes) -> None:
        """As Carrier."""
        if not self.transport.is_closing():
            self.transport.write(data)

    def close(self) -> None:
        """As Carrier."""
        self.transport.close()

    def abort(self) -> None:
        """As Carrier."""
        self.transport.abort()

    def drop(self) -> None:
        """abort(), also before there is a connection."""
        if hasattr(self, "transport"):
            self.transport.abort()


class MessageCarrier:
    """A WebSocket; `send` and `receive` are its own. Both raise ConnectionError when it is over."""

    def __init__(
        self, send: Callable[[bytes], Awaitable[None]], receive: Callable[[], Awaitable[bytes]]
    ) -> None:
        self._send = send
        self._receive = receive
        self._outgoing = bytearray()
        self._something = asyncio.Event()
        self._closing = False
        self._aborted = asyncio.Event()
        self.stream = LineStream(self)

    def write(self, data: bytes) -> None:
        """As Carrier."""
        self._outgoing += data
        self._something.set()

    def close(self) -> None:
        """As Carrier."""
        self._closing = True
        self._something.set()

    def abort(self) -> None:
        """As Carrier."""
        self._aborted.set()

    async def carry(self) -> None:
        """Returns when the stream is over; the WebSocket can be closed then."""
        work = (
            spawn("stream to its line", self._pump()),
            spawn("line to its stream", self._take()),
            spawn("line broken off", _wait(self._aborted)),
        )
        try:
            await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel(*work)
            self.stream.lost()

    async def _pump(self) -> None:
        try:
            while self._outgoing or not self._closing:
                self._something.clear()
                if not self._outgoing:
                    await self._something.wait()
                while self._outgoing:
                    message = bytes(memoryview(self._outgoing)[:MESSAGE_BYTES])
                    del self._outgoing[:MESSAGE_BYTES]
                    await self._send(message)
        except ConnectionError:
            return

    async def _take(self) -> None:
        try:
            while True:
                self.stream.feed(await self._receive())
        except ConnectionError:
            return


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
