from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from footlight.agent.figure_door import LONGEST_HEAD_BYTES, FigureDoor
from footlight.errors import Invalid
from footlight.wire.host import HostFigures


@pytest.fixture
async def door() -> AsyncIterator[FigureDoor]:
    door = FigureDoor(lambda: HostFigures(viewers=3))
    await door.open("127.0.0.1:0")
    yield door
    await door.close()


async def said(door: FigureDoor, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(request)
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


async def test_the_page_tells_the_hosts_figures(door: FigureDoor) -> None:
    head, _, body = (await said(door, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")).partition(
        b"\r\n\r\n"
    )
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Type: text/plain; version=0.0.4" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"footlight_host_viewers 3\n" in body
    assert b"process_cpu_seconds_total" in body


@pytest.mark.parametrize("request_line", [b"GET / HTTP/1.1", b"POST /metrics HTTP/1.1", b"x", b""])
async def test_there_is_nothing_else(door: FigureDoor, request_line: bytes) -> None:
    assert (await said(door, request_line + b"\r\n\r\n")).startswith(b"HTTP/1.1 404")


async def test_a_head_without_end_is_cut_off(door: FigureDoor) -> None:
    assert await said(door, b"GET /metrics" + b"x" * 4 * LONGEST_HEAD_BYTES) == b""


async def test_a_place_that_is_taken_is_told(door: FigureDoor) -> None:
    with pytest.raises(Invalid, match="cannot listen"):
        await FigureDoor(HostFigures).open(f"127.0.0.1:{door.port}")
