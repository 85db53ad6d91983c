from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from websockets.asyncio.client import connect

from footlight.api.line import LINE, Line, LineProtocol


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Says the line's round trip, whenever something comes."""
    await receive()
    await send({"type": "websocket.accept"})
    line: Line = scope["extensions"][LINE]
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": str(line.round_trip_s)})


@pytest.fixture
async def url() -> AsyncIterator[str]:
    config = uvicorn.Config(
        application, port=0, ws=LineProtocol, lifespan="off", log_config=None,
        ws_ping_interval=0.05, ws_ping_timeout=0.5,
    )  # fmt: skip
    server = uvicorn.Server(config)
    config.load()
    serving = asyncio.ensure_future(server.serve())
    async with asyncio.timeout(20):
        while not server.started:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/"
    server.should_exit = True
    await serving


async def test_applications_see_how_long_a_ping_takes(url: str) -> None:
    async with connect(url, proxy=None) as socket, asyncio.timeout(20):
        said = "None"
        while said == "None":
            await socket.send("?")
            said = str(await socket.recv())
            await asyncio.sleep(0.01)
        assert 0 <= float(said) < 20


HANDSHAKE = b"""GET / HTTP/1.1\r
Host: x\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
Sec-WebSocket-Version: 13\r
\r
"""


async def test_who_does_not_answer_pings_is_closed(url: str) -> None:
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    writer.write(HANDSHAKE)
    async with asyncio.timeout(20):
        said = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert said.startswith(b"HTTP/1.1 101")
    assert b"keepalive ping timeout" in said
