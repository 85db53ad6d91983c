"""A client at an X server that is slow, mad, or none. A real one: tests/host/test_events.py."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from footlight.agent.events import x_client
from footlight.agent.events.x_client import XClient, get_property, read_property

ROOT = 0x123


def welcome() -> bytes:
    """The setup's answer: one screen, ids from 0x200000 on."""
    screen = struct.pack("<IIIIIHH", ROOT, 0, 0, 0, 0, 640, 480)
    body = struct.pack("<IIII", 0, 0x200000, 0x1FFFFF, 0) + struct.pack(
        "<HHBBBBBBBBI", 4, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0
    )
    body += b"Some" + screen
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<BxHHH", 1, 11, 0, len(body) // 4) + body


class Server:
    def __init__(self, folder: Path) -> None:
        self._listening = socket.socket(socket.AF_UNIX)
        self.path = str(folder / "X")
        self._listening.bind(self.path)
        self._listening.listen()
        self.events: list[bytes] = []
        self.ready = 0
        self.client = XClient(self.path, b"c" * 16, self._ready, self.events.append)
        self.line, _ = self._listening.accept()
        self.line.settimeout(5)
        assert self.line.recv(4096)[:1] == b"l"

    def _ready(self) -> None:
        self.ready += 1

    def say(self, data: bytes) -> None:
        self.line.sendall(data)
        self.client.look()

    def close(self) -> None:
        for one in (self._listening, self.line, self.client):
            one.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path)
    yield one
    one.close()


def test_let_in_however_it_is_cut(server: Server) -> None:
    for byte in welcome():
        assert server.ready == 0
        server.say(bytes([byte]))
    assert server.ready == 1
    assert (server.client.root, server.client.width, server.client.height) == (ROOT, 640, 480)
    assert server.client.new_id() == 0x200000
    assert server.client.is_servers_own(0x40000012)
    assert not server.client.is_servers_own(0x200001)


def test_refused(server: Server) -> None:
    reason = b"no such cookie  "
    with pytest.raises(PermissionError, match="no such cookie"):
        server.say(struct.pack("<BBHHH", 0, 14, 11, 0, 4) + reason)


def test_answers_find_their_questions_and_events_come_between(server: Server) -> None:
    server.say(welcome())
    answers: list[bytes | None] = []
    server.client.ask(get_property(1, 2, 100), answers.append)
    server.client.ask(get_property(1, 2, 100), answers.append)
    value = struct.pack("<BBHIIII12x", 1, 8, 1, 1, 31, 0, 4) + b"text"
    event = struct.pack("<BBHI24x", 28, 0, 1, 9)
    error = struct.pack("<BBH28x", 0, 3, 2)
    server.say(event + value + error)
    assert server.events == [event]
    assert read_property(answers[0]) == (31, 0, b"text")
    assert answers[1] is None
    assert read_property(None) is None


def test_an_answer_that_is_too_long_ends_it(server: Server) -> None:
    server.say(welcome())
    with pytest.raises(OSError, match="too long"):
        server.say(struct.pack("<BBHI24x", 1, 8, 1, 0x10000000))


def test_one_that_does_not_answer_or_read_ends_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.say(welcome())
    for _ in range(x_client.MOST_AWAITED):
        server.client.ask(get_property(1, 2, 100), lambda _: None)
    with pytest.raises(OSError, match="does not answer"):
        server.client.ask(get_property(1, 2, 100), lambda _: None)
    monkeypatch.setattr(x_client, "MOST_UNSENT_BYTES", 10)
    with pytest.raises(OSError, match="does not read"):
        server.client.tell(get_property(1, 2, 100))


def test_one_that_goes(server: Server) -> None:
    server.line.close()
    with pytest.raises(ConnectionError):
        server.client.look()
    with pytest.raises(FileNotFoundError):
        XClient(f"{server.path}.none", b"", lambda: None, lambda _: None)
