"""Real processes: two `footlight serve` on one PostgreSQL database and one NATS server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from footlight.bus.credentials import BusKeys
from footlight.bus.nats_server import BusServer, BusServerConfig
from footlight.datadir import DataDir
from footlight.tls import own_certificate
from postgres_server import PostgresServer

READY_WITHIN_S = 60.0
SOON_S = 20.0


@dataclass
class Server:
    """One process, and a client that is signed in."""

    child: subprocess.Popen[bytes]
    folder: Path
    client: httpx.AsyncClient
    facts: dict[str, Any]

    @property
    def id(self) -> str:
        return (self.folder / "server-id").read_text()

    async def sign_in(self, password: str) -> str:
        answer = await self.client.post("/cvad/manage/Tokens", auth=("admin", password))
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["Token"]
        return token

    async def end(self) -> None:
        await self.client.aclose()
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGCONT)
            self.child.terminate()
        await asyncio.to_thread(self.child.wait, SOON_S)


@dataclass
class Stage:
    """Both servers, the database, and what is needed to start more."""

    postgres: PostgresServer
    name: str
    folder: Path
    bus: str
    servers: list[Server]

    async def start(self, name: str) -> Server:
        folder, ready = self.folder / name, self.folder / f"{name}.ready"
        source = Path(__file__).parents[2] / "src"
        log = (self.folder / f"{name}.log").open("wb")
        child = subprocess.Popen(  # noqa: ASYNC220
            [
                *(sys.executable, "-m", "footlight", "serve", "--data-dir", folder),
                *("--keys-dir", self.folder / "keys", "--objects", self.folder / "objects"),
                *("--database", self.postgres.address(self.name).url, "--bus-url", self.bus),
                *("--listen", "127.0.0.1:0", "--tls", "off", "--ready-file", ready),
            ],
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": str(source), "FOOTLIGHT_WEBHOOK_HOSTS": "127.0.0.0/8"},
        )
        log.close()
        deadline = time.monotonic() + READY_WITHIN_S
        while not ready.exists():
            if child.poll() is not None or time.monotonic() > deadline:
                child.kill()
                pytest.fail((self.folder / f"{name}.log").read_text()[-2000:])
            await asyncio.sleep(0.05)
        facts = json.loads(ready.read_text())
        client = httpx.AsyncClient(base_url=facts["base_url"], timeout=SOON_S)
        server = Server(child, folder, client, facts)
        self.servers.append(server)
        return server

    async def holder(self, duty: str) -> str:
        query = f"SELECT holder FROM leases WHERE name = '{duty}'"
        (row,) = await self.postgres.query(self.name, query)
        return str(row["holder"])

    async def until_holder(self, duty: str, server: Server) -> None:
        async with asyncio.timeout(SOON_S):
            while await self.holder(duty) != server.id:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@pytest.fixture
async def stage(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Stage]:
    name = await postgres.copy("template1")  # the servers make the tables
    data = DataDir(tmp_path / "bus", tmp_path / "keys")
    chain, key, _ = own_certificate(tmp_path / "bus-tls", "127.0.0.1", data.authority())
    data.site_key()  # the site's keys are there before its servers
    keys = BusKeys.open(data.keys / "bus")
    bus = BusServer(BusServerConfig(tmp_path / "bus", keys, chain, key, port=0))
    await bus.start()
    made = Stage(postgres, name, tmp_path, bus.address, [])
    try:
        yield made
    finally:
        for server in made.servers:
            await server.end()
        await bus.stop()
        await postgres.drop(name)


class Receiver:
    """Takes webhooks."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        self.told.append(json.loads(await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def until(self, count: int) -> None:
        """So many different ones."""
        async with asyncio.timeout(SOON_S):
            while len({one["id"] for one in self.told}) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def figures_of(server: Server, me: dict[str, str]) -> dict[str, float]:
    """What a server tells Prometheus: values by name and first label."""
    answer = await server.client.get("/metrics", headers=me)
    assert answer.status_code == 200, answer.text
    return {
        " ".join((sample.name, *list(sample.labels.values())[:1])): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_two_servers_are_one_site_and_one_goes_on_when_the_other_is_killed(
    stage: Stage,
) -> None:
    first, second = await asyncio.gather(stage.start("one"), stage.start("two"))
    passwords = [one.facts["admin_password"] for one in (first, second)]
    (password,) = [one for one in passwords if one is not None]  # made once
    assert first.facts["site_id"] == second.facts["site_id"]

    # Who signs in on one is known on the other, and signed out on both.
    token = await first.sign_in(password)
    me = {"Authorization": f"CWSAuth Bearer={token}"}
    assert (await second.client.get("/footlight/v1/me", headers=me)).status_code == 200
    assert (await second.client.delete("/cvad/manage/Tokens", headers=me)).status_code == 204
    assert (await first.client.get("/footlight/v1/me", headers=me)).status_code == 401

    # Of two servers one has the duties; the other has them seconds after its kill.
    holding = first if await stage.holder("webhooks") == first.id else second
    left = second if holding is first else first
    me = {"Authorization": f"CWSAuth Bearer={await left.sign_in(password)}"}
    receiver = Receiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    figures = await figures_of(holding, me), await figures_of(left, me)
    assert [told["footlight_bus_connected"] for told in figures] == [1, 1]
    assert [told["footlight_duty_held webhooks"] for told in figures] == [1, 0]
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    hook = {"url": url, "events": ["account"]}
    made = await left.client.post("/footlight/v1/webhooks", json=hook, headers=me)
    assert made.status_code == 201, made.text

    async def change(at: Server, number: int) -> None:
        body = {"name": f"user{number}", "password": "a long passphrase"}
        answer = await at.client.post("/footlight/v1/accounts", json=body, headers=me)
        assert answer.status_code == 201, answer.text

    for number in range(4):
        await change((holding, left)[number % 2], number)
    await receiver.until(4)
    before = len(receiver.told)
    assert before == 4
    holding.child.kill()
    await change(left, 4)
    await stage.until_holder("webhooks", left)
    await change(left, 5)
    await receiver.until(6)
    assert (await figures_of(left, me))["footlight_duty_held webhooks"] == 1
    numbers = [one["seq"] for one in receiver.told]
    assert sorted(set(numbers[-2:])) == numbers[-2:]  # the last two, in their order
    server.close()
    await server.wait_closed()


async def test_a_frozen_server_loses_its_duties_and_says_so_when_it_wakes(stage: Stage) -> None:
    first = await stage.start("one")
    second = await stage.start("two")
    first.child.send_signal(signal.SIGSTOP)
    await stage.until_holder("silence", second)
    first.child.send_signal(signal.SIGCONT)
    async with asyncio.timeout(SOON_S):
        while b"duty lost" not in (stage.folder / "one.log").read_bytes():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert (await first.client.get("/readyz")).status_code == 200
    assert await stage.holder("silence") == second.id
    # At a clean end they pass on at once.
    second.child.terminate()
    await stage.until_holder("silence", first)
