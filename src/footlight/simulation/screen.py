"""The picture of a simulated session as an RFB server on a unix socket: what the recorder and viewers connect to in
place of an X server's. It runs only while somebody looks."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from footlight.agent.picture_server import PictureServer
from footlight.simulation.picture import Scene, changes, draw
from footlight.tasks import cancel, spawn

REDRAW_S = 1.0
MESSAGE_S = 8.0


class Screen:
    """One session's picture; `scene` tells what to draw now, with a message if one is up."""

    def __init__(self, scene: Callable[[str | None], Scene], folder: Path) -> None:
        self._scene = scene
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._redrawing: asyncio.Task[None] | None = None
        self._lighting = asyncio.Lock()
        self._watchers: set[PictureServer] = set()
        self._message: tuple[str, float] | None = None
        self._picture: Image.Image | None = None  # megabytes: only while it is lit

    async def light(self) -> Path:
        """Show it; the socket to look through. Lighting a lit one changes nothing."""
        path = self._folder / "x" / "rfb"
        async with self._lighting:
            if self._server is None:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.unlink(missing_ok=True)
                self._picture = draw(self._scene(self._said()))
                loop = asyncio.get_running_loop()
                self._server = await loop.create_unix_server(self._watcher, str(path))
                self._redrawing = spawn("simulated screen", self._redraw(self._picture))
        return path

    async def dim(self) -> None:
        """Nobody looks any more."""
        async with self._lighting:
            if self._server is None:
                return
            self._server.close()
            self._server = None
            await cancel(self._redrawing)
            for watcher in list(self._watchers):
                watcher.hang_up()
            self._picture = None
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    def say(self, text: str) -> None:
        """A message is up for MESSAGE_S."""
        self._message = (text, asyncio.get_running_loop().time() + MESSAGE_S)

    def _said(self) -> str | None:
        if self._message is None or self._message[1] < asyncio.get_running_loop().time():
            return None
        return self._message[0]

    def _watcher(self) -> PictureServer:
        return PictureServer("simulated", lambda: self._picture, self._watchers)

    async def _redraw(self, shown: Image.Image) -> None:
        while True:
            await asyncio.sleep(REDRAW_S)
            before, shown = shown, draw(self._scene(self._said()))
            self._picture = shown
            boxes = changes(before, shown)
            for watcher in self._watchers:
                watcher.changed(boxes)
