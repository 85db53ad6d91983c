"""The demo's viewer against a scripted display."""

from __future__ import annotations

import struct
from collections import deque

import pytest
from websockets.exceptions import ConnectionClosedOK

from footlight.cli import demo_viewer
from footlight.cli.demo_viewer import LEFT_BUTTON, RETURN, Viewer, open_display
from footlight.cli.exits import Failed

WIDTH, HEIGHT = 64, 32
HANDSHAKE = (
    b"RFB 003.008\n",
    b"\x01\x01",
    b"\x00\x00\x00\x00",
    struct.pack(">HH16sI", WIDTH, HEIGHT, bytes(16), 4) + b"demo",
)


def update(width: int, height: int) -> bytes:
    """A FramebufferUpdate of one raw rectangle."""
    head = struct.pack(">BxHHHHHi", 0, 1, 0, 0, width, height, 0)
    return head + bytes(width * height * 4)


class ScriptedDisplay:
    """Gives what was scripted, then nothing; keeps what was sent."""

    def __init__(self, *messages: bytes | str | Exception) -> None:
        self.messages: deque[bytes | str | Exception] = deque(messages)
        self.sent = bytearray()

    def recv(self, timeout: float | None = None) -> str | bytes:
        if not self.messages:
            raise TimeoutError
        message = self.messages.popleft()
        if isinstance(message, Exception):
            raise message
        return message

    def send(self, message: bytes) -> None:
        self.sent += message

    def close(self) -> None:
        self.messages.clear()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_viewer, "KEY_PAUSE_S", 0)


def attached(*later: bytes | str | Exception) -> tuple[Viewer, ScriptedDisplay]:
    display = ScriptedDisplay(*HANDSHAKE, update(WIDTH, HEIGHT))
    viewer = Viewer(display)
    assert viewer.attach() == (WIDTH, HEIGHT)
    display.messages.extend(later)
    display.sent.clear()
    return viewer, display


def test_typing_presses_and_lets_go_of_each_key() -> None:
    viewer, display = attached()
    viewer.type("aB\n")
    keys = [struct.unpack_from(">BBxxI", display.sent, at) for at in range(0, 48, 8)]
    assert keys == [(4, down, key) for key in (97, 66, RETURN) for down in (1, 0)]


def test_a_drag_holds_the_button_from_start_to_end() -> None:
    viewer, display = attached()
    viewer.drag((10, 20), (58, 8))
    points = [
        struct.unpack_from(">BBHH", display.sent, at) for at in range(0, len(display.sent), 6)
    ]
    assert points[0] == (5, 0, 10, 20)
    assert points[1] == (5, LEFT_BUTTON, 10, 20)
    assert points[-2] == (5, LEFT_BUTTON, 58, 8)
    assert points[-1] == (5, 0, 58, 8)
    assert {buttons for _, buttons, _, _ in points[1:-1]} == {LEFT_BUTTON}


def test_changes_are_counted_since_the_last_wait() -> None:
    viewer, display = attached(update(10, 10), update(10, 10))
    viewer.await_change(WIDTH * HEIGHT + 200, "no")
    display.messages.append(update(4, 4))
    with pytest.raises(Failed, match="the menu: only 16 pixels"):
        viewer.await_change(17, "the menu", within_s=0.05)


def test_every_update_is_followed_by_a_request() -> None:
    viewer, display = attached(update(1, 1))
    viewer.await_change(1, "no")
    assert bytes(display.sent) == struct.pack(">BBHHHH", 3, 1, 0, 0, WIDTH, HEIGHT)


def test_a_display_without_a_picture_is_given_up() -> None:
    with pytest.raises(Failed, match="no picture"):
        Viewer(ScriptedDisplay(*HANDSHAKE)).attach(within_s=0.05)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"\x63", "broke off"),
        ("text", "sent text"),
        (ConnectionClosedOK(None, None), "was closed"),
    ],
)
def test_a_display_that_goes_wrong_is_named(message: bytes | str | Exception, reason: str) -> None:
    viewer, _ = attached(message)
    with pytest.raises(Failed, match=reason):
        viewer.await_change(10**9, "no", within_s=1)


def test_a_display_that_cannot_be_opened_is_named() -> None:
    opened = open_display("http://127.0.0.1:9", "/display", "ticket", None)
    with pytest.raises(Failed, match="cannot be opened"), opened:
        pass


def test_changes_are_counted_once() -> None:
    viewer, display = attached()
    viewer.changes(0.01)
    display.messages.extend([update(4, 4), update(2, 1)])
    assert viewer.changes(0.01) == 18
    assert viewer.changes(0.01) == 0
