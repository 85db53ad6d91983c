"""A NATS server for tests, as the product starts one: a certificate of a CA of the run's own, loopback, any port."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from footlight.authority import open_authority
from footlight.bus.credentials import BusKeys
from footlight.bus.nats import NatsBus
from footlight.bus.nats_server import BusServer, BusServerConfig
from footlight.bus.nkey import KeyPair
from footlight.tls import own_certificate

Certificate = tuple[Path, Path, Path]  # chain, key, CA


@dataclass
class BusStage:
    """A site's bus, and who comes to it."""

    keys: BusKeys
    server: BusServer
    ca_pem: str
    opened: list[NatsBus] = field(default_factory=list)

    @property
    def servers(self) -> list[str]:
        return [self.server.address]

    async def site(self) -> NatsBus:
        """A server of the site."""
        bus = await NatsBus.connect_server(self.servers, self.keys, self.ca_pem)
        self.opened.append(bus)
        return bus

    async def host(
        self, machine_id: str, pair: KeyPair | None = None, within_s: float = 60.0
    ) -> NatsBus:
        """A host with a credential that is issued now."""
        pair = pair or KeyPair.generate("user")
        jwt = self.keys.issue_agent(pair.public, machine_id, int(time.time()) + 3600)
        bus = await NatsBus.connect(
            self.servers, jwt, pair.seed, self.ca_pem, machine_id, within_s=within_s
        )
        self.opened.append(bus)
        return bus


@pytest.fixture(scope="session")
def bus_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Of a server on loopback."""
    folder = tmp_path_factory.mktemp("bus-tls")
    return own_certificate(folder, "127.0.0.1", open_authority(folder))


@asynccontextmanager
async def running_bus(folder: Path, certificate: Certificate) -> AsyncIterator[BusStage]:
    """A site's bus in that folder; it ends with everybody who came to it."""
    chain, key, ca = certificate
    keys = BusKeys.open(folder / "keys" / "bus")
    server = BusServer(BusServerConfig(folder / "bus", keys, chain, key, port=0))
    await server.start()
    stage = BusStage(keys, server, ca.read_text())
    try:
        yield stage
    finally:
        for bus in stage.opened:
            await bus.close()
        await server.stop()


@pytest.fixture
async def bus_stage(tmp_path: Path, bus_certificate: Certificate) -> AsyncIterator[BusStage]:
    async with running_bus(tmp_path, bus_certificate) as stage:
        yield stage
