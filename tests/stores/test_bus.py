"""The end of the bus in one process. Requests and posts: test_bus_messages.py; streams: test_streams.py."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from footlight.bus.bus import Bus, ByteStream
from footlight.bus.inprocess import InProcessBus
from footlight.errors import Unavailable

WAIT_S = 60.0


@pytest.fixture(params=["inprocess"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    made = {"inprocess": InProcessBus}[request.param]()
    yield made
    await made.close()


async def echo(hello: bytes, stream: ByteStream) -> None:
    await stream.write(hello)
    while data := await stream.read(65536):
        await stream.write(data)


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
