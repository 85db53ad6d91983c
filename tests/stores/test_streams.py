"""One suite for every way of streams (footlight.bus.bus: listen and dial): within the process, directly to a host's
listener, by a tunnel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

import pytest

from bus_server import BusStage
from footlight.bus import line_stream
from footlight.bus.bus import ByteStream, Registration
from footlight.bus.inprocess import STREAM_WINDOW_BYTES, InProcessBus
from footlight.bus.line_stream import LineStream
from footlight.errors import Unavailable
from line_ground import MACHINE, Ends, ends

WAIT_S = 60.0


class Streams(Protocol):
    """One end dials, the other listens; the ends may be one."""

    async def listen(
        self, subject: str, handler: Callable[[bytes, ByteStream], Awaitable[None]]
    ) -> Registration: ...

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream: ...


class BothEnds:
    """A host's listen and a server's dial."""

    def __init__(self, host: Streams, server: Streams) -> None:
        self.listen = host.listen
        self.dial = server.dial


@pytest.fixture(params=["inprocess", "direct", "tunnel"])
async def ways(request: pytest.FixtureRequest) -> AsyncIterator[Streams]:
    if request.param == "inprocess":
        made = InProcessBus()
        yield made
        await made.close()
        return
    async with ends(request.param) as both:
        yield BothEnds(both.host, both.server)


def of(name: str) -> str:
    """A subject of the host's."""
    return f"agent.{MACHINE}.{name}"


async def echo(hello: bytes, stream: ByteStream) -> None:
    await stream.write(hello)
    while data := await stream.read(65536):
        await stream.write(data)


async def read_exactly(stream: ByteStream, count: int) -> bytes:
    pieces, left = [], count
    while left:
        piece = await asyncio.wait_for(stream.read(left), WAIT_S)
        assert piece, f"ended {left} bytes before {count}"
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


async def test_stream_carries_hello_and_bytes_both_ways(ways: Streams) -> None:
    await ways.listen(of("echo"), echo)
    stream = await ways.dial(of("echo"), b"hello", WAIT_S)
    assert await read_exactly(stream, 5) == b"hello"
    await stream.write(b"one")
    await stream.write(b"two")
    assert await read_exactly(stream, 6) == b"onetwo"
    await stream.close()
    await stream.close()


async def test_read_gives_no_more_than_asked(ways: Streams) -> None:
    await ways.listen(of("echo"), echo)
    stream = await ways.dial(of("echo"), b"abcdef", WAIT_S)
    assert len(await asyncio.wait_for(stream.read(2), WAIT_S)) <= 2


async def test_dial_nobody_listens(ways: Streams) -> None:
    with pytest.raises(Unavailable):
        await ways.dial(of("nobody"), b"", 1.0)
    registration = await ways.listen(of("echo"), echo)
    await registration.close()
    with pytest.raises(Unavailable):
        await ways.dial(of("echo"), b"", 1.0)


async def test_streams_of_one_subject_are_apart(ways: Streams) -> None:
    await ways.listen(of("echo"), echo)
    first = await ways.dial(of("echo"), b"1", WAIT_S)
    second = await ways.dial(of("echo"), b"2", WAIT_S)
    await first.close()
    assert await read_exactly(second, 1) == b"2"
    await second.write(b"still")
    assert await read_exactly(second, 5) == b"still"


async def test_closing_a_registration_leaves_its_streams(ways: Streams) -> None:
    registration = await ways.listen(of("echo"), echo)
    stream = await ways.dial(of("echo"), b"", WAIT_S)
    await registration.close()
    await stream.write(b"on")
    assert await read_exactly(stream, 2) == b"on"


