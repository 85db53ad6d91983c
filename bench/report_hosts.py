"""The hosts of the figure `reports`: what they say is handed to them before the clock runs; they say it when told, each
one report after the other, and are done when each is answered."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal, Protocol

from footlight.authority import open_authority
from footlight.bus import subjects
from footlight.bus.bus import Bus
from footlight.bus.inprocess import InProcessBus
from footlight.bus.nats import NatsBus
from footlight.tls import own_certificate
from footlight.wire.host import OrdersTaken, encode

Transport = Literal["inprocess", "nats"]
Said = dict[str, list[bytes]]  # by machine id

POST_S = 30.0


class Hosts(Protocol):
    """Where the hosts are."""

    async def load(self, said: Said) -> None: ...
    async def say(self) -> None: ...
    def cpu_s(self) -> dict[str, float]:
        """Seconds of CPU beside the server's own process, by who spent them."""
        ...


class Speakers:
    """The hosts on a bus."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._said: Said = {}
        self._answered: dict[str, asyncio.Semaphore] = {}

    async def load(self, said: Said) -> None:
        for machine_id in said.keys() - self._answered.keys():
            answered = self._answered[machine_id] = asyncio.Semaphore(0)

            async def hear(_: bytes, answered: asyncio.Semaphore = answered) -> bytes:
                answered.release()
                return b""

            await self._bus.serve(subjects.taken(machine_id), hear)
            await self._bus.serve(subjects.orders(machine_id), _receipt)
        self._said = said

    async def say(self) -> None:
        await asyncio.gather(*map(self._say, self._said))

    async def _say(self, machine_id: str) -> None:
        for payload in self._said[machine_id]:
            await self._bus.post(subjects.of_host(machine_id, subjects.REPORTS), payload, POST_S)
            await self._answered[machine_id].acquire()

    def cpu_s(self) -> dict[str, float]:
        return {}


async def _receipt(_orders: bytes) -> bytes:
    return encode(OrdersTaken(boot_id="boot"))


@dataclass
class Far:
    """The hosts in a process of their own, on the other side of a NATS server."""

    line: Connection
    server_pid: int

    async def load(self, said: Said) -> None:
        await self._tell(said)

    async def say(self) -> None:
        await self._tell(None)

    async def _tell(self, what: Said | None) -> None:
        self.line.send(what)
        self._spent_s = await asyncio.to_thread(self.line.recv)

    def cpu_s(self) -> dict[str, float]:
        spent = Path(f"/proc/{self.server_pid}/stat").read_text().rpartition(")")[2].split()
        return {"nats": (int(spent[11]) + int(spent[12])) / 100, "hosts": self._spent_s}


@asynccontextmanager
async def bus_and_hosts(transport: Transport, folder: Path) -> AsyncIterator[tuple[Bus, Hosts]]:
    """The server's bus, and the hosts."""
    if transport == "inprocess":
        bus = InProcessBus()
        yield bus, Speakers(bus)
        await bus.close()
        return
    from bus_server import running_bus  # of the tests

    async with running_bus(
        folder, own_certificate(folder / "tls", "127.0.0.1", open_authority(folder / "tls"))
    ) as stage:
        site, pid = await stage.site(), stage.server.pid
        assert pid is not None
        with _hosts_process(stage.servers, *stage.keys.server_user(), stage.ca_pem) as line:
            yield site, Far(line, pid)


@contextmanager
def _hosts_process(servers: list[str], jwt: str, seed: str, ca_pem: str) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_be_hosts, args=(theirs, servers, jwt, seed, ca_pem))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join(10)
        process.kill()


def _be_hosts(line: Connection, servers: list[str], jwt: str, seed: str, ca_pem: str) -> None:
    async def run() -> None:
        # One connection for all of them, which may say what each may.
        bus = await NatsBus.connect(servers, jwt, seed, ca_pem, "hosts")
        speakers = Speakers(bus)
        while True:
            try:
                told = await asyncio.to_thread(line.recv)
            except EOFError:
                break
            if told is None:
                await speakers.say()
            else:
                await speakers.load(told)
            line.send(time.process_time())
        await bus.close()

    asyncio.run(run())
