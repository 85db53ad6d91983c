from __future__ import annotations

import asyncio

import pytest

from footlight.bus.bus import ByteStream
from footlight.bus.inprocess import InProcessBus
from footlight.bus.inward import Inward
from footlight.bus.lines import Lines
from footlight.bus.outward import Outward
from footlight.bus.tunnel import TunnelDoor
from footlight.clock import SystemClock
from footlight.errors import Unavailable
from line_ground import MACHINE, ca, ends

SUBJECT = f"agent.{MACHINE}.echo"
WAIT_S = 60.0


async def echo(hello: bytes, stream: ByteStream) -> None:
    while data := await stream.read(65536):
        await stream.write(data)


async def test_each_side_does_what_it_is_for() -> None:
    control, clock = InProcessBus(), SystemClock()
    host = Lines(control, clock, inward=Inward(ca().trust()))
    server = Lines(control, clock, outward=Outward(ca().trust(), TunnelDoor(clock), ""))
    with pytest.raises(Unavailable):
        await host.dial(SUBJECT, b"", 1.0)
    with pytest.raises(Unavailable):
        await server.listen(SUBJECT, echo)


@pytest.mark.parametrize("way", ["direct", "tunnel"])
@pytest.mark.parametrize("side", ["server", "host"])
async def test_closing_ends_streams_and_registrations(way: str, side: str) -> None:
    async with ends(way) as both:
        await both.host.listen(SUBJECT, echo)
        stream = await both.server.dial(SUBJECT, b"", WAIT_S)
        await (both.server if side == "server" else both.host).close()
        assert await asyncio.wait_for(stream.read(10), WAIT_S) == b""
        assert stream.broken, "whoever is on it may come back"
        with pytest.raises(ConnectionError):
            await stream.write(b"late")
        with pytest.raises(Unavailable):
            await both.server.dial(SUBJECT, b"", 1.0)
