"""What a viewer's clipboard messages carry, followed beside the stream: no I/O, and nothing of the stream is changed.

Source: RFC 6143 section 7.5.6; the RFB community specification, "Extended Clipboard Pseudo-Encoding": a provide
message is flags, then zlib of one `u32 size, bytes` for each format whose bit is set, of which bit 0 is text.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import Literal

from footlight.rfb import clipboard
from footlight.rfb.viewer import Kind, Piece, ViewerParser

LONGEST_TEXT = 8000  # characters
MOST_BYTES = 16 * 1024 * 1024
FORMATS = ("text", "rtf", "html", "dib", "files")  # by bit


@dataclass(frozen=True)
class Carried:
    """A clipboard message. `in`: the viewer gives something to the session; `out`: it asks for what the session has.
    `size` and `sha256` are of the text, None where they are not known; `text` is its beginning."""

    direction: Literal["in", "out"]
    formats: tuple[str, ...]
    size: int | None = None
    sha256: str | None = None
    text: str | None = None


class CutTexts:
    """Fed with what a viewer sends. After what it can't follow it says nothing more."""

    def __init__(self) -> None:
        self._viewer = ViewerParser()
        self._over = False
        self._start = b""
        self._left = 0
        self._content: _Content | None = None

    def feed(self, data: bytes) -> list[Carried]:
        """The clipboard messages that are whole now."""
        if self._over:
            return []
        pieces, refused = self._viewer.feed(data)
        self._over = refused is not None
        found = [self._take(piece) for piece in pieces if piece.kind is Kind.CUT_TEXT]
        return [one for one in found if one is not None]

    def _take(self, piece: Piece) -> Carried | None:
        data = piece.data
        if piece.begins:
            self._start, data = piece.data, b""
            (length,) = struct.unpack_from(">i", piece.data, 4)
            self._left = abs(length) - (len(piece.data) - clipboard.HEAD_BYTES)
            self._content = _Content(packed=length < 0)
        if self._content is None:
            return None
        self._left -= len(data)
        self._content.add(data)
        if self._left > 0:
            return None
        content, self._content = self._content, None
        return _carried(self._start, content)


class _Content:
    """A text as it comes, packed or plain."""

    def __init__(self, *, packed: bool) -> None:
        self._unpack = zlib.decompressobj() if packed else None
        self._head = bytearray()  # u32 size, of a packed one
        self._wanted: int | None = None if packed else MOST_BYTES
        self._hash = hashlib.sha256()
        self._front = bytearray()
        self._size = 0
        self._broken = False

    def add(self, data: bytes) -> None:
        """What came; all of it is read, MOST_BYTES of it at most are unpacked."""
        while data and not self._broken:
            if self._unpack is None:
                self._plain(data)
                return
            try:
                self._plain(self._unpack.decompress(data, 64 * 1024))
            except zlib.error:
                self._broken = True
                return
            data = self._unpack.unconsumed_tail
            if self._size > MOST_BYTES or self._done:
                return

    @property
    def _done(self) -> bool:
        return self._wanted is not None and self._size >= self._wanted

    def _plain(self, data: bytes) -> None:
        if self._wanted is None:
            missing = 4 - len(self._head)
            self._head += data[:missing]
            data = data[missing:]
            if len(self._head) < 4:
                return
            (self._wanted,) = struct.unpack(">I", self._head)
        data = data[: max(0, self._wanted - self._size)]
        if self._unpack is not None and self._size + len(data) == self._wanted:
            data = data.removesuffix(b"\0")  # which ends every text there
            self._wanted = self._size + len(data)
        self._size += len(data)
        self._hash.update(data)
        self._front += data[: max(0, 4 * LONGEST_TEXT - len(self._front))]

    def carried(self, formats: tuple[str, ...]) -> Carried:
        """What it was."""
        if self._broken or self._wanted is None or "text" not in formats:
            return Carried("in", formats)
        encoding = "latin-1" if self._unpack is None else "utf-8"
        text = bytes(self._front).decode(encoding, errors="replace")[:LONGEST_TEXT]
        return Carried("in", formats, self._size, self._hash.hexdigest(), text)


def _carried(start: bytes, content: _Content) -> Carried | None:
    (length,) = struct.unpack_from(">i", start, 4)
    if length >= 0:
        return content.carried(("text",))
    if len(start) < clipboard.HEAD_BYTES + clipboard.FLAGS_BYTES:
        return None
    (flags,) = struct.unpack_from(">I", start, clipboard.HEAD_BYTES)
    formats = tuple(name for bit, name in enumerate(FORMATS) if flags & 1 << bit)
    if flags & clipboard.CAPS:
        return None
    if flags & clipboard.PROVIDE:
        return content.carried(formats)
    return Carried("out", formats) if flags & clipboard.REQUEST else None
