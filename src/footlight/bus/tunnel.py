"""Streams to hosts that can't be reached: the host connects outward, to the server that asks, and brings the stream.

On the way it is a WebSocket over TLS on the server's ordinary port, so it passes what lets HTTPS pass. The server's
certificate is checked by the host; the host is known by its ticket, which came to it over the bus.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from footlight.bus.carriers import MESSAGE_BYTES, MessageCarrier
from footlight.bus.line_stream import LineStream
from footlight.bus.tickets import TicketBook
from footlight.clock import Clock
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

PATH = "/footlight/v1/streams/"
OPEN_S = 8.0
CLOSE_S = 2.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

Arrival = asyncio.Future[LineStream]


class TunnelDoor:
    """A server's side: who waits for which ticket. The WebSocket's route is api/streams.py."""

    def __init__(self, clock: Clock) -> None:
        self._book: TicketBook[Arrival] = TicketBook(clock)

    def expect(self) -> tuple[str, Arrival]:
        """A ticket, and the stream that comes with it. Raises Unavailable when too many are waited for."""
        arrival: Arrival = asyncio.get_running_loop().create_future()
        return self._book.make(arrival), arrival

    def withdraw(self, ticket: str) -> None:
        """Nobody waits for it any more."""
        self._book.drop(ticket)

    def redeem(self, ticket: str) -> Arrival | None:
        """Who waits for it; None for a ticket that is not good."""
        arrival = self._book.redeem(ticket)
        return None if arrival is None or arrival.done() else arrival

    def __len__(self) -> int:
        """Tickets that are out."""
        return len(self._book)


async def open_tunnel(url: str, ticket: str, trust: ssl.SSLContext) -> LineStream:
    """The stream, brought to the server at `url` (https://HOST:PORT, or http on loopback). Raises Unavailable, in words
    that hold no ticket."""
    address, tls = _address(url, trust)
    made: asyncio.Future[LineStream] = asyncio.get_running_loop().create_future()
    task = spawn("tunnel", _carry(address + PATH + ticket, tls, made))
    try:
        await asyncio.wait((made, task), return_when=asyncio.FIRST_COMPLETED)
    except BaseException:
        await cancel(task)
        raise
    if not made.done():
        raise Unavailable(f"The host can't open a tunnel to {address}.")
    try:
        return made.result()
    except (OSError, TimeoutError, WebSocketException) as error:
        reason = str(error).replace(ticket, "...")
        raise Unavailable(f"The host can't open a tunnel to {address}: {reason}") from None


async def _carry(
    address: str, tls: ssl.SSLContext | None, made: asyncio.Future[LineStream]
) -> None:
    """Connect, tell `made` of it, and carry until the stream is over."""
    try:
        async with connect(
            address,
            ssl=tls,
            compression=None,  # what streams carry is compressed already, or secret
            max_size=2 * MESSAGE_BYTES,
            open_timeout=OPEN_S,
            close_timeout=CLOSE_S,
            ping_interval=None,  # the stream's own beats tell more: that its other side lives
        ) as socket:

            async def send(data: bytes) -> None:
                try:
                    await socket.send(data)
                except ConnectionClosed:
                    raise ConnectionResetError("the tunnel is closed") from None

            async def receive() -> bytes:
                try:
                    return await socket.recv(decode=False)
                except ConnectionClosed:
                    raise ConnectionResetError("the tunnel is closed") from None

            carrier = MessageCarrier(send, receive)
            made.set_result(carrier.stream)
            await carrier.carry()
    except (OSError, TimeoutError, WebSocketException) as error:
        if not made.done():
            made.set_exception(error)
            return
        _log.debug("tunnel ended", reason=type(error).__name__)


def _address(url: str, trust: ssl.SSLContext) -> tuple[str, ssl.SSLContext | None]:
    """The WebSocket's address without its path, and the TLS to reach it by. Raises Unavailable."""
    with suppress(ValueError):  # of what is no URL at all
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname and parts.port != 0:
            return f"wss://{parts.netloc}{parts.path.rstrip('/')}", trust
        if parts.scheme == "http" and parts.hostname in _LOOPBACK:
            return f"ws://{parts.netloc}{parts.path.rstrip('/')}", None
    raise Unavailable("The server's address for tunnels is no https address.")
