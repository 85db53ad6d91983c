"""A stream of bytes between two machines, over whatever carries its frames.

Each side may send what the other has room for: a window of bytes, refilled as they are read. So no more than a window
waits in each direction, wherever it waits (here, in the system, on the way), a reader who is slow holds up the writer
and nobody else, and the other side's small words (its end, that it lives) are never stuck behind what is not read.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from footlight.bus.inprocess import STREAM_WINDOW_BYTES
from footlight.bus.line_frames import (
    COUNT,
    DATA,
    END,
    FRAME_BYTES,
    OPEN,
    PING,
    PONG,
    WINDOW,
    FrameParser,
    frame,
)
from footlight.log import get_logger

_log = get_logger(__name__)

REFILL_BYTES = STREAM_WINDOW_BYTES // 4  # that were read, before the other side is told
SMALL_BYTES = (
    4096  # pieces below that are kept together: each by itself would cost more than it holds
)
BEAT_S = 5.0
MOST_BEATS_MISSED = 3  # after so many without a word the other side is taken for dead
PONGS_A_BEAT = 4  # at most: who asks more often is not answered
CLOSE_S = 5.0  # for the other side to answer an end
LAST_S = 2.0  # for that, when this whole process ends


class Carrier(Protocol):
    """What carries frames to the other side. It calls feed() with what comes and lost() when it is over."""

    def write(self, data: bytes) -> None:
        """Take a frame, without waiting; no more than a window of them is ever on its way."""
        ...

    def close(self) -> None:
        """End once all that was taken is sent."""
        ...

    def abort(self) -> None:
        """End now."""
        ...


class LineStream:
    """One side of the stream: a bus.ByteStream."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._loop = asyncio.get_running_loop()
        self._parser = FrameParser()
        self._waiting: deque[bytes | bytearray] = deque()
        self._owed = 0  # bytes that came and were not given back to the other side's window
        self._read_since = 0  # of these, read by now
        self._credit = STREAM_WINDOW_BYTES
        self._ended = False
        self._near_closed = False
        self._filled = asyncio.Event()
        self._room = asyncio.Event()
        self._writing = asyncio.Lock()
        self._open = asyncio.Event()
        self._gone = asyncio.Event()
        self._heard = True
        self._missed = 0
        self._pongs = 0
        self._timer = self._loop.call_later(BEAT_S, self._beat)
        self._patience: asyncio.TimerHandle | None = None

    @property
    def ended(self) -> bool:
        """Whether either side has closed, or the line is lost."""
        return self._ended

    @property
    def is_gone(self) -> bool:
        """Whether nothing carries it any more."""
        return self._gone.is_set()

    @property
    def held_bytes(self) -> int:
        """That have come and were not read."""
        return sum(len(piece) for piece in self._waiting)

    async def read(self, limit: int) -> bytes:
        """1 to `limit` bytes; b"" once the other side has closed or is lost. Cancelling loses nothing."""
        while not self._waiting and not self._ended:
            self._filled.clear()
            await self._filled.wait()
        if not self._waiting:
            return b""
        piece = self._waiting.popleft()
        if len(piece) > limit:
            self._waiting.appendleft(piece[limit:])
            piece = piece[:limit]
        self._read_since += len(piece)
        if self._read_since >= REFILL_BYTES and not self._ended:
            self._carrier.write(frame(WINDOW, COUNT.pack(self._read_since)))
            self._owed -= self._read_since
            self._read_since = 0
        return bytes(piece)

    async def write(self, data: bytes) -> None:
        """As bus.ByteStream: waits while the other side has no room."""
        rest = memoryview(data)
        async with self._writing:
            while True:
                if self._ended:
                    raise ConnectionResetError("the stream is closed")
                passed = rest[: min(self._credit, FRAME_BYTES)]
                if passed:
                    self._credit -= len(passed)
                    self._carrier.write(frame(DATA, passed))
                    rest = rest[len(passed) :]
                if not rest:
                    return
                if not self._credit:
                    self._room.clear()
                    await self._room.wait()

    async def close(self) -> None:
        """End both directions; what was accepted is still sent, and can be read by the other side."""
        self.end()

    def end(self) -> None:
        """close() without waiting for anything."""
        self._near_closed = True
        if not self._ended:
            self._say_end()

    def kill(self, reason: str) -> None:
        """End it at once, without a word to the other side."""
        _log.warning("stream broken off", reason=reason)
        self._over()
        self._carrier.abort()

    def greet(self) -> None:
        """Tell the other side that the stream is open."""
        self._carrier.write(frame(OPEN))

    async def opened(self) -> None:
        """Returns when the other side has greeted. Raises ConnectionError when it will not."""
        await self._open.wait()
        if self._ended:
            raise ConnectionRefusedError("the stream was refused")

    async def gone(self) -> None:
        """Returns when nothing carries it any more."""
        await self._gone.wait()

    # --- the carrier's side -----------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """What came over the line."""
        self._heard = True
        try:
            frames = self._parser.feed(data)
        except ValueError as error:
            self.kill(str(error))
            return
        for kind, payload in frames:
            if kind == DATA:
                self._take(payload)
            elif kind == WINDOW:
                self._credit += COUNT.unpack(payload)[0]
                self._room.set()
                if self._credit > STREAM_WINDOW_BYTES:
                    self.kill("the other side gives room for more than a window")
            elif kind == END:
                self._far_end()
            elif kind == OPEN:
                self._open.set()
            elif kind == PING and self._pongs < PONGS_A_BEAT:
                self._pongs += 1
                self._carrier.write(frame(PONG))

    def lost(self) -> None:
        """Nothing comes any more."""
        self._over()
        self._timer.cancel()
        if self._patience is not None:
            self._patience.cancel()
        self._gone.set()

    def _take(self, data: bytes) -> None:
        if self._near_closed:
            return
        self._owed += len(data)
        if self._owed > STREAM_WINDOW_BYTES:
            self.kill("the other side sends more than a window")
            return
        last = self._waiting[-1] if self._waiting else None
        if len(data) >= SMALL_BYTES or last is None:
            self._waiting.append(data)
        elif isinstance(last, bytearray) and len(last) < FRAME_BYTES:
            last += data
        else:
            self._waiting.append(bytearray(data))
        self._filled.set()

    def _far_end(self) -> None:
        if not self._ended:
            self._say_end()
        self._carrier.close()

    def _say_end(self) -> None:
        self._carrier.write(frame(END))
        self._over()
        self._patience = self._loop.call_later(CLOSE_S, self._carrier.abort)

    def _over(self) -> None:
        """No more bytes; what waits can still be read."""
        self._ended = True
        for event in (self._filled, self._room, self._open):
            event.set()

    def _beat(self) -> None:
        """Beats are counted, not seconds: after a rest of this whole process what came meanwhile is read first."""
        self._missed = 0 if self._heard else self._missed + 1
        if self._missed > MOST_BEATS_MISSED:
            self.kill("the other side is silent")
            return
        if not self._heard:
            self._carrier.write(frame(PING))
        self._heard, self._pongs = False, 0
        self._timer = self._loop.call_later(BEAT_S, self._beat)


async def end_all(streams: Iterable[LineStream]) -> None:
    """End them, and return when nothing carries them any more."""
    live = [stream for stream in streams if not stream.is_gone]
    for stream in live:
        stream.end()
    try:
        async with asyncio.timeout(LAST_S):
            await asyncio.gather(*(stream.gone() for stream in live))
    except TimeoutError:
        for stream in live:
            if not stream.is_gone:
                stream.kill("this side ends")
