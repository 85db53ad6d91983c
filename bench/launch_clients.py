"""Users who launch, in a process of their own: so many a second whatever the answers take, over connections that stay
open."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import uvloop

ANSWER_S = 120.0
MOST_CONNECTIONS = 1000
MOST_FAILURES_TOLD = 12
MOST_BODY_BYTES = 1 << 20


@dataclass(frozen=True)
class Storm:
    """`resources` as often as they are meant to be asked for."""

    host: str
    port: int
    token: str
    per_second: float
    seconds: float
    users: Sequence[str]
    resources: Sequence[str]


@dataclass
class Told:
    """What came of it. `took_s` of each that was answered with a session, in the order of the answers."""

    took_s: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    all_s: float = 0.0
    cpu_s: float = 0.0


class Clients:
    """Launches `storm`."""

    def __init__(self, storm: Storm) -> None:
        self.told = Told()
        self._storm = storm
        self._chance = random.Random(1)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._room = asyncio.Semaphore(MOST_CONNECTIONS)

    async def run(self) -> Told:
        """Returns when each is answered."""
        storm, began = self._storm, time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in range(round(storm.per_second * storm.seconds)):
                await asyncio.sleep(max(0.0, began + number / storm.per_second - time.monotonic()))
                group.create_task(self._launch())
        self.told.all_s = time.monotonic() - began
        self.told.cpu_s = time.process_time()
        for _, writer in self._idle:
            writer.close()
        return self.told

    async def _launch(self) -> None:
        user, resource = map(self._chance.choice, (self._storm.users, self._storm.resources))
        began = time.monotonic()
        try:
            async with asyncio.timeout(ANSWER_S), self._room:
                status, body = await self._post({"resource": resource, "user": user, "new": True})
        except (OSError, EOFError, TimeoutError) as error:
            self.told.failures[f"{type(error).__name__}: {error}"] += 1
            return
        if status == 201:
            self.told.took_s.append(time.monotonic() - began)
        else:
            self.told.failures[f"{status}: {_reason(body)}"] += 1

    async def _post(self, launch: dict[str, object]) -> tuple[int, bytes]:
        storm, body = self._storm, json.dumps(launch).encode()
        if self._idle:
            reader, writer = self._idle.pop()
        else:
            reader, writer = await asyncio.open_connection(storm.host, storm.port)
        try:
            head = (
                f"POST /footlight/v1/launches HTTP/1.1\r\nHost: {storm.host}:{storm.port}\r\n"
                f"Authorization: Bearer {storm.token}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
            lengths = [int(s[15:]) for s in lines if s.startswith("content-length:")]
            answer = await reader.readexactly(min(MOST_BODY_BYTES, lengths[0]))
        except BaseException:
            writer.close()
            raise
        if "connection: close" in lines:
            writer.close()
        else:
            self._idle.append((reader, writer))
        return int(lines[0].split()[1]), answer


def _reason(body: bytes) -> str:
    """What an answer says of a failure, without what differs from one to the next."""
    try:
        told = json.loads(body)
        return str(told.get("errorMessage") or told.get("detail") or told)[:120]
    except ValueError:
        return repr(body[:120])


def run_storm(storm: Storm) -> Told:
    """In a process of its own; returns when all is over."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_be_clients, (storm,))


def _be_clients(storm: Storm) -> Told:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(Clients(storm).run())
