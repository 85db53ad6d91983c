"""A host's own door for streams: TLS, a ticket in the first line, then the stream.

Whoever reaches the port can make a connection, so what one costs before its ticket is bounded: in time, in number, and
in what is read of it. When all places are taken, the one that has kept the door waiting longest makes room.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from footlight.bus.carriers import SocketCarrier
from footlight.bus.line_stream import LineStream
from footlight.bus.tickets import TICKET_CHARS, TicketBook
from footlight.clock import Clock
from footlight.errors import Invalid
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

# What the server says first: the protocol's name and version, a blank, the ticket, a line feed.
GREETING = b"FOOTLIGHT-LINE/1 "
FIRST_LINE_BYTES = len(GREETING) + TICKET_CHARS + 1
BACKLOG = 512
ACCEPT_AGAIN_S = 0.5  # after the system had no descriptor left

Take = Callable[[LineStream], None]


@dataclass(frozen=True)
class Bounds:
    """What a connection without a ticket gets: `admit_s` for handshake and first line; `most` of them at once, and
    when there are so many each keeps its place for `spared_s`."""

    admit_s: float = 5.0
    most: int = 128
    spared_s: float = 1.0


class LineListener:
    """One port. `tls` presents the host's certificate, which names the machine id (a DNS name of its
    subjectAltName); less than TLS 1.2 is not spoken."""

    def __init__(self, tls: ssl.SSLContext, clock: Clock, bounds: Bounds | None = None) -> None:
        if tls.minimum_version < ssl.TLSVersion.TLSv1_2:
            tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._tls = tls
        self._bounds = bounds or Bounds()
        self._book: TicketBook[Take] = TicketBook(clock)
        self._half_open: dict[asyncio.Task[None], float] = {}  # the oldest first
        self._one_left = asyncio.Event()
        self._socket: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 picks a free one. Raises Invalid when the address cannot be had."""
        try:
            self._socket = socket.create_server(
                (host, port),
                family=socket.AF_INET6 if ":" in host else socket.AF_INET,
                backlog=BACKLOG,
            )
        except OSError as error:
            raise Invalid(f"cannot listen on {host}:{port}: {error.strerror}") from error
        self._socket.setblocking(False)
        self._accepting = spawn("lines accepted", self._accept(self._socket))

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._socket is not None
        return int(self._socket.getsockname()[1])

    @property
    def half_open(self) -> int:
        """Connections that have shown no ticket yet."""
        return len(self._half_open)

    def expect(self, take: Take) -> str:
        """A ticket; who brings it gets a stream, whose other side is given to `take`. Raises Unavailable."""
        return self._book.make(take)

    def withdraw(self, ticket: str) -> None:
        """It counts no longer."""
        self._book.drop(ticket)

    async def stop(self) -> None:
        """Listen no more; streams that are open go on."""
        await cancel(self._accepting, *self._half_open)
        if self._socket is not None:
            self._socket.close()

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._room()
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError as error:
                _log.error("no connection accepted", reason=str(error))
                await asyncio.sleep(ACCEPT_AGAIN_S)
                continue
            task = spawn("line admitted", self._admit(connection))
            self._half_open[task] = loop.time()
            task.add_done_callback(self._leave)

    async def _room(self) -> None:
        """Returns when there is a place. Until then connections wait in the system."""
        while len(self._half_open) >= self._bounds.most:
            oldest, since_s = next(iter(self._half_open.items()))
            left_s = since_s + self._bounds.spared_s - asyncio.get_running_loop().time()
            if left_s <= 0:
                _log.warning("a connection without a ticket made room for another")
                await cancel(oldest)
                continue
            self._one_left.clear()
            try:
                async with asyncio.timeout(left_s):
                    await self._one_left.wait()
            except TimeoutError:
                continue

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._half_open.pop(task, None)
        self._one_left.set()

    async def _admit(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        caller = _Caller(self._book)
        try:
            async with asyncio.timeout(self._bounds.admit_s):
                await loop.connect_accepted_socket(
                    lambda: caller,
                    connection,
                    ssl=self._tls,
                    ssl_handshake_timeout=self._bounds.admit_s,
                )
                take = await caller.admitted
        except (OSError, TimeoutError) as refusal:
            # Anybody can bring this about: no more than a word, and none of what was sent.
            _log.debug("line refused", reason=type(refusal).__name__)
            caller.give_up()
            connection.close()
        except BaseException:
            caller.give_up()
            connection.close()
            raise
        else:
            take(caller.stream)


class _Caller(SocketCarrier):
    """A connection that has to show its ticket; `admitted` is what the ticket was for, or ConnectionError."""

    def __init__(self, book: TicketBook[Take]) -> None:
        self._book = book
        self._line = bytearray()
        self.admitted: asyncio.Future[Take] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        if self.admitted.done():
            self.stream.feed(data)
            return
        self._line += data[: FIRST_LINE_BYTES + 1]
        if len(self._line) < FIRST_LINE_BYTES and b"\n" not in self._line:
            return
        take = self._redeem(bytes(self._line))
        if take is None:
            self.transport.abort()
            self._refuse()
            return
        self.stream.greet()
        self.admitted.set_result(take)

    def connection_lost(self, exc: Exception | None) -> None:
        self._refuse()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """End it, whatever there is of it."""
        self.admitted.cancel()
        self.drop()

    def _redeem(self, line: bytes) -> Take | None:
        if len(line) != FIRST_LINE_BYTES or not line.startswith(GREETING) or line[-1:] != b"\n":
            return None
        return self._book.redeem(line[len(GREETING) : -1].decode("latin-1"))

    def _refuse(self) -> None:
        if not self.admitted.done():
            self.admitted.set_exception(ConnectionAbortedError("no ticket"))
            self.admitted.exception()  # looked at by now, also where nobody waits any more
