"""A viewer without a window: speaks RFB through a session's display door, types, clicks and drags,
and knows when the screen has answered."""

from __future__ import annotations

import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from footlight.cli.exits import Failed
from footlight.rfb.client import Client, Ready, Resized, Update
from footlight.rfb.client import Failed as Broken

RETURN = 0xFF0D
DOWN = 0xFF54
LEFT_BUTTON = 1
RIGHT_BUTTON = 4
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
KEY_PAUSE_S = 0.03
DRAG_STEPS = 24
PATIENCE_S = 60.0  # with a machine that has more to do than it can


class Channel(Protocol):
    """What carries RFB: a WebSocket's binary messages."""

    def recv(self, timeout: float | None = None) -> str | bytes:
        """The next message. Raises TimeoutError, ConnectionClosed."""
        ...

    def send(self, message: bytes) -> None:
        """Raises ConnectionClosed."""
        ...


@contextmanager
def open_display(base_url: str, path: str, ticket: str, ca_file: str | None) -> Iterator[Channel]:
    """A session's display by a one-time ticket. Raises Failed."""
    site = urlsplit(base_url)
    secure = site.scheme == "https"
    url = urlunsplit(
        ("wss" if secure else "ws", site.netloc, path, f"ticket={quote(ticket, safe='')}", "")
    )
    try:
        connection = connect(
            url,
            ssl=ssl.create_default_context(cafile=ca_file) if secure else None,
            compression=None,
            proxy=None,
            open_timeout=PATIENCE_S,
            max_size=MAX_MESSAGE_BYTES,
        )
    except (OSError, WebSocketException) as error:
        raise Failed(f"the display cannot be opened: {error}") from error
    with connection as channel:
        yield channel


class Viewer:
    """One attached viewer. Everything that waits is bounded and raises Failed when it was in vain."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._client = Client()
        self._is_ready = False
        self._changed_pixels = 0
        self._changed_at = time.monotonic()

    def attach(self, within_s: float = PATIENCE_S) -> tuple[int, int]:
        """Shake hands and fetch the first picture; width and height of the screen."""
        deadline = time.monotonic() + within_s
        while not (self._is_ready and self._changed_pixels):
            self._pump(deadline)
        return self._client.size

    def type(self, text: str) -> None:
        """Type ASCII text; a line feed is the Return key."""
        for character in text:
            self.press(RETURN if character == "\n" else ord(character))

    def press(self, keysym: int) -> None:
        """Press and let go of a key (an X keysym)."""
        for down in (1, 0):
            self._send(struct.pack(">BBxxI", 4, down, keysym))
        self._listen(KEY_PAUSE_S)

    def click(self, x: int, y: int, button: int = LEFT_BUTTON) -> None:
        """Press and let go of a button at a place."""
        for buttons in (0, button, 0):
            self._point(x, y, buttons)
            self._listen(KEY_PAUSE_S)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Move with the left button held, in small steps as a hand does."""
        self._point(*start, 0)
        for step in range(DRAG_STEPS + 1):
            x, y = (a + (b - a) * step // DRAG_STEPS for a, b in zip(start, end, strict=True))
            self._point(x, y, LEFT_BUTTON)
            self._listen(KEY_PAUSE_S)
        self._point(*end, 0)

    def await_change(self, pixels: int, what: str, within_s: float = PATIENCE_S) -> None:
        """Wait until at least so many pixels have changed since the last such wait, and then until
        the screen rests. Raises Failed, naming `what` did not happen."""
        deadline = time.monotonic() + within_s
        while self._changed_pixels < pixels:
            if time.monotonic() >= deadline:
                raise Failed(f"{what}: only {self._changed_pixels} pixels have changed")
            self._listen(0.1)
        self.rest(within_s)
        self._changed_pixels = 0

    def changes(self, seconds: float) -> int:
        """How many pixels change in so long, and have since the last wait."""
        self._listen(seconds)
        changed, self._changed_pixels = self._changed_pixels, 0
        return changed

    def rest(self, within_s: float, quiet_s: float = 0.5) -> None:
        """Wait until nothing has changed for a while, at most `within_s`."""
        deadline = time.monotonic() + within_s
        while time.monotonic() - self._changed_at < quiet_s and time.monotonic() < deadline:
            self._listen(0.1)

    def _listen(self, seconds: float) -> None:
        """Take in what comes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with suppress(TimeoutError):
                self._take(left)

    def _pump(self, deadline: float) -> None:
        """Take in one message. Raises Failed past the deadline."""
        left = deadline - time.monotonic()
        try:
            self._take(max(0.0, left))
        except TimeoutError:
            raise Failed("the display sends no picture") from None

    def _take(self, timeout_s: float) -> None:
        try:
            data = self._channel.recv(timeout=timeout_s)
        except ConnectionClosed as error:
            raise Failed(f"the display was closed: {error}") from error
        if isinstance(data, str):
            raise Failed("the display sent text")
        for event in self._client.receive(data):
            match event:
                case Ready():
                    self._is_ready = True
                    self._client.request_update(incremental=False)
                case Resized():
                    self._client.request_update(incremental=False)
                case Update(rectangles):
                    self._note(sum(r.width * r.height for r in rectangles if r.encoding >= 0))
                    self._client.request_update(incremental=True)
                case Broken(reason, offset):
                    raise Failed(f"the display broke off at byte {offset}: {reason}")
        if outgoing := self._client.take_outgoing():
            self._send(outgoing)

    def _note(self, pixels: int) -> None:
        if pixels:
            self._changed_pixels += pixels
            self._changed_at = time.monotonic()

    def _point(self, x: int, y: int, buttons: int) -> None:
        self._send(struct.pack(">BBHH", 5, buttons, x, y))

    def _send(self, message: bytes) -> None:
        try:
            self._channel.send(message)
        except ConnectionClosed as error:
            raise Failed(f"the display was closed: {error}") from error
