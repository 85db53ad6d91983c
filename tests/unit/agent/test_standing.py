from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.agent.test_identity import identity

from footlight.agent.identity import HostFolder
from footlight.agent.standing import StandingWatch
from footlight.clock import SystemClock
from footlight.errors import Unavailable
from footlight.wire.enrolment import Standing


class Watched:
    def __init__(self, rooms: Any, tmp_path: Path) -> None:
        self.known = identity(rooms, tmp_path)
        self.folder = HostFolder(tmp_path / "agent")
        self.connected = False
        self.answer: Standing | None = None
        self.asked = 0
        self.moved: list[Any] = []
        self.watch = StandingWatch(
            self.folder, self.known, lambda: self.connected, SystemClock(), self._moved, self._ask
        )

    def _ask(self, *_: Any) -> Standing:
        self.asked += 1
        if self.answer is None:
            raise Unavailable("away")
        return self.answer

    async def _moved(self, newer: Any, again: bool) -> None:
        self.moved.append((newer, again))


@pytest.fixture
async def watched(rooms: Any, tmp_path: Path) -> Watched:
    return Watched(rooms, tmp_path)


def standing(how: str, servers: list[str] | None = None) -> Standing:
    return Standing(standing=how, now_ms=0, server_version="1", bus_servers=servers)


async def test_nobody_is_asked_while_the_bus_is_there(watched: Watched) -> None:
    watched.connected = True
    await watched.watch.look()
    watched.connected = False
    await watched.watch.look()  # a server that is away, too, says nothing
    assert watched.asked == 1


@pytest.mark.expects_errors
async def test_a_revoked_host_says_so_once(watched: Watched) -> None:
    watched.answer = standing("revoked")
    await watched.watch.look()
    await watched.watch.look()
    assert watched.moved == []


async def test_a_bus_that_has_moved_is_found(watched: Watched) -> None:
    watched.answer = standing("enrolled", watched.known.credentials.bus_servers)
    await watched.watch.look()
    assert watched.moved == []
    watched.answer = standing("enrolled", ["bus2.example.test:4222"])
    await watched.watch.look()
    await watched.watch.look()
    ((newer, again),) = watched.moved
    assert again
    assert newer.credentials.bus_servers == ["bus2.example.test:4222"]
    assert watched.folder.load() == newer
