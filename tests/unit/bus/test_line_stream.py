"""What a stream makes of another side that does not keep to the rules. What it does with one that does:
tests/stores/test_streams.py."""

from __future__ import annotations

import asyncio

import pytest

from footlight.bus import line_stream
from footlight.bus.inprocess import STREAM_WINDOW_BYTES
from footlight.bus.line_frames import COUNT, DATA, END, OPEN, PING, PONG, WINDOW, frame
from footlight.bus.line_stream import LineStream

WAIT_S = 60.0


class Wire:
    """Keeps what the stream says; what the other side says is fed by hand."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.closed = False
        self.aborted = asyncio.Event()
        self.stream = LineStream(self)

    def write(self, data: bytes) -> None:
        self.said.append(data)

    def close(self) -> None:
        self.closed = True
        self.stream.lost()

    def abort(self) -> None:
        self.aborted.set()
        self.stream.lost()


def fill(wire: Wire, size: int, piece: int = 65536) -> None:
    while size:
        wire.stream.feed(frame(DATA, bytes(min(piece, size))))
        size -= min(piece, size)


async def test_more_than_a_window_is_never_kept() -> None:
    wire = Wire()
    fill(wire, STREAM_WINDOW_BYTES)
    assert not wire.aborted.is_set()
    assert wire.stream.held_bytes == STREAM_WINDOW_BYTES
    wire.stream.feed(frame(DATA, b"x"))
    assert wire.aborted.is_set()
    assert wire.stream.held_bytes == STREAM_WINDOW_BYTES


async def test_room_is_given_back_only_for_what_was_read() -> None:
    wire = Wire()
    fill(wire, STREAM_WINDOW_BYTES)
    read = 0
    while read < line_stream.REFILL_BYTES:
        read += len(await wire.stream.read(10_000))
    assert wire.said == [frame(WINDOW, COUNT.pack(read))]
    fill(wire, read)
    assert not wire.aborted.is_set()
    wire.stream.feed(frame(DATA, b"x"))
    assert wire.aborted.is_set()


async def test_a_window_of_single_bytes_costs_little_more_than_itself() -> None:
    wire = Wire()
    fill(wire, 50_000, piece=1)
    assert len(wire.stream._waiting) < 10
    got = b""
    while len(got) < 50_000:
        got += await wire.stream.read(7777)
    assert got == bytes(50_000)


async def test_who_promises_more_room_than_a_window_is_cut_off() -> None:
    wire = Wire()
    wire.stream.feed(frame(WINDOW, COUNT.pack(1)))
    assert wire.aborted.is_set()


async def test_nonsense_is_cut_off() -> None:
    wire = Wire()
    wire.stream.feed(b"GET / HTTP/1.1\r\n\r\n")
    assert wire.aborted.is_set()
    assert await wire.stream.read(10) == b""


async def test_a_writer_sends_a_window_and_waits() -> None:
    wire = Wire()
    writing = asyncio.create_task(wire.stream.write(bytes(3 * STREAM_WINDOW_BYTES)))
    await asyncio.sleep(0.01)
    assert sum(len(data) - 5 for data in wire.said) == STREAM_WINDOW_BYTES
    wire.stream.feed(frame(WINDOW, COUNT.pack(1000)))
    await asyncio.sleep(0.01)
    assert sum(len(data) - 5 for data in wire.said) == STREAM_WINDOW_BYTES + 1000
    wire.stream.feed(frame(END))
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(writing, WAIT_S)


async def test_a_cancelled_read_loses_nothing() -> None:
    wire = Wire()
    reading = asyncio.create_task(wire.stream.read(10))
    await asyncio.sleep(0)
    wire.stream.feed(frame(DATA, b"kept"))
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert await wire.stream.read(10) == b"kept"


async def test_an_end_is_answered_and_what_came_before_can_be_read() -> None:
    wire = Wire()
    wire.stream.feed(frame(DATA, b"last words") + frame(END))
    assert wire.said == [frame(END)]
    assert wire.closed
    assert await wire.stream.read(99) == b"last words"
    assert await wire.stream.read(99) == b""


async def test_who_does_not_answer_an_end_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_stream, "CLOSE_S", 0.02)
    wire = Wire()
    await wire.stream.close()
    assert wire.said == [frame(END)]
    wire.stream.feed(frame(DATA, b"too late"))
    assert wire.stream.held_bytes == 0
    await asyncio.wait_for(wire.aborted.wait(), WAIT_S)


async def test_who_is_silent_is_asked_and_then_taken_for_dead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_stream, "BEAT_S", 0.02)
    wire = Wire()
    await asyncio.wait_for(wire.aborted.wait(), WAIT_S)
    assert wire.said == [frame(PING)] * line_stream.MOST_BEATS_MISSED
    assert await wire.stream.read(10) == b""
    with pytest.raises(ConnectionError):
        await wire.stream.write(b"x")


async def test_who_answers_lives_on_also_without_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_stream, "BEAT_S", 0.01)
    wire = Wire()
    for _ in range(20):
        await asyncio.sleep(0.01)
        wire.stream.feed(frame(PONG))
    assert not wire.aborted.is_set()
    wire.stream.lost()


async def test_who_asks_without_end_is_answered_a_few_times() -> None:
    wire = Wire()
    for _ in range(1000):
        wire.stream.feed(frame(PING))
    assert wire.said == [frame(PONG)] * line_stream.PONGS_A_BEAT
    wire.stream.lost()


async def test_opened_waits_for_the_greeting_or_the_end() -> None:
    wire, refused = Wire(), Wire()
    waiting = asyncio.create_task(wire.stream.opened())
    await asyncio.sleep(0)
    assert not waiting.done()
    wire.stream.feed(frame(OPEN))
    await asyncio.wait_for(waiting, WAIT_S)
    refused.stream.lost()
    with pytest.raises(ConnectionRefusedError):
        await refused.stream.opened()
    wire.stream.lost()
