import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import feed as feeds
from footlight.agent.feed import Feed, connect, first_of
from footlight.rfb.client import Rectangle


class Listener:
    def __init__(self) -> None:
        self.updates: list[Sequence[Rectangle]] = []
        self.came = asyncio.Event()

    def on_update(self, rectangles: Sequence[Rectangle]) -> None:
        self.updates.append(rectangles)
        self.came.set()

    def on_resize(self) -> None:
        raise AssertionError

    async def next(self) -> Sequence[Rectangle]:
        async with asyncio.timeout(5):
            await self.came.wait()
        self.came.clear()
        return self.updates[-1]


async def connected(screen: Any) -> tuple[Feed, Listener]:
    listener = Listener()
    return await connect(str(screen.path), listener), listener


async def test_a_full_request_is_answered_an_incremental_one_waits(screen: Any) -> None:
    feed, listener = await connected(screen)
    assert feed.size == (16, 8)
    feed.ask_now(full=True)
    assert (await listener.next())[0].width == 16
    feed.ask()
    await asyncio.sleep(0.15)
    assert len(listener.updates) == 1
    screen.change(0xFF)
    assert (await listener.next())[0].width == 8
    feed.close()


async def test_only_the_next_request_waits(screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "UPDATE_INTERVAL_S", 0.2)
    feed, listener = await connected(screen)
    feed.ask()  # after quiet: at once
    async with asyncio.timeout(5):
        while not screen.requests:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.001)
    screen.change(1)
    await listener.next()
    feed.ask()
    feed.ask(full=True)  # takes the place of the one that waits
    screen.change(2)
    await asyncio.sleep(0.05)
    assert screen.requests == [True]
    await listener.next()
    assert screen.requests == [True, False]
    feed.close()


async def test_its_owner_says_how_long_a_request_waits(screen: Any) -> None:
    feed, listener = await connected(screen)
    feed.ask_now(full=True)
    await listener.next()
    asked = len(screen.requests)
    feed.wait_until(asyncio.get_running_loop().time() + 60)
    feed.ask()
    await asyncio.sleep(0.2)
    assert len(screen.requests) == asked
    feed.ask(full=True, within_s=0.01)
    await listener.next()
    assert screen.requests[asked:] == [False]
    feed.close()


async def test_a_lost_connection_says_why(screen: Any) -> None:
    feed, _ = await connected(screen)
    assert feed.live
    screen.throw_out()
    await first_of(feed.lost, timeout_s=5)
    assert "closed" in feed.lost.result()
    assert not feed.live
    feed.ask_now(full=True)
    feed.close()


async def test_who_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await connect(str(tmp_path / "nobody"), Listener())


async def test_who_speaks_something_else_is_refused(tmp_path: Path) -> None:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n")
        writer.close()

    server = await asyncio.start_unix_server(serve, tmp_path / "web")
    with pytest.raises(ConnectionAbortedError, match="protocol version"):
        await connect(str(tmp_path / "web"), Listener())
    server.close()
    await asyncio.sleep(0.01)


async def test_who_is_silent_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "HANDSHAKE_TIMEOUT_S", 0.05)
    over = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_unix_server(serve, tmp_path / "mute")
    with pytest.raises(TimeoutError):
        await connect(str(tmp_path / "mute"), Listener())
    server.close()
    over.set()
    await asyncio.sleep(0.01)
