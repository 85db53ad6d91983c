"""The listener against whoever reaches its port."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from footlight.bus.line_frames import OPEN, frame
from footlight.bus.line_listener import GREETING, Bounds, LineListener
from footlight.bus.line_stream import LineStream
from footlight.bus.tickets import LIFE_S
from footlight.clock import FakeClock
from footlight.errors import Invalid
from line_ground import MACHINE, ca

WAIT_S = 60.0

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Ground:
    """A listener and the streams that it let in."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.clock = FakeClock()
        self.listener = LineListener(ca().presents(MACHINE), self.clock, bounds)
        self.taken: list[LineStream] = []

    def ticket(self) -> bytes:
        return self.listener.expect(self.taken.append).encode()

    async def connect(self, said: bytes) -> Line:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.listener.port, ssl=ca().trust(), server_hostname=MACHINE
        )
        writer.write(said)
        return reader, writer

    async def is_refused(self, said: bytes) -> bool:
        """Whether that is answered by an end, and by nothing before it."""
        reader, writer = await self.connect(said)
        try:
            return await asyncio.wait_for(reader.read(100), WAIT_S) == b""
        except ConnectionError:
            return True
        finally:
            writer.transport.abort()

    async def is_let_in(self, said: bytes) -> bool:
        reader, writer = await self.connect(said)
        try:
            return await asyncio.wait_for(reader.read(100), WAIT_S) == frame(OPEN)
        finally:
            writer.transport.abort()


@asynccontextmanager
async def ground(bounds: Bounds | None = None) -> AsyncIterator[Ground]:
    made = Ground(bounds)
    await made.listener.start("127.0.0.1", 0)
    yield made
    await made.listener.stop()


async def test_a_ticket_opens_one_stream() -> None:
    async with ground() as made:
        ticket = made.ticket()
        assert await made.is_let_in(GREETING + ticket + b"\n")
        assert len(made.taken) == 1
        assert await made.is_refused(GREETING + ticket + b"\n")
        assert len(made.taken) == 1


async def test_a_ticket_counts_for_seconds_and_until_withdrawn() -> None:
    async with ground() as made:
        expired, withdrawn = made.ticket(), made.ticket()
        made.listener.withdraw(withdrawn.decode())
        assert await made.is_refused(GREETING + withdrawn + b"\n")
        made.clock.advance(int(LIFE_S * 1000))
        assert await made.is_refused(GREETING + expired + b"\n")


async def test_nothing_but_a_first_line_as_it_must_be_is_looked_at() -> None:
    async with ground() as made:
        good = made.ticket()
        for said in (
            b"\n",
            b"GET / HTTP/1.1\r\n\r\n",
            b"x" * 100_000,
            GREETING + b"0" * len(good) + b"\n",
            GREETING.lower() + good + b"\n",
            GREETING + good + b"0\n",
            GREETING + good + b"\n" + b"more",
        ):
            assert await made.is_refused(said), said[:50]
        assert made.taken == []
        assert await made.is_let_in(GREETING + good + b"\n")


async def test_a_first_line_may_come_in_pieces() -> None:
    async with ground() as made:
        line = GREETING + made.ticket() + b"\n"
        reader, writer = await made.connect(line[:30])
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(line[30:])
        assert await asyncio.wait_for(reader.read(100), WAIT_S) == frame(OPEN)
        writer.transport.abort()


async def test_who_says_nothing_is_cut_off_before_and_after_the_handshake() -> None:
    async with ground(Bounds(admit_s=0.2)) as made:
        reader, writer = await made.connect(b"")
        plain_reader, plain = await asyncio.open_connection("127.0.0.1", made.listener.port)
        for one in (reader, plain_reader):
            try:
                assert await asyncio.wait_for(one.read(1), WAIT_S) == b""
            except ConnectionError:
                continue
        assert made.listener.half_open == 0
        writer.close()
        plain.close()


async def test_those_who_hold_all_places_make_room_for_one_with_a_ticket() -> None:
    bounds = Bounds(admit_s=30, most=8, spared_s=0.05)
    async with ground(bounds) as made:
        holders = []
        for _ in range(20):
            one = socket.create_connection(("127.0.0.1", made.listener.port))
            one.sendall(b"\x16\x03\x01")  # the beginning of a handshake, and no more
            holders.append(one)
        assert await made.is_let_in(GREETING + made.ticket() + b"\n")
        assert made.listener.half_open <= bounds.most
        for one in holders:
            one.close()


async def test_old_tls_is_not_spoken() -> None:
    presents = ca().presents(MACHINE)
    LineListener(presents, FakeClock())
    assert presents.minimum_version >= ssl.TLSVersion.TLSv1_2


async def test_an_address_that_cannot_be_had() -> None:
    async with ground() as made:
        second = LineListener(ca().presents(MACHINE), FakeClock())
        with pytest.raises(Invalid, match="cannot listen"):
            await second.start("127.0.0.1", made.listener.port)
