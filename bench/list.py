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
from pathlib import Path

from bench import crowd
from bench.figure import Figure
from bench.served import Served, ready_bytes, site

from footlight.api import halves
from footlight.clock import SystemClock
from footlight.sessions import actions
from footlight.sessions.pieces import Renderer
from footlight.store.engines import open_store

BAR = 5.0
SESSIONS = 1000
PATH = "/cvad/manage/Sessions?limit=1000"
CHANGES_PER_S = SESSIONS // 100


def measure(quick: bool) -> Figure:
    """CPU of the server process for each page: routing, authorization, database, JSON, rendering what has
    changed; without TLS and compression."""
    rounds, calls = (4, 40) if quick else (12, 100)
    with tempfile.TemporaryDirectory(prefix="footlight-bench-") as name:
        data_dir = Path(name) / "data"
        data_dir.mkdir(mode=0o700)
        database = data_dir / "footlight.db"
        asyncio.run(_prepare(database))
        with site(data_dir) as served:
            body = served.get(PATH)
            ids = [one["Id"] for one in json.loads(body)["Items"]]
            assert len(ids) == SESSIONS
            Path(name, "body").write_bytes(body)
            with ready_bytes(Path(name, "body")) as ready, _changes(database, ids):
                ours, theirs = [], []
                for _ in range(rounds):
                    ours.append(_cpu_s(served, PATH, calls))
                    theirs.append(_cpu_s(ready, "/", calls))
    ratio = sum(ours) / sum(theirs)
    details = {
        "database": "sqlite",
        "sessions": SESSIONS,
        "bytes": len(body),
        "changes_per_s": CHANGES_PER_S,
        "list_ms": round(sum(ours) / rounds * 1000, 2),
        "ready_ms": round(sum(theirs) / rounds * 1000, 2),
        "ratios": [round(a / b, 2) for a, b in zip(ours, theirs, strict=True)],
    }
    return Figure("list", round(ratio, 2), "times", BAR, ratio <= BAR, details)


def _cpu_s(served: Served, path: str, calls: int) -> float:
    """Of one call."""
    served.get(path)
    began = served.cpu_s()
    for _ in range(calls):
        served.get(path)
    return (served.cpu_s() - began) / calls


@contextlib.contextmanager
def _changes(database: Path, ids: list[str]) -> Iterator[None]:
    """CHANGES_PER_S sessions are hidden or shown again, by another process than the server: this one."""
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(lambda: asyncio.run(_change(database, ids, done)))
        try:
            yield
        finally:
            done.set()
            running.result()


async def _change(database: Path, ids: list[str], done: threading.Event) -> None:
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


async def _prepare(database: Path) -> None:
    await crowd.found(database)
    store = await open_store(database, SystemClock())
    try:
        await crowd.fill(store, SESSIONS)
    finally:
        await store.close()
