"""The host's side of opening a stream: a ticket for its listener, or a tunnel to the server that asks."""

from __future__ import annotations

import asyncio
import ssl
import weakref
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from footlight.bus.bus import ByteStream, Handler, Registration
from footlight.bus.line_listener import LineListener
from footlight.bus.line_stream import LineStream, end_all
from footlight.bus.tunnel import open_tunnel
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import decode, encode
from footlight.wire.lines import Address, DialAnswer, DialOrder

_log = get_logger(__name__)

MOST_STREAMS = 4096
MOST_OPENING = 64  # tunnels at once; further ones wait
ROUTE_S = 2.0

StreamHandler = Callable[[bytes, ByteStream], Awaitable[None]]


class Serves(Protocol):
    """What is needed of the bus."""

    async def serve(self, subject: str, handler: Handler) -> Registration: ...


@dataclass(frozen=True)
class Inward:
    """What a host answers with. `trust` knows what servers' certificates are signed by. Without a listener streams come
    by tunnels only. `addresses`: IP addresses that it is reached at; none: the one that leads towards the asking
    server."""

    trust: ssl.SSLContext
    listener: LineListener | None = None
    addresses: Sequence[str] = field(default_factory=tuple)


class Answerer:
    """Takes streams from servers, each with its subject's handler."""

    def __init__(self, control: Serves, inward: Inward) -> None:
        self._control = control
        self._inward = inward
        self._opening = asyncio.Semaphore(MOST_OPENING)
        self._running: set[asyncio.Task[Any]] = set()
        self._streams: weakref.WeakSet[LineStream] = weakref.WeakSet()
        self._closed = False

    async def listen(self, dials: str, handler: StreamHandler) -> Registration:
        """Streams that are asked for there are the handler's. What bus.Bus says of listen holds."""

        async def answer(payload: bytes) -> bytes:
            return encode(await self._answer(dials, decode(DialOrder, payload), handler))

        return await self._control.serve(dials, answer)

    async def close(self) -> None:
        """End all streams, also those that are on their way."""
        self._closed = True
        await cancel(*self._running)
        await end_all(self._streams)

    async def _answer(self, dials: str, order: DialOrder, handler: StreamHandler) -> DialAnswer:
        def take(stream: LineStream) -> None:
            self._own(f"stream {dials}", handler, order.hello, stream)

        if self._closed:
            return DialAnswer(problem="it takes no streams any more")
        if len(self._running) >= MOST_STREAMS:
            return DialAnswer(problem="it has too many streams already")
        listener = self._inward.listener
        if listener is not None and order.instead_of:
            listener.withdraw(order.instead_of)
        if listener is not None and order.way == "direct":
            hosts = self._inward.addresses or await address_towards(order.url)
            if hosts:
                addresses = [Address(host=host, port=listener.port) for host in hosts]
                return DialAnswer(addresses=addresses, ticket=listener.expect(take))
        if not order.url:
            return DialAnswer(problem="it has no listener, and the server no address for tunnels")
        try:
            async with self._opening:
                take(await open_tunnel(order.url, order.ticket, self._inward.trust))
        except Unavailable as failure:
            _log.warning("no tunnel", reason=failure.message)
            return DialAnswer(problem=failure.message)
        return DialAnswer(opened=True)

    def _own(self, name: str, handler: StreamHandler, hello: bytes, stream: LineStream) -> None:
        if self._closed:
            stream.end()
            return
        self._streams.add(stream)
        task = spawn(name, _run(handler, hello, stream))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        # Not in the task itself: one that is cancelled before its first step runs no `finally`.
        task.add_done_callback(lambda _: stream.end())


async def _run(handler: StreamHandler, hello: bytes, stream: LineStream) -> None:
    try:
        await handler(hello, stream)
    except ConnectionError:
        # The other side left while this one was writing: how most streams end.
        if not stream.ended:
            raise


async def address_towards(url: str) -> list[str]:
    """This machine's address on the way to that server; none when there is no way. Nothing is sent."""
    loop = asyncio.get_running_loop()
    try:
        parts = urlsplit(url)
        async with asyncio.timeout(ROUTE_S):
            transport, _ = await loop.create_datagram_endpoint(
                asyncio.DatagramProtocol, remote_addr=(parts.hostname or "", parts.port or 443)
            )
    except (OSError, ValueError, TimeoutError):
        return []
    try:
        return [str(transport.get_extra_info("sockname")[0])]
    finally:
        transport.close()
