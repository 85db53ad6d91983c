"""A recorder's connection to one X server: RFB over its unix socket, with paced requests.

Only the *next* request waits, so a single change after quiet arrives at once; how soon others may follow, the owner
says (pace.py). Nothing runs while the screen is still.
"""

from __future__ import annotations

import asyncio
import math
import socket
import struct
from collections.abc import Sequence
from typing import Any, Protocol, cast

from footlight.agent.pace import UPDATE_INTERVAL_S
from footlight.rfb.client import Client, Encoding, Event, Failed, Ready, Rectangle, Resized, Update

_PICTURE_ENCODINGS = (Encoding.RAW, Encoding.ZRLE)
_CREDENTIALS = struct.Struct("iII")  # pid, uid, gid (unix(7), SO_PEERCRED)
HANDSHAKE_TIMEOUT_S = 5.0
READ_BYTES = 256 * 1024  # at once; a unix socket holds about as much
_read = memoryview(bytearray(READ_BYTES))  # of all feeds: nothing stays in it


class FeedListener(Protocol):
    """What a feed tells its owner, always from the event loop."""

    def on_update(self, rectangles: Sequence[Rectangle]) -> None:
        """A whole update came; ask for the next one."""
        ...

    def on_resize(self) -> None:
        """The screen has another size; ask for all of it."""
        ...


class Feed(asyncio.BufferedProtocol):
    """One connection. `lost` completes with the reason when it ends, whoever ended it."""

    def __init__(self, listener: FeedListener) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.lost: asyncio.Future[str] = loop.create_future()
        self.heard_at = loop.time()  # when the X server last said something
        self.pid: int | None = None  # of the X server
        self._loop = loop
        self._listener = listener
        self._client = Client()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._next_at = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the screen."""
        return self._client.size

    @property
    def live(self) -> bool:
        """Whether updates can be asked for."""
        return self.ready.done() and not self.lost.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.pid = _pid_of(transport.get_extra_info("socket"))

    def get_buffer(self, sizehint: int) -> memoryview:
        return _read

    def buffer_updated(self, nbytes: int) -> None:
        self.heard_at = self._loop.time()
        for event in self._client.receive(_read[:nbytes]):
            self._dispatch(event)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end("the X server closed the connection" if exc is None else str(exc))

    def wait_until(self, at_s: float) -> None:
        """The next request that can wait is not sent before (the loop's time)."""
        self._next_at = at_s

    def ask(self, *, full: bool = False, within_s: float = math.inf) -> None:
        """Ask for the next update when its time has come, but at least within so many seconds."""
        if self._timer is not None:
            self._timer.cancel()
        delay = min(self._next_at - self._loop.time(), within_s)
        if delay <= 0:
            self.ask_now(full=full)
        else:
            self._timer = self._loop.call_later(delay, lambda: self.ask_now(full=full))

    def ask_now(self, *, full: bool) -> None:
        """Ask without waiting; a full update comes in any case, another one at the next change."""
        self._cancel_timer()
        if self.live:
            self._client.request_update(incremental=not full)
            self._send()

    def ask_for_answer(self) -> None:
        """Ask so that an update comes at once, with whatever has changed."""
        self._cancel_timer()
        if self.live:
            self._client.request_answer()
            self._send()

    def close(self) -> None:
        """End the connection."""
        self._end("closed")
        if self._transport is not None:
            self._transport.abort()

    def _dispatch(self, event: Event) -> None:
        if self.lost.done():
            return
        match event:
            case Ready():
                self.ready.set_result(None)
            case Update(rectangles):
                self._next_at = self._loop.time() + UPDATE_INTERVAL_S
                self._listener.on_update(rectangles)
            case Resized():
                self._listener.on_resize()
            case Failed(reason, offset):
                self._end(f"{reason} (byte {offset})")
                if self._transport is not None:
                    self._transport.abort()

    def _send(self) -> None:
        out = self._client.take_outgoing()
        if out and self._transport is not None and not self.lost.done():
            self._transport.write(out)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self, reason: str) -> None:
        self._cancel_timer()
        if not self.lost.done():
            self.lost.set_result(reason)


async def connect(path: str, listener: FeedListener) -> Feed:
    """A feed past its handshake. Raises OSError when the X server is not there or does not answer
    within HANDSHAKE_TIMEOUT_S; ConnectionRefusedError and FileNotFoundError mean that it is gone."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
        _, feed = await loop.create_unix_connection(lambda: Feed(listener), path)
        try:
            await first_of(feed.ready, feed.lost)
        except BaseException:
            feed.close()
            raise
    if feed.lost.done():
        raise ConnectionAbortedError(feed.lost.result())
    return feed


def covers(rectangles: Sequence[Rectangle], width: int, height: int) -> bool:
    """Whether an update shows all of a screen of that size. Its rectangles don't overlap, so their areas add up."""
    area = sum(r.width * r.height for r in rectangles if r.encoding in _PICTURE_ENCODINGS)
    return area >= width * height


def _pid_of(connected: socket.socket | None) -> int | None:
    """Who listens at the other end of a unix socket."""
    if connected is None:
        return None
    told = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(told)[0]) or None


async def first_of(*waits: asyncio.Future[Any], timeout_s: float | None = None) -> None:
    """Return when one of them is done, or after the timeout; none is cancelled."""
    await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
