"""A keeper's door without a keeper."""

from __future__ import annotations

import json
import selectors
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.keeper_door import LONGEST_LINE_BYTES, MOST_CONNECTIONS, KeeperDoor


class Stage:
    """A door, its loop and its visitors."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "keeper.sock")
        self.selector = selectors.DefaultSelector()
        self.heard: list[bytes] = []
        self.door = KeeperDoor(self.path, self.selector, self._obey, lambda: {"state": "now"})
        self.visitors: list[socket.socket] = []

    def _obey(self, line: bytes) -> dict[str, Any]:
        self.heard.append(line)
        return {"heard": len(self.heard)}

    def visit(self) -> socket.socket:
        visitor = socket.socket(socket.AF_UNIX)
        visitor.settimeout(2)
        visitor.connect(self.path)
        self.visitors.append(visitor)
        self.turn()
        return visitor

    def turn(self) -> None:
        while ready := self.selector.select(0.02):
            for key, _ in ready:
                key.data()

    @staticmethod
    def lines(visitor: socket.socket) -> list[Any]:
        return [json.loads(line) for line in visitor.recv(65536).splitlines()]

    def close(self) -> None:
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
        self.selector.close()
        for visitor in self.visitors:
            visitor.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def test_a_visitor_is_greeted_and_each_line_answered(stage: Stage) -> None:
    visitor = stage.visit()
    assert stage.lines(visitor) == [{"state": "now"}]
    visitor.sendall(b"one\ntw")
    stage.turn()
    assert stage.lines(visitor) == [{"heard": 1}]
    visitor.sendall(b"o\nthree\n")
    stage.turn()
    assert stage.lines(visitor) == [{"heard": 2}, {"heard": 3}]
    assert stage.heard == [b"one", b"two", b"three"]


def test_all_are_told_and_one_that_left_is_forgotten(stage: Stage) -> None:
    first, second = stage.visit(), stage.visit()
    stage.door.tell({"state": "later"})
    for visitor in (first, second):
        assert stage.lines(visitor)[-1] == {"state": "later"}
    first.close()
    stage.turn()
    assert len(stage.door.connections) == 1
    stage.door.tell({"state": "last"})
    assert stage.lines(second) == [{"state": "last"}]


def test_one_that_does_not_read_holds_nobody_up(stage: Stage) -> None:
    deaf, good = stage.visit(), stage.visit()
    stage.lines(good)
    for number in range(2000):
        stage.door.tell({"state": "x" * 1000, "n": number})
        assert stage.lines(good)[-1]["n"] == number
    assert len(stage.door.connections) == 1
    deaf.close()


def test_a_line_without_end_is_cut_off(stage: Stage) -> None:
    visitor = stage.visit()
    visitor.setblocking(False)
    sent = 0
    while stage.door.connections and sent <= 2 * LONGEST_LINE_BYTES:
        try:
            sent += visitor.send(b"x" * 32_768)
        except BlockingIOError:
            pass
        except OSError:
            break
        stage.turn()
    assert not stage.door.connections
    assert stage.heard == []


def test_there_is_room_for_so_many(stage: Stage) -> None:
    for _ in range(MOST_CONNECTIONS):
        stage.visit()
    late = stage.visit()
    assert late.recv(10) == b""
    assert len(stage.door.connections) == MOST_CONNECTIONS
    stage.visitors[0].close()
    stage.turn()
    assert stage.lines(stage.visit()) == [{"state": "now"}]
