"""A receiver of webhooks on loopback, and webhooks that go to it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from footlight.caller import FULL_GRANT
from footlight.hooks import webhooks
from footlight.hooks.courier import Courier
from footlight.hooks.delivery import Post
from footlight.hooks.destination import Destinations
from footlight.wire.own import NewWebhook


@dataclass
class Receiver:
    """Answers with `answers` in turn, the last one for good."""

    port: int = 0
    answers: list[bytes] = field(default_factory=lambda: [b"HTTP/1.1 204 No Content\r\n\r\n"])
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=b"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._take(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        named = {
            line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in head[1:] if line
        }
        body = await reader.readexactly(int(named["content-length"]))
        self.lines.append(head[0])
        self.heads.append(named)
        self.bodies.append(body)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == b"silence":
            await reader.read()  # until the other side gives up
        elif answer == b"endless":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(b"x" * 65536)
                await writer.drain()
        else:
            writer.write(answer)
            await writer.drain()


def answer(status: int, head: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\n{head}\r\n".encode()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(made.take(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@pytest.fixture
async def post(tls: ssl.SSLContext) -> AsyncIterator[Post]:
    made = Post(Destinations.parse("public,127.0.0.0/8"), tls)
    yield made
    await made.close()


@dataclass
class Hooks:
    """A site with its courier, not started."""

    rooms: Any
    courier: Courier
    post: Post

    async def make(self, url: str, *events: str, by: Any = None, **members: Any) -> Any:
        wanted = NewWebhook(url=url, events=list(events), **members)
        by = by or self.rooms.admin
        return await self.rooms.store.write(
            lambda tx: webhooks.create(tx, by, wanted, self.post.destinations)
        )

    async def row(self, made: Any) -> Any:
        return await self.rooms.store.read(lambda c: webhooks.get(c, self.rooms.admin, made.id))

    async def deliveries(self, made: Any) -> Any:
        return await self.rooms.store.read(lambda c: webhooks.deliveries(c, made.id))

    async def emit(self, *changes: tuple[str, str]) -> None:
        def write(tx: Any) -> None:
            for kind, object_id in changes:
                tx.emit(kind, object_id)

        await self.rooms.store.write(write)


@pytest.fixture
async def hooks(rooms: Any, post: Post) -> AsyncIterator[Hooks]:
    def holder(connection: Any, account_id: str) -> Any:
        return rooms.admin if account_id == rooms.admin.account_id else None

    assert rooms.admin.grants == (FULL_GRANT,)
    courier = Courier(rooms.store, holder, rooms.clock, post, 3, lambda: 0.0)
    yield Hooks(rooms, courier, post)
    await courier.stop()


async def until(look: Callable[[], Awaitable[bool]] | Callable[[], bool]) -> None:
    for _ in range(1000):
        found = look()
        if (await found) if asyncio.iscoroutine(found) else found:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it does not come")
