"""A screen of one colour that speaks RFB, in place of an X server, and a desk to record it from."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.sealer_link import Sealer
from footlight.agent.sealing import Press
from footlight.agent.spool_room import SpoolBounds, SpoolRoom
from footlight.clock import SystemClock
from footlight.recording.format import NO_HEAD, Encoding
from footlight.recording.header import Header
from footlight.recording.writer import SegmentWriter
from footlight.rfb.client import VERSION
from footlight.rfb.pixel import BGRX
from footlight.wire.host import RecordingFacts

WIDTH, HEIGHT = 16, 8
SIDE = 256  # of the closed segment
_LENGTHS = {0: 19, 3: 9}


class ScreenServer:
    """Answers a full request at once and an incremental one when `change` was called since the last
    update. `requests` are the incremental flags of all requests so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.requests: list[bool] = []
        self.pixels: list[int] = []  # how many requests came before each one for a single pixel
        self.frozen = False
        self.connections = 0
        self.colour = 0
        self._changed = False
        self._waiting = False
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, self.path)

    async def stop(self) -> None:
        """Gone: the socket refuses from now on."""
        if self._server is not None:
            self._server.close()
            self.path.unlink(missing_ok=True)
        self.throw_out()
        await asyncio.sleep(0.01)  # the aborted transport closes in the next turns of the loop

    def throw_out(self) -> None:
        """Cut the connection."""
        if self._writer is not None:
            self._writer.transport.abort()

    def change(self, colour: int) -> None:
        """Another colour everywhere, reported as a change of the left half."""
        self.colour = colour
        self._changed = True
        self._answer(full=False)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writer = writer
        self._waiting = False
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(VERSION)
            await reader.readexactly(len(VERSION))
            writer.write(b"\x01\x01")
            await reader.readexactly(1)
            writer.write(bytes(4))
            await reader.readexactly(1)
            writer.write(struct.pack(">HH", WIDTH, HEIGHT) + BGRX.pack() + bytes(4))
            while True:
                await self._message(reader)
        writer.close()

    async def _message(self, reader: asyncio.StreamReader) -> None:
        kind = (await reader.readexactly(1))[0]
        if kind == 2:
            (count,) = struct.unpack(">xH", await reader.readexactly(3))
            await reader.readexactly(4 * count)
            return
        body = await reader.readexactly(_LENGTHS[kind])
        while self.frozen:  # noqa: ASYNC110 - a stopped process hears of nothing
            await asyncio.sleep(0.01)
        if kind == 3 and body[5:] == b"\x00\x01\x00\x01":
            self.pixels.append(len(self.requests))
            self._send(1, 1)
        elif kind == 3:
            self.requests.append(bool(body[0]))
            self._waiting = True
            self._answer(full=not body[0])

    def _answer(self, *, full: bool) -> None:
        if not self._waiting or self._writer is None or not (full or self._changed):
            return
        self._changed = False
        self._send(WIDTH if full else WIDTH // 2, HEIGHT)

    def _send(self, width: int, height: int) -> None:
        assert self._writer is not None
        self._waiting = False
        head = struct.pack(">BxHHHHHi", 0, 1, 0, 0, width, height, 0)
        self._writer.write(head + self.colour.to_bytes(4, "little") * (width * height))


@pytest.fixture
async def screen(tmp_path: Path) -> AsyncIterator[ScreenServer]:
    server = ScreenServer(tmp_path / "rfb")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def order(tmp_path: Path) -> BeginRecording:
    return BeginRecording(
        recording_id=str(uuid.uuid4()),
        session_id=str(uuid.uuid4()),
        rfb_path=str(tmp_path / "rfb"),
        site_id=str(uuid.uuid4()),
        user_name="TEST\\ada",
        machine_name="TEST\\HOST",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="TEST\\root",
        notify=False,
    )


@pytest.fixture
def reported() -> list[RecordingFacts]:
    """What the desk's recordings said of themselves."""
    return []


@pytest.fixture
def desk(tmp_path: Path, reported: list[RecordingFacts]) -> Iterator[Desk]:
    spool = tmp_path / "spool"
    spool.mkdir()
    with ThreadPoolExecutor(2) as pool, closing(Press()) as press:
        yield Desk(
            spool=spool,
            key=Ed25519PrivateKey.generate(),
            certificate=None,
            boot_id=b"bootboot",
            machine_boot="this boot",
            pool=pool,
            press=press,
            clock=SystemClock(),
            report=reported.append,
            room=SpoolRoom(spool, SpoolBounds(1 << 40, 0)),
        )


@pytest.fixture
def sealer() -> Iterator[Sealer]:
    sealer = Sealer()
    yield sealer
    sealer.close()
    assert sealer.pid is None


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """A closed segment of the same noise again and again, and its body's bytes."""
    some = "00000000-0000-0000-0000-000000000000"
    writer = SegmentWriter(Header(0, some, some, 1, 2, 0, NO_HEAD, bytes(32), bytes(8)), SIDE, SIDE)
    data = writer.begin()
    for number in range(30):
        colour = bytes([number, number, number, 0])
        data += writer.update(number, [(0, 0, SIDE, SIDE, Encoding.RAW, colour * SIDE * SIDE)])
        data += writer.flush()
    tail, closed = writer.close()
    path = tmp_path / "000000.open"
    path.write_bytes(data + tail)
    with path.open("rb") as file:
        yield file, closed.body_bytes


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[BinaryIO]:
    with (tmp_path / "sink").open("w+b") as file:
        yield file
