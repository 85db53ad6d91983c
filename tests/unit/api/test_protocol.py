from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from footlight.api import protocol
from footlight.api.protocol import MAX_HEAD_BYTES, HttpProtocol


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False
        self.aborted = False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def abort(self) -> None:
        self.aborted = True
        self.closed = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def echo(scope: Any, receive: Any, send: Any) -> None:
    size = 0
    while True:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    body = str(size).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def sent(*pieces: bytes) -> Wire:
    config = Config(echo, http=HttpProtocol, lifespan="off", log_config=None)
    config.load()
    wire = Wire()
    made = HttpProtocol(config=config, server_state=ServerState(), app_state={})
    made.connection_made(wire)
    for piece in pieces:
        if not wire.closed:
            made.data_received(piece)
    await asyncio.gather(*made.tasks)
    before_the_end = wire.closed
    made.connection_lost(None)
    wire.closed = before_the_end
    return wire


def refusal(wire: Wire) -> tuple[int, dict[str, Any]]:
    head, _, body = wire.written.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head
    assert b"citrix-transactionid: " in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    "nonsense", [b"\x00\x01", b"GET\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n", b"{}"]
)
async def test_what_is_no_http_is_refused_in_our_model(nonsense: bytes) -> None:
    wire = await sent(nonsense)
    status, error = refusal(wire)
    assert status == 400
    assert error["SdkErrorId"] == "InvalidArgument"
    assert wire.closed


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nX: ", b"GET /", b"GET / HTTP/1.1\r\n"])
async def test_an_endless_head_is_refused(start: bytes) -> None:
    wire = await sent(start, *[b"a" * 10_000] * 20)
    status, _ = refusal(wire)
    assert status == 431
    assert wire.closed


async def test_a_body_may_be_longer_than_a_head() -> None:
    size = MAX_HEAD_BYTES * 3
    head = f"POST / HTTP/1.1\r\ncontent-length: {size}\r\n\r\n".encode()
    wire = await sent(head[:7], head[7:], *[b"x" * (size // 3)] * 3)
    assert wire.written.endswith(b"\r\n\r\n" + str(size).encode())
    assert not wire.closed


async def connected() -> tuple[HttpProtocol, Wire]:
    config = Config(echo, http=HttpProtocol, lifespan="off", log_config=None)
    config.load()
    wire = Wire()
    made = HttpProtocol(config=config, server_state=ServerState(), app_state={})
    made.connection_made(wire)
    return made, wire


async def test_who_reads_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "STALLED_S", 0.02)
    made, wire = await connected()
    made.pause_writing()
    await asyncio.sleep(0.2)
    assert wire.aborted
    made.connection_lost(None)


async def test_who_reads_slowly_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "STALLED_S", 0.05)
    made, wire = await connected()
    made.pause_writing()
    made.resume_writing()
    made.pause_writing()
    made.connection_lost(None)
    await asyncio.sleep(0.2)
    assert not wire.aborted
