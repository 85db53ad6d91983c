"""Plays records onto a screen: what recording/ reads, drawn by rfb/."""

from __future__ import annotations

from footlight.recording.format import FormatError, RecordKind, unpack_screen
from footlight.recording.reader import Record, rectangles
from footlight.rfb.decoding import draw
from footlight.rfb.framebuffer import Framebuffer, Malformed


class Screen:
    """The recorded screen as of the last record fed. `picture` is None before the first screen
    record; it is drawn on in place, so copy what is to be kept."""

    def __init__(self) -> None:
        self.picture: Framebuffer | None = None

    def feed(self, record: Record) -> bool:
        """Play one record; whether the picture may have changed. Raises FormatError for bytes that do
        not hold, of which the picture may then show a part."""
        try:
            if record.kind == RecordKind.SCREEN:
                width, height = unpack_screen(record.payload)
                self.picture = Framebuffer(width, height)
                return True
            if record.kind == RecordKind.UPDATE:
                self._update(record.payload)
                return True
        except Malformed as error:
            raise FormatError(str(error)) from None
        return False

    def _update(self, payload: bytes) -> None:
        if self.picture is None:
            raise FormatError("update before the first screen record")
        for x, y, width, height, encoding, body in rectangles(payload):
            draw(self.picture, x, y, width, height, encoding, body)
