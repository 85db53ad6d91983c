"""list: a page of 1,000 whole sessions while 1 % of them change each second, against ready bytes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench import crowd
from bench.databases import Kind, fresh_database
from bench.figure import Figure
from bench.nats_site import bus_process
from bench.report_hosts import Transport
from bench.served import Served, ready_bytes, site

from footlight.api import halves
from footlight.clock import SystemClock
from footlight.sessions import actions
from footlight.sessions.pieces import Renderer
from footlight.store.address import Database
from footlight.store.engines import open_store

BARS: dict[Kind, float] = {"sqlite": 5.0, "postgresql": 7.0}
SESSIONS = 1000
PATH = "/cvad/manage/Sessions?limit=1000"
CHANGES_PER_S = SESSIONS // 100


def measure(quick: bool, database: Kind = "sqlite", bus: Transport = "inprocess") -> Figure:
    """CPU of the server process for each page: routing, authorization, database, JSON, rendering what has
    changed; without TLS and compression. PostgreSQL's own processes are not in it. Over NATS it is one of several
    servers, with all duties, that is measured."""
    if bus == "nats" and database == "sqlite":
        why = {"reason": "a server on NATS needs --database postgresql"}
        return Figure("list", None, "times", BARS[database], False, why)
    rounds, calls = (4, 40) if quick else (12, 100)
    folder = tempfile.TemporaryDirectory(prefix="footlight-bench-")
    with folder as name, fresh_database(database) as place, ExitStack() as stack:
        data_dir = Path(name) / "data"
        data_dir.mkdir(mode=0o700)
        if isinstance(place, Path):
            place = place.rename(data_dir / "footlight.db")
        asyncio.run(_prepare(place))
        address = None
        if bus == "nats":
            _, address = stack.enter_context(bus_process(data_dir, data_dir / "keys"))
        with site(data_dir, database=place, bus=address) as served:
            body = served.get(PATH)
            ids = [one["Id"] for one in json.loads(body)["Items"]]
            assert len(ids) == SESSIONS
            Path(name, "body").write_bytes(body)
            with ready_bytes(Path(name, "body")) as ready, _changes(place, ids):
                ours, theirs = [], []
                for _ in range(rounds):
                    ours.append(_cpu_s(served, PATH, calls))
                    theirs.append(_cpu_s(ready, "/", calls))
    ratio = sum(ours) / sum(theirs)
    details = {
        "database": database,
        "bus": bus,
        "sessions": SESSIONS,
        "bytes": len(body),
        "changes_per_s": CHANGES_PER_S,
        "list_ms": round(sum(ours) / rounds * 1000, 2),
        "ready_ms": round(sum(theirs) / rounds * 1000, 2),
        "ratios": [round(a / b, 2) for a, b in zip(ours, theirs, strict=True)],
    }
    bar = BARS[database]
    return Figure("list", round(ratio, 2), "times", bar, ratio <= bar, details)


def _cpu_s(served: Served, path: str, calls: int) -> float:
    """Of one call."""
    served.get(path)
    began = served.cpu_s()
    for _ in range(calls):
        served.get(path)
    return (served.cpu_s() - began) / calls


@contextlib.contextmanager
def _changes(database: Database, ids: list[str]) -> Iterator[None]:
    """CHANGES_PER_S sessions are hidden or shown again, by another process than the server: this one."""
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: asyncio.run(_change(database, ids, done)))
        try:
            yield
        finally:
            done.set()
            running.result()


async def _change(database: Database, ids: list[str], done: threading.Event) -> None:
    dice, hidden = random.Random(1), set[str]()
    store = await open_store(database, SystemClock())
    Renderer(store, halves.own_half)  # as every server has one
    try:
        while not done.is_set():
            one = dice.choice(ids)
            hidden ^= {one}
            shown = one not in hidden
            await store.write(lambda tx, o=one, s=shown: actions.set_hidden(tx, o, not s))
            await asyncio.sleep(1 / CHANGES_PER_S)
    finally:
        await store.close()


async def _prepare(database: Database) -> None:
    await crowd.found(database)
    store = await open_store(database, SystemClock())
    try:
        await crowd.fill(store, SESSIONS)
    finally:
        await store.close()
