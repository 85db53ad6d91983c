"""What passes between one viewer and the X server, both ways: bytes in, bytes out, no I/O.

A viewer that may do everything is relayed as it comes after the handshake. One that only looks, or whose clipboard is
restricted, is followed message by message; where text may not leave the session, so is what the X server sends.
"""

from __future__ import annotations

from footlight.rfb.clipboard import Policy, lets_out, viewer_may_send
from footlight.rfb.server import ServerParser, known_encodings
from footlight.rfb.viewer import PASSIVE, Kind, Piece, Refused, ViewerParser


class Passage:
    """The rules of one viewer, and where both of its streams stand."""

    def __init__(self, *, only_view: bool, clipboard: Policy) -> None:
        self._only_view = only_view
        self._policy = clipboard
        self._followed = only_view or clipboard != "both"
        self._viewer = ViewerParser()
        self._server = None if lets_out(clipboard) else ServerParser(clipboard)
        self._text_passes = False  # of the clipboard message that is under way
        self._asked = False  # for an update

    def from_viewer(self, data: bytes) -> tuple[bytes, Refused | None]:
        """What of it goes to the X server. The shared flag is always set: else the X server would be asked to throw
        the others out, the recorder among them."""
        if not self._followed and not self._viewer.in_handshake:
            return data, None
        pieces, refused = self._viewer.feed(data)
        passed = bytearray()
        for piece in pieces:
            if piece.kind is Kind.SET_PIXEL_FORMAT and self._server is not None and self._asked:
                return bytes(passed), Refused(0, "another pixel format after the first request")
            passed += self._let(piece)
        if not self._followed and not self._viewer.in_handshake:
            refused = None
            passed += self._viewer.rest()
        return bytes(passed), refused

    def from_server(self, data: bytes) -> tuple[bytes, Refused | None]:
        """What of it goes to the viewer."""
        return (data, None) if self._server is None else self._server.feed(data)

    def _let(self, piece: Piece) -> bytes:
        if piece.kind is Kind.SHARED:
            return b"\x01"
        if self._only_view and piece.kind not in PASSIVE:
            return b""
        if piece.kind is Kind.CUT_TEXT:
            if piece.begins:
                self._text_passes = viewer_may_send(self._policy, piece.data)
            return piece.data if self._text_passes else b""
        if self._server is not None:
            return self._followed_by(self._server, piece)
        return piece.data

    def _followed_by(self, server: ServerParser, piece: Piece) -> bytes:
        if piece.kind is Kind.SET_ENCODINGS:
            return known_encodings(piece.data)
        if piece.kind is Kind.SET_PIXEL_FORMAT:
            server.format_chosen(piece.data)
        elif piece.kind in (Kind.UPDATE_REQUEST, Kind.CONTINUOUS_UPDATES):
            self._asked = True
        return piece.data
