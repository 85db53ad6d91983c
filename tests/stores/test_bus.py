"""One suite for every transport of the bus (footlight.bus.bus). Its streams: test_streams.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from footlight.bus.bus import Bus, ByteStream
from footlight.bus.inprocess import InProcessBus
from footlight.errors import NotFound, Unavailable

WAIT_S = 10.0


@pytest.fixture(params=["inprocess"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    made = {"inprocess": InProcessBus}[request.param]()
    yield made
    await made.close()


async def shout(payload: bytes) -> bytes:
    return payload.upper()


async def echo(hello: bytes, stream: ByteStream) -> None:
    await stream.write(hello)
    while data := await stream.read(65536):
        await stream.write(data)


# --- requests -------------------------------------------------------------------------------------


async def test_request_brings_the_answer(bus: Bus) -> None:
    await bus.serve("a", shout)
    assert await bus.request("a", b"hi", WAIT_S) == b"HI"
    assert await bus.request("a", b"", WAIT_S) == b""


async def test_subjects_are_apart(bus: Bus) -> None:
    async def other(payload: bytes) -> bytes:
        return b"other"

    await bus.serve("a.b", shout)
    await bus.serve("a", other)
    assert await bus.request("a.b", b"hi", WAIT_S) == b"HI"
    assert await bus.request("a", b"hi", WAIT_S) == b"other"


async def test_request_nobody_serves(bus: Bus) -> None:
    with pytest.raises(Unavailable):
        await bus.request("nobody", b"", 1.0)


async def test_request_after_registration_closed(bus: Bus) -> None:
    registration = await bus.serve("a", shout)
    await registration.close()
    await registration.close()
    with pytest.raises(Unavailable):
        await bus.request("a", b"", 1.0)


async def test_closing_an_old_registration_keeps_the_new_one(bus: Bus) -> None:
    async def newer(payload: bytes) -> bytes:
        return b"newer"

    old = await bus.serve("a", shout)
    await bus.serve("a", newer)
    await old.close()
    assert await bus.request("a", b"", WAIT_S) == b"newer"


async def test_silence_is_unavailable_and_the_handler_goes_on(bus: Bus) -> None:
    gate, finished = asyncio.Event(), asyncio.Event()

    async def slow(payload: bytes) -> bytes:
        await gate.wait()
        finished.set()
        return b""

    await bus.serve("slow", slow)
    with pytest.raises(Unavailable, match="slow"):
        await bus.request("slow", b"", 0.05)
    gate.set()
    await asyncio.wait_for(finished.wait(), WAIT_S)


async def test_handler_survives_a_cancelled_caller(bus: Bus) -> None:
    started, gate, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(payload: bytes) -> bytes:
        started.set()
        await gate.wait()
        finished.set()
        return b""

    await bus.serve("slow", slow)
    caller = asyncio.create_task(bus.request("slow", b"", WAIT_S))
    await asyncio.wait_for(started.wait(), WAIT_S)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gate.set()
    await asyncio.wait_for(finished.wait(), WAIT_S)


@pytest.mark.expects_errors
@pytest.mark.parametrize("error", [RuntimeError("broken"), TimeoutError(), NotFound("no such")])
async def test_failing_handler_is_unavailable_and_logged(
    bus: Bus, error: Exception, error_logs: list[dict[str, object]]
) -> None:
    async def broken(payload: bytes) -> bytes:
        raise error

    await bus.serve("broken", broken)
    with pytest.raises(Unavailable, match="broken failed"):
        await bus.request("broken", b"", WAIT_S)
    assert [entry["subject"] for entry in error_logs] == ["broken"]


async def test_unavailable_of_the_handler_passes_with_its_message(bus: Bus) -> None:
    async def refusing(payload: bytes) -> bytes:
        raise Unavailable("the recorder is not up")

    await bus.serve("a", refusing)
    with pytest.raises(Unavailable, match="the recorder is not up"):
        await bus.request("a", b"", WAIT_S)


async def test_requests_run_side_by_side(bus: Bus) -> None:
    both = asyncio.Barrier(2)

    async def meet(payload: bytes) -> bytes:
        await both.wait()
        return payload

    await bus.serve("meet", meet)
    answers = await asyncio.gather(
        bus.request("meet", b"1", WAIT_S), bus.request("meet", b"2", WAIT_S)
    )
    assert answers == [b"1", b"2"]


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
