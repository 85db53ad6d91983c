from __future__ import annotations

import os
import queue
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from footlight.cli import viewer_port
from footlight.cli.viewer_port import HOST, ViewerPort, owner_of, relay


class Display:
    """A display that says what is put into `says` and keeps what it hears; None in `says` is its end."""

    def __init__(self) -> None:
        self.says: queue.Queue[bytes | ConnectionClosed | None] = queue.Queue()
        self.heard: queue.Queue[bytes] = queue.Queue()

    def send(self, message: bytes) -> None:
        self.heard.put(message)

    def close(self) -> None:
        self.says.put(None)

    def __iter__(self) -> Iterator[str | bytes]:
        while (said := self.says.get(timeout=10)) is not None:
            if isinstance(said, ConnectionClosed):
                raise said
            yield said


def _relayed(display: Display) -> tuple[socket.socket, Any]:
    viewer, ours = socket.socketpair()
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(relay(ours, display)))
    thread.start()

    def ended() -> Any:
        thread.join(10)
        return found[0]

    return viewer, ended


def test_bytes_go_both_ways_until_the_viewer_leaves() -> None:
    display = Display()
    viewer, ended = _relayed(display)
    display.says.put(b"RFB 003.008\n")
    assert viewer.recv(100) == b"RFB 003.008\n"
    viewer.sendall(b"hello")
    assert display.heard.get(timeout=10) == b"hello"
    viewer.close()
    assert ended() is None


def test_the_viewer_goes_when_the_display_ends() -> None:
    display = Display()
    viewer, ended = _relayed(display)
    why = ConnectionClosedError(None, None)
    display.says.put(why)
    assert viewer.recv(100) == b""
    assert ended() is why
    viewer.close()


def test_one_viewer_of_the_same_user_and_no_other() -> None:
    listening = ViewerPort()
    address = (HOST, listening.port)
    with socket.create_connection(address) as first:
        assert owner_of(first.getsockname()[1], address[1]) == os.getuid()
        viewer = listening.viewer(10)
        assert viewer is not None
        with viewer, pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)


def test_a_program_of_another_user_is_not_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer_port, "owner_of", lambda port, peer: os.getuid() + 1)
    listening = ViewerPort()
    with socket.create_connection((HOST, listening.port)) as stranger:
        assert listening.viewer(0.1) is None
        assert stranger.recv(1) == b""


def test_who_is_not_there_has_no_owner() -> None:
    assert owner_of(1, 2) == -1
