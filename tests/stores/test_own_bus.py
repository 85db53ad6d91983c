"""The NATS server of an embedded site, with its real process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from footlight.bus import subjects
from footlight.bus.credentials import BusKeys
from footlight.bus.inprocess import InProcessBus
from footlight.bus.joined import JoinedBus
from footlight.bus.nats import NatsBus
from footlight.bus.nkey import KeyPair
from footlight.clock import SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.errors import Unavailable
from footlight.own_bus import OwnBus, held

WAIT_S = 60.0
MACHINE = "aaaaaaaa-0000-4000-8000-000000000000"


class Carried:
    """Lines that carry nothing."""

    closed = False

    async def close(self) -> None:
        self.closed = True


class Stage:
    """The site's side of it: what hosts post, and who they are."""

    def __init__(self, folder: Path, bus: JoinedBus, own: OwnBus) -> None:
        self.data = DataDir(folder)
        self.bus = bus
        self.own = own
        self.carried: list[Carried] = []
        self.connected = asyncio.Event()
        self.taken: asyncio.Queue[bytes] = asyncio.Queue()

    def carry(self, remote: NatsBus) -> Any:
        self.carried.append(Carried())
        self.connected.set()
        return self.carried[-1]

    async def take(self, machine_id: str, payload: bytes) -> None:
        assert machine_id == MACHINE
        self.taken.put_nowait(payload)

    async def host(self) -> NatsBus:
        """Comes where hosts are told."""
        pair, keys = KeyPair.generate("user"), BusKeys.open(self.data.keys / "bus")
        jwt = keys.issue_agent(pair.public, MACHINE, SystemClock().now_ms() // 1000 + 3600)
        ca_pem = self.data.authority().pem.decode()
        return await NatsBus.connect(self.own.told(), jwt, pair.seed, ca_pem, MACHINE)

    async def says(self, host: NatsBus, words: bytes) -> None:
        """It is heard."""
        async with asyncio.timeout(WAIT_S):
            while True:
                try:
                    await host.post(subjects.of_host(MACHINE, subjects.REPORTS), words, WAIT_S)
                    break
                except Unavailable:
                    await asyncio.sleep(0.1)
            while (
                await self.taken.get() != words
            ):  # what was taken when the bus was killed comes again
                pass


@asynccontextmanager
async def site(
    folder: Path, *, wanted: Callable[[], bool] = bool, **options: Any
) -> AsyncIterator[Stage]:
    async def is_wanted() -> bool:
        return wanted()

    config = SiteConfig(data_dir=folder, **{"listen": "127.0.0.1:0", **options})
    bus = JoinedBus(InProcessBus())
    own = OwnBus(config, DataDir(folder), bus, is_wanted)
    stage = Stage(folder, bus, own)
    await bus.consume_hosts(subjects.REPORTS, stage.take)
    own.begin(stage.carry)
    try:
        yield stage
    finally:
        await own.close()
        await own.close()
        await bus.close()
    assert all(one.closed for one in stage.carried)


def server() -> psutil.Process | None:
    """Of this process."""
    children = psutil.Process().children()
    found = (one for one in children if one.name() == "nats-server")
    return next((one for one in found if one.status() != psutil.STATUS_ZOMBIE), None)


async def test_it_comes_when_it_is_asked_for_once_and_hosts_are_heard(tmp_path: Path) -> None:
    async with site(tmp_path) as stage:
        assert (stage.own.told(), stage.own.own(), server()) == ([], [], None)
        await asyncio.gather(*(stage.own.open() for _ in range(3)))
        assert len(stage.carried) == 1
        assert stage.own.told() == stage.own.own() != []
        host = await stage.host()
        await stage.says(host, b"here")
        os.kill(server().pid, signal.SIGKILL)  # type: ignore[union-attr]
        await stage.says(host, b"again")
        await host.close()
    assert server() is None


async def test_it_is_there_from_the_start_where_hosts_may_come_and_where_they_knew_it(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as stage:
        await stage.own.open()
        before = stage.own.told()
    async with site(tmp_path, wanted=lambda: True) as stage:
        await asyncio.wait_for(stage.connected.wait(), WAIT_S)  # though nobody asks
        await stage.own.open()
        assert stage.own.told() == before


async def test_what_is_in_its_way_is_said_and_when_that_is_gone_it_comes(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        there = f"127.0.0.1:{other.getsockname()[1]}"
        async with site(tmp_path, wanted=lambda: True, bus_listen=there) as stage:
            with pytest.raises(Unavailable, match="address already in use"):
                await stage.own.open()
            assert stage.own.own() == []
            other.close()
            await asyncio.wait_for(stage.connected.wait(), WAIT_S)
            await stage.own.open()
            assert stage.own.told() == [there]


async def test_another_bus_on_the_folder_is_left_alone(tmp_path: Path) -> None:
    async with site(tmp_path) as stage:
        with held(tmp_path / "bus"), pytest.raises(Unavailable, match="bus_url"):
            await stage.own.open()
        await stage.own.open()


async def test_who_asked_may_leave(tmp_path: Path) -> None:
    async with site(tmp_path) as stage:
        asking = asyncio.create_task(stage.own.open())
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await stage.own.open()
        assert len(stage.carried) == 1


async def test_a_folder_that_can_not_be_made_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "bus").write_text("in the way")
    async with site(tmp_path) as stage:
        with pytest.raises(Unavailable, match="can't be started"):
            await stage.own.open()
