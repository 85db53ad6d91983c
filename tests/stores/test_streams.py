"""One suite for every way of streams (footlight.bus.bus: listen and dial): within the process, directly to a host's
listener, by a tunnel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import pytest

from footlight.bus.bus import ByteStream, Registration
from footlight.bus.inprocess import STREAM_WINDOW_BYTES, InProcessBus
from footlight.errors import Unavailable
from line_ground import MACHINE, ends

WAIT_S = 10.0


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
