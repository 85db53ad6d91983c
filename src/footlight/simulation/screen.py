"""The picture of a simulated session as an RFB server on a unix socket: what the recorder and viewers connect to in
place of an X server's. It runs only while somebody looks.

Source: RFC 6143; every update is sent in Raw encoding, which all clients take.
"""

from __future__ import annotations

import asyncio
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
from PIL import Image

from footlight.rfb.pixel import BGRX, PixelFormat
from footlight.rfb.viewer import Kind, ViewerParser
from footlight.simulation.picture import HEIGHT, WIDTH, Box, Scene, changes, draw
from footlight.tasks import cancel, spawn

REDRAW_S = 1.0
MESSAGE_S = 8.0
MOST_WAITING_BYTES = 16 * 1024 * 1024  # of a client that does not read: it is hung up on
_ALL: Box = (0, 0, WIDTH, HEIGHT)


class Screen:
    """One session's picture; `scene` tells what to draw now, with a message if one is up."""

    def __init__(self, scene: Callable[[str | None], Scene], folder: Path) -> None:
        self._scene = scene
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._redrawing: asyncio.Task[None] | None = None
        self._lighting = asyncio.Lock()
        self._watchers: set[_Watcher] = set()
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

    def _watcher(self) -> _Watcher:
        return _Watcher(self._watchers, lambda: self._picture)

    async def _redraw(self, shown: Image.Image) -> None:
        while True:
            await asyncio.sleep(REDRAW_S)
            before, shown = shown, draw(self._scene(self._said()))
            self._picture = shown
            boxes = changes(before, shown)
            for watcher in self._watchers:
                watcher.changed(boxes)


class _Watcher(asyncio.Protocol):
    """One client: handshake, then what it asks for."""

    def __init__(self, among: set[_Watcher], picture: Callable[[], Image.Image | None]) -> None:
        self._among = among
        self._picture = picture
        self._parser = ViewerParser()
        self._format = BGRX
        self._waits = False
        self._dirty: list[Box] = []
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._among.add(self)
        self._transport.write(b"RFB 003.008\n")

    def connection_lost(self, exc: Exception | None) -> None:
        self._among.discard(self)
        self._transport = None

    def hang_up(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        pieces, refused = self._parser.feed(data)
        for piece in pieces:
            self._take(piece.kind, piece.data)
        if refused is not None:
            self.hang_up()

    def changed(self, boxes: list[Box]) -> None:
        """The picture has changed there."""
        self._dirty += boxes
        if self._waits and self._dirty:
            self._send()

    def _take(self, kind: Kind, data: bytes) -> None:
        if self._transport is None:
            return
        match kind:
            case Kind.VERSION:
                self._transport.write(b"\x01\x01")  # one kind of security: none
            case Kind.SECURITY:
                self._transport.write(b"\x00\x00\x00\x00")
            case Kind.SHARED:
                name = b"simulated"
                size = struct.pack(">HH", WIDTH, HEIGHT)
                head = size + BGRX.pack() + len(name).to_bytes(4, "big")
                self._transport.write(head + name)
            case Kind.SET_PIXEL_FORMAT:
                self._format = PixelFormat.unpack(data[4:])
                if not self._format.true_colour or self._format.bits_per_pixel not in (8, 16, 32):
                    self.hang_up()
            case Kind.UPDATE_REQUEST:
                if not data[1]:
                    self._dirty = [_ALL]
                self._waits = True
                if self._dirty:
                    self._send()

    def _send(self) -> None:
        picture = self._picture()
        if self._transport is None or picture is None:
            return
        boxes = [_ALL] if _ALL in self._dirty else list(dict.fromkeys(self._dirty))
        self._dirty, self._waits = [], False
        out = [struct.pack(">BxH", 0, len(boxes))]
        for left, top, right, bottom in boxes:
            out.append(struct.pack(">HHHHi", left, top, right - left, bottom - top, 0))
            out.append(pixels(picture.crop((left, top, right, bottom)), self._format))
        self._transport.write(b"".join(out))
        if self._transport.get_write_buffer_size() > MOST_WAITING_BYTES:
            self.hang_up()


def pixels(picture: Image.Image, form: PixelFormat) -> bytes:
    """The pixels of an RGB picture in that true-colour format, row by row."""
    rgb = np.asarray(picture, dtype=np.uint32)
    order = ">" if form.big_endian else "<"
    packed = np.zeros(rgb.shape[:2], dtype=np.uint32)
    for channel, most, shift in (
        (0, form.red_max, form.red_shift),
        (1, form.green_max, form.green_shift),
        (2, form.blue_max, form.blue_shift),
    ):
        packed |= (rgb[:, :, channel] * most // 255) << shift
    return packed.astype(f"{order}u{form.bytes_per_pixel}").tobytes()
