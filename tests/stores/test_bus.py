"""One suite for every carrier of streams (footlight.bus.bus). Requests and posts: test_bus_messages.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from footlight.bus.bus import Bus, ByteStream
from footlight.bus.inprocess import STREAM_WINDOW_BYTES, InProcessBus
from footlight.errors import Unavailable

WAIT_S = 10.0


@pytest.fixture(params=["inprocess"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    made = {"inprocess": InProcessBus}[request.param]()
    yield made
    await made.close()


async def echo(hello: bytes, stream: ByteStream) -> None:
    await stream.write(hello)
    while data := await stream.read(65536):
        await stream.write(data)


async def read_exactly(stream: ByteStream, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = await asyncio.wait_for(stream.read(count - len(data)), WAIT_S)
        assert piece, f"ended after {len(data)} of {count} bytes"
        data += piece
    return data


# --- streams --------------------------------------------------------------------------------------


async def test_stream_carries_hello_and_bytes_both_ways(bus: Bus) -> None:
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"hello", WAIT_S)
    assert await read_exactly(stream, 5) == b"hello"
    await stream.write(b"one")
    await stream.write(b"two")
    assert await read_exactly(stream, 6) == b"onetwo"
    await stream.close()
    await stream.close()


async def test_read_gives_no_more_than_asked(bus: Bus) -> None:
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"abcdef", WAIT_S)
    assert len(await asyncio.wait_for(stream.read(2), WAIT_S)) <= 2


async def test_dial_nobody_listens(bus: Bus) -> None:
    with pytest.raises(Unavailable):
        await bus.dial("nobody", b"", 1.0)
    registration = await bus.listen("echo", echo)
    await registration.close()
    with pytest.raises(Unavailable):
        await bus.dial("echo", b"", 1.0)


async def test_streams_of_one_subject_are_apart(bus: Bus) -> None:
    await bus.listen("echo", echo)
    first = await bus.dial("echo", b"1", WAIT_S)
    second = await bus.dial("echo", b"2", WAIT_S)
    await first.close()
    assert await read_exactly(second, 1) == b"2"
    await second.write(b"still")
    assert await read_exactly(second, 5) == b"still"


async def test_closing_a_registration_leaves_its_streams(bus: Bus) -> None:
    registration = await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"", WAIT_S)
    await registration.close()
    await stream.write(b"on")
    assert await read_exactly(stream, 2) == b"on"


async def test_writer_waits_for_a_reader_who_does_not_read(bus: Bus) -> None:
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

    await bus.listen("produce", produce)
    stream = await bus.dial("produce", b"", WAIT_S)
    await asyncio.sleep(0.2)
    assert 0 < accepted <= 2 * STREAM_WINDOW_BYTES
    held = accepted
    await asyncio.sleep(0.1)
    assert accepted == held
    await read_exactly(stream, total + total // 2)
    assert not release.is_set(), "one large write was accepted before it was read"
    await read_exactly(stream, total // 2)
    await asyncio.wait_for(release.wait(), WAIT_S)


async def test_writes_of_several_tasks_do_not_mix(bus: Bus) -> None:
    size = STREAM_WINDOW_BYTES + 1000

    async def two_writers(hello: bytes, stream: ByteStream) -> None:
        await asyncio.gather(stream.write(b"a" * size), stream.write(b"b" * size))

    await bus.listen("two", two_writers)
    stream = await bus.dial("two", b"", WAIT_S)
    data = await read_exactly(stream, 2 * size)
    assert data in (b"a" * size + b"b" * size, b"b" * size + b"a" * size)


async def test_closing_side_ends_the_other(bus: Bus) -> None:
    ended: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def until_end(hello: bytes, stream: ByteStream) -> None:
        ended.set_result(await stream.read(10))
        with pytest.raises(ConnectionError):
            await stream.write(b"late")

    await bus.listen("a", until_end)
    stream = await bus.dial("a", b"", WAIT_S)
    await stream.close()
    assert await asyncio.wait_for(ended, WAIT_S) == b""
    with pytest.raises(ConnectionError):
        await stream.write(b"late")
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""


async def test_what_was_written_before_the_end_is_read(bus: Bus) -> None:
    async def speak(hello: bytes, stream: ByteStream) -> None:
        await stream.write(b"last words")

    await bus.listen("a", speak)
    stream = await bus.dial("a", b"", WAIT_S)
    await asyncio.sleep(0.05)
    assert await read_exactly(stream, 10) == b"last words"
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""


async def test_close_wakes_a_waiting_writer(bus: Bus) -> None:
    async def idle(hello: bytes, stream: ByteStream) -> None:
        await asyncio.sleep(0.05)  # and never reads

    await bus.listen("a", idle)
    stream = await bus.dial("a", b"", WAIT_S)
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(stream.write(bytes(3 * STREAM_WINDOW_BYTES)), WAIT_S)


async def test_handler_that_writes_to_one_who_left_is_no_error(
    bus: Bus, error_logs: list[dict[str, object]]
) -> None:
    left = asyncio.Event()

    async def talk(hello: bytes, stream: ByteStream) -> None:
        await left.wait()
        await stream.write(b"are you there?")

    await bus.listen("a", talk)
    stream = await bus.dial("a", b"", WAIT_S)
    await stream.close()
    left.set()
    await asyncio.sleep(0.05)
    assert error_logs == []


@pytest.mark.expects_errors
async def test_failing_stream_handler_ends_the_stream(
    bus: Bus, error_logs: list[dict[str, object]]
) -> None:
    async def broken(hello: bytes, stream: ByteStream) -> None:
        raise RuntimeError("broken")

    await bus.listen("a", broken)
    stream = await bus.dial("a", b"", WAIT_S)
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    assert len(error_logs) == 1


# --- the end of the bus ---------------------------------------------------------------------------


async def test_close_ends_streams_requests_and_registrations(bus: Bus) -> None:
    started = asyncio.Event()

    async def never(payload: bytes) -> bytes:
        started.set()
        await asyncio.Event().wait()
        return b""

    await bus.serve("never", never)
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"", WAIT_S)
    waiting = asyncio.create_task(bus.request("never", b"", WAIT_S))
    await asyncio.wait_for(started.wait(), WAIT_S)
    await bus.close()
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
    with pytest.raises(Unavailable):
        await asyncio.wait_for(waiting, WAIT_S)
    with pytest.raises(Unavailable):
        await bus.request("never", b"", 1.0)
    with pytest.raises(Unavailable):
        await bus.dial("echo", b"", 1.0)


async def test_stream_dialled_right_before_close_ends(bus: Bus) -> None:
    await bus.listen("echo", echo)
    stream = await bus.dial("echo", b"", WAIT_S)
    await bus.close()  # the listener's task has not had its first step
    assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
