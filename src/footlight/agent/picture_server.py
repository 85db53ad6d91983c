"""A picture as an RFB server: what a client gets that is shown something else than an X server's screen.

Source: RFC 6143; every update is sent in Raw encoding, which all clients take.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import cast

import numpy as np
from PIL import Image

from footlight.rfb.pixel import BGRX, PixelFormat
from footlight.rfb.viewer import Kind, ViewerParser

READ_BYTES = 128 * 1024
MOST_WAITING_BYTES = 16 * 1024 * 1024  # of a client that does not read: it is hung up on
Box = tuple[int, int, int, int]  # left, top, right, bottom


class PictureServer(asyncio.Protocol):
    """One client: handshake, then what it asks for. Keys and the pointer are passed over."""

    def __init__(
        self,
        name: str,
        picture: Callable[[], Image.Image | None],
        among: set[PictureServer] | None = None,
    ) -> None:
        """`picture` is always of one size; None: there is none any more. `among`: is in it while connected."""
        self._name = name.encode()
        self._among = set() if among is None else among
        self._picture = picture
        self._parser = ViewerParser()
        self._format = BGRX
        self._waits = False
        self._dirty: list[Box] = []
        self._all = False
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
                picture = self._picture()
                if picture is None:
                    self.hang_up()
                    return
                head = struct.pack(">HH", *picture.size) + BGRX.pack()
                self._transport.write(head + len(self._name).to_bytes(4, "big") + self._name)
            case Kind.SET_PIXEL_FORMAT:
                self._format = PixelFormat.unpack(data[4:])
                if not self._format.true_colour or self._format.bits_per_pixel not in (8, 16, 32):
                    self.hang_up()
            case Kind.UPDATE_REQUEST:
                self._all = self._all or not data[1]
                self._waits = True
                if self._dirty or self._all:
                    self._send()

    def _send(self) -> None:
        picture = self._picture()
        if self._transport is None or picture is None:
            return
        boxes = [(0, 0, *picture.size)] if self._all else list(dict.fromkeys(self._dirty))
        self._dirty, self._all, self._waits = [], False, False
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
