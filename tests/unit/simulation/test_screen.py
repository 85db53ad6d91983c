"""The screen's server against the product's own RFB client."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from footlight.agent.picture_server import pixels
from footlight.rfb.client import Client, Event, Ready, Update
from footlight.rfb.pixel import BGRX
from footlight.simulation import screen as module
from footlight.simulation.picture import HEIGHT, WIDTH, Scene, draw
from footlight.simulation.screen import Screen

LIMIT_S = 10.0


class Viewer:
    """A client on the screen's socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.client = Client()
        self.reader, self.writer = reader, writer

    async def event(self, kind: type[Event]) -> Event:
        async with asyncio.timeout(LIMIT_S):
            while True:
                self.writer.write(self.client.take_outgoing())
                for event in self.client.receive(await self.reader.read(1 << 20)):
                    if isinstance(event, kind):
                        return event


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fl-screen-") as name:  # short: it holds a socket
        yield Path(name) / "session"


@pytest.fixture
async def lit(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Screen, Callable[[int], None]]]:
    """A screen that is shown, and what moves its time."""
    monkeypatch.setattr(module, "REDRAW_S", 0.01)
    seconds = [5]
    shown = Screen(lambda said: Scene("a", "b", "c", seconds[0], None, said), folder)
    await shown.light()
    yield shown, lambda second: seconds.__setitem__(0, second)
    await shown.dim()


async def connect(folder: Path) -> Viewer:
    return Viewer(*await asyncio.open_unix_connection(str(folder / "x" / "rfb")))


async def leave(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def ends(reader: asyncio.StreamReader) -> None:
    """Returns when the other side has hung up."""
    async with asyncio.timeout(LIMIT_S):
        with contextlib.suppress(ConnectionResetError):
            while await reader.read(1 << 20):
                continue


async def test_a_client_sees_the_picture_and_its_changes(
    lit: tuple[Screen, Callable[[int], None]], folder: Path
) -> None:
    _, at = lit
    viewer = await connect(folder)
    ready = await viewer.event(Ready)
    assert isinstance(ready, Ready)
    assert (ready.width, ready.height) == (WIDTH, HEIGHT)
    viewer.client.request_update(incremental=False)
    update = await viewer.event(Update)
    assert isinstance(update, Update)
    (whole,) = update.rectangles
    assert whole.body == pixels(draw(Scene("a", "b", "c", 5)), BGRX)
    viewer.client.request_update(incremental=True)
    at(6)
    update = await viewer.event(Update)
    assert isinstance(update, Update)
    assert len(update.rectangles) >= 2
    assert sum(r.width * r.height for r in update.rectangles) < WIDTH * HEIGHT / 20
    await leave(viewer.writer)


async def test_a_message_comes_up(lit: tuple[Screen, Callable[[int], None]], folder: Path) -> None:
    shown, _ = lit
    viewer = await connect(folder)
    await viewer.event(Ready)
    viewer.client.request_update(incremental=False)
    await viewer.event(Update)
    shown.say("Please save")
    viewer.client.request_update(incremental=True)
    update = await viewer.event(Update)
    assert isinstance(update, Update)
    assert all(200 < r.y < 350 for r in update.rectangles)
    await leave(viewer.writer)


async def test_a_dark_screen_has_no_socket_and_hangs_up(
    lit: tuple[Screen, Callable[[int], None]], folder: Path
) -> None:
    shown, _ = lit
    viewer = await connect(folder)
    await viewer.event(Ready)
    assert await shown.light() == folder / "x" / "rfb"
    await shown.dim()
    assert not folder.exists()
    await ends(viewer.reader)
    await leave(viewer.writer)
    await shown.dim()


async def test_who_sends_nonsense_is_hung_up_on(
    lit: tuple[Screen, Callable[[int], None]], folder: Path
) -> None:
    reader, writer = await asyncio.open_unix_connection(str(folder / "x" / "rfb"))
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    await ends(reader)
    await leave(writer)
