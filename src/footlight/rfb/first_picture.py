"""Finds, in what a server sends, the first update of the screen. Nothing is decoded.

Source: RFC 6143 sections 7.1 and 7.3 (version 3.8 with security type None), 7.6; the community's RFB specification for
fences (248) and the end of continuous updates (150).
"""

from __future__ import annotations

_VERSION_BYTES = 12
_RESULT_BYTES = 4
_INIT_BYTES = 24  # of ServerInit, before the name
_UPDATE, _COLOURS, _BELL, _CUT_TEXT, _END_CONTINUOUS, _FENCE = 0, 1, 2, 3, 150, 248
MOST_BYTES = 256 * 1024  # what may come before; a server that says more is not understood


class FirstPicture:
    """Fed with the stream's bytes from its beginning, in pieces of any size."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._given_up = False

    def feed(self, data: bytes) -> bool:
        """Whether the first update begins in what came until now. Do not call it again after that."""
        if self._given_up:
            return False
        self._held += data
        at = self._begin_of_messages()
        while at is not None and at < len(self._held):
            if self._held[at] == _UPDATE:
                return True
            at = self._after_message(at)
        if len(self._held) > MOST_BYTES:
            self._give_up()
        return False

    def _begin_of_messages(self) -> int | None:
        """Behind ServerInit; None while it is not there."""
        at = _VERSION_BYTES
        types = self._number(at, 1)
        if types is None:
            return None
        at += 1 + types + _RESULT_BYTES
        name = self._number(at + _INIT_BYTES - 4, 4)
        return None if name is None else at + _INIT_BYTES + name

    def _after_message(self, at: int) -> int | None:
        """Where the next message begins; None while that is not known."""
        kind = self._held[at]
        if kind in (_BELL, _END_CONTINUOUS):
            return at + 1
        if kind == _COLOURS:
            count = self._number(at + 4, 2)
            return None if count is None else at + 6 + 6 * count
        if kind == _CUT_TEXT:
            length = self._number(at + 4, 4)
            # Negative: text in the extended form, of that length.
            return None if length is None else at + 8 + min(length, (1 << 32) - length)
        if kind == _FENCE:
            length = self._number(at + 8, 1)
            return None if length is None else at + 9 + length
        self._give_up()
        return None

    def _number(self, at: int, size: int) -> int | None:
        piece = self._held[at : at + size]
        return int.from_bytes(piece, "big") if len(piece) == size else None

    def _give_up(self) -> None:
        self._given_up = True
        self._held.clear()