async def test_writer_waits_for_a_reader_who_does_not_read(ways: Streams) -> None:
    """No more than a window per direction waits, whether in many writes or in one."""
    accepted = 0
    release = asyncio.Event()
    total = 4 * STREAM_WINDOW_BYTES

    async def produce(hello: bytes, stream: ByteStream) -> None:
        nonlocal accepted
        for _ in range(total // 65536):
            await stream.write(bytes(65536))
            accepted += 65536
        await stream.write(bytes(total))
        release.set()

    await ways.listen(of("produce"), produce)
    stream = await ways.dial(of("produce"), b"", WAIT_S)
    await asyncio.sleep(0.2)
    assert 0 < accepted <= 2 * STREAM_WINDOW_BYTES
    held = accepted
    await asyncio.sleep(0.1)
    assert accepted == held
    await read_exactly(stream, total + total // 2)
    assert not release.is_set(), "one large write was accepted before it was read"
    await read_exactly(stream, total // 2)
    await asyncio.wait_for(release.wait(), WAIT_S)


async def test_writes_of_several_tasks_do_not_mix(ways: Streams) -> None:
    size = STREAM_WINDOW_BYTES + 1000

    async def two_writers(hello: bytes, stream: ByteStream) -> None:
        await asyncio.gather(stream.write(b"a" * size), stream.write(b"b" * size))

    await ways.listen(of("two"), two_writers)
    stream = await ways.dial(of("two"), b"", WAIT_S)
    data = await read_exactly(stream, 2 * size)
    assert data in (b"a" * size + b"b" * size, b"b" * size + b"a" * size)


async def test_closing_side_ends_the_other(ways: Streams) -> None:
    ended: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def until_end(hello: bytes, stream: ByteStream) -> None:
        ended.set_result(await stream.read(10))
        with pytest.raises(ConnectionError):
            await stream.write(b"late")

    await ways.listen(of("a"), until_end)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    await stream.close()
    assert await asyncio.wait_for(ended, WAIT_S) == b""
    with pytest.raises(ConnectionError):
        await stream.write(b"late")
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""


async def test_what_was_written_before_the_end_is_read(ways: Streams) -> None:
    async def speak(hello: bytes, stream: ByteStream) -> None:
        await stream.write(b"last words")

    await ways.listen(of("a"), speak)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    await asyncio.sleep(0.05)
    assert await read_exactly(stream, 10) == b"last words"
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    assert not stream.broken


async def test_what_is_abandoned_is_broken_for_the_other_side(ways: Streams) -> None:
    async def let_go(hello: bytes, stream: ByteStream) -> None:
        stream.abandon()
        await stream.close()

    await ways.listen(of("a"), let_go)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    assert stream.broken


async def test_close_wakes_a_waiting_writer(ways: Streams) -> None:
    async def idle(hello: bytes, stream: ByteStream) -> None:
        await asyncio.sleep(0.05)  # and never reads

    await ways.listen(of("a"), idle)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(stream.write(bytes(3 * STREAM_WINDOW_BYTES)), WAIT_S)


async def test_handler_that_writes_to_one_who_left_is_no_error(
    ways: Streams, error_logs: list[dict[str, object]]
) -> None:
    left = asyncio.Event()

    async def talk(hello: bytes, stream: ByteStream) -> None:
        await left.wait()
        await stream.write(b"are you there?")

    await ways.listen(of("a"), talk)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    await stream.close()
    left.set()
    await asyncio.sleep(0.05)
    assert error_logs == []


@pytest.mark.expects_errors
async def test_failing_stream_handler_ends_the_stream(
    ways: Streams, error_logs: list[dict[str, object]]
) -> None:
    async def broken(hello: bytes, stream: ByteStream) -> None:
        raise RuntimeError("broken")

    await ways.listen(of("a"), broken)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    assert len(error_logs) == 1


# --- much, and in bounds --------------------------------------------------------------------------


async def test_a_hundred_megabytes_go_both_ways_at_once_and_in_order(ways: Streams) -> None:
    """What is read is compared as it comes; numbers of eight bytes tell where it stands."""
    size = 100_000_000
    block = b"".join(number.to_bytes(8, "big") for number in range(8192))

    async def send(stream: ByteStream) -> None:
        sent = 0
        while sent < size:
            piece = block[: min(len(block), size - sent)]
            await stream.write(piece)
            sent += len(piece)

    async def take(stream: ByteStream) -> None:
        twice, taken = block + block, 0
        while taken < size:
            piece = await asyncio.wait_for(stream.read(len(block)), WAIT_S)
            assert piece, f"ended after {taken} bytes"
            at = taken % len(block)
            assert piece == twice[at : at + len(piece)], f"other bytes after {taken}"
            taken += len(piece)

    async def both(hello: bytes, stream: ByteStream) -> None:
        await asyncio.gather(send(stream), take(stream))
        await stream.read(1)  # until the other side has read all, too

    await ways.listen(of("much"), both)
    stream = await ways.dial(of("much"), b"", WAIT_S)
    await asyncio.gather(send(stream), take(stream))
    await stream.close()


async def test_who_reads_nothing_holds_up_one_direction_only(ways: Streams) -> None:
    """Both sides write more than a window; one side's words still come through."""
    heard = asyncio.Event()

    async def stubborn(hello: bytes, stream: ByteStream) -> None:
        writing = asyncio.create_task(stream.write(bytes(8 * STREAM_WINDOW_BYTES)))
        assert await read_exactly(stream, STREAM_WINDOW_BYTES * 3) == bytes(3 * STREAM_WINDOW_BYTES)
        heard.set()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)

    await ways.listen(of("a"), stubborn)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    await asyncio.wait_for(stream.write(bytes(3 * STREAM_WINDOW_BYTES)), WAIT_S)
    await asyncio.wait_for(heard.wait(), WAIT_S)
    await stream.close()


async def test_an_end_passes_what_is_not_read(ways: Streams) -> None:
    """Who closes is not held up by what waits, and the other side has all of it."""

    async def speak(hello: bytes, stream: ByteStream) -> None:
        await stream.write(b"x" * STREAM_WINDOW_BYTES)

    await ways.listen(of("a"), speak)
    stream = await ways.dial(of("a"), b"", WAIT_S)
    await asyncio.sleep(0.05)
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(stream.write(bytes(3 * STREAM_WINDOW_BYTES)), WAIT_S)
    assert await read_exactly(stream, STREAM_WINDOW_BYTES) == b"x" * STREAM_WINDOW_BYTES
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""


# --- lines that break -----------------------------------------------------------------------------


@pytest.fixture(params=["direct", "tunnel"])
async def lines(request: pytest.FixtureRequest) -> AsyncIterator[Ends]:
    async with ends(request.param) as both:
        yield both


def carrier_of(stream: ByteStream) -> Any:
    assert isinstance(stream, LineStream)
    return stream._carrier


@pytest.mark.parametrize("side", ["near", "far"])
async def test_a_line_that_is_cut_ends_both_sides(lines: Ends, side: str) -> None:
    found: asyncio.Future[ByteStream] = asyncio.get_running_loop().create_future()
    ended: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def until_end(hello: bytes, stream: ByteStream) -> None:
        await stream.write(b"before")
        found.set_result(stream)
        ended.set_result(await stream.read(10))

    await lines.host.listen(of("a"), until_end)
    stream = await lines.server.dial(of("a"), b"", WAIT_S)
    far = await asyncio.wait_for(found, WAIT_S)
    assert await read_exactly(stream, 6) == b"before"
    carrier_of(stream if side == "near" else far).abort()
    assert await asyncio.wait_for(ended, WAIT_S) == b""
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    assert stream.broken
    with pytest.raises(ConnectionError):
        await stream.write(b"late")


@pytest.mark.parametrize("deaf", ["near", "far"])
async def test_a_side_that_is_half_dead_is_noticed(
    lines: Ends, deaf: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It neither reads nor writes nor closes: its connection stands."""
    monkeypatch.setattr(line_stream, "BEAT_S", 0.05)
    found: asyncio.Future[LineStream] = asyncio.get_running_loop().create_future()

    async def wait(hello: bytes, stream: ByteStream) -> None:
        assert isinstance(stream, LineStream)
        found.set_result(stream)
        await stream.read(10)

    await lines.host.listen(of("a"), wait)
    near = await lines.server.dial(of("a"), b"", WAIT_S)
    far = await asyncio.wait_for(found, WAIT_S)
    assert isinstance(near, LineStream)
    dead, living = (near, far) if deaf == "near" else (far, near)
    dead._timer.cancel()
    dead.feed = lambda data: None  # type: ignore[method-assign]
    assert await asyncio.wait_for(living.read(10), WAIT_S) == b""
    with pytest.raises(ConnectionError):
        await living.write(b"?")


async def test_a_reader_who_rests_for_long_keeps_his_stream(
    lines: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is full and still is not dead."""
    monkeypatch.setattr(line_stream, "BEAT_S", 0.02)

    async def pour(hello: bytes, stream: ByteStream) -> None:
        await stream.write(bytes(2 * STREAM_WINDOW_BYTES))

    await lines.host.listen(of("a"), pour)
    stream = await lines.server.dial(of("a"), b"", WAIT_S)
    await asyncio.sleep(0.3)
    assert isinstance(stream, LineStream)
    assert stream.held_bytes == STREAM_WINDOW_BYTES
    await read_exactly(stream, 2 * STREAM_WINDOW_BYTES)


# --- over NATS ------------------------------------------------------------------------------------


async def dialled(ways: Streams, subject: str) -> ByteStream:
    """Once the NATS server has heard from the host that it serves the subject."""
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                return await ways.dial(subject, b"hello", WAIT_S)
            except Unavailable:
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("way", ["direct", "tunnel"])
async def test_streams_are_settled_over_nats(bus_stage: BusStage, way: str) -> None:
    """With the rights that a host has there, which are for its own subjects."""
    site, host = await bus_stage.site(), await bus_stage.host(MACHINE)
    async with ends(way, control=site, host_control=host) as both:
        site.carry_streams(both.server)
        host.carry_streams(both.host)
        await host.listen(of("echo"), echo)
        stream = await dialled(site, of("echo"))
        assert isinstance(stream, LineStream)
        await stream.write(b" there")
        assert await read_exactly(stream, 11) == b"hello there"
        await stream.close()
        with pytest.raises(Unavailable):
            await site.dial(of("nobody"), b"", 1.0)
