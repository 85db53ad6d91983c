"""Sites that browsers can open: one whose database is full of live sessions behind which nothing runs, and one with
simulated hosts."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import crowd
from bench.served import place_of, running

from footlight.cli.place import Place
from footlight.clock import SystemClock
from footlight.store.engines import open_store


@contextlib.contextmanager
def crowd_site(sessions: int) -> Iterator[Place]:
    """With so many sessions, whose hosts are silent; gone afterwards."""
    with _folder() as data_dir:
        asyncio.run(_prepare(data_dir / "footlight.db", sessions))
        with _up(data_dir) as place:
            yield place


@contextlib.contextmanager
def fleet_site(machines: int, sessions: int) -> Iterator[Place]:
    """With simulated hosts and sessions, the same each time, which obey; gone afterwards."""
    fleet = ("--sim", f"{machines},{sessions}", "--sim-seed", "7")
    with _folder() as data_dir, _up(data_dir, *fleet) as place:
        yield place


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="footlight-crowd-") as name:
        data_dir = Path(name) / "data"
        data_dir.mkdir(mode=0o700)
        yield data_dir


@contextlib.contextmanager
def _up(data_dir: Path, *more: str) -> Iterator[Place]:
    """`footlight up` on the folder, without a host of its own."""
    options = ("--no-agent", "--log-level", "error", "--listen", "127.0.0.1:0", *more)
    command = [sys.executable, "-m", "footlight", "up", *options, "--data-dir", str(data_dir)]
    with running(command) as process:
        yield place_of(process, data_dir)


async def _prepare(database: Path, sessions: int) -> None:
    await crowd.found(database)
    store = await open_store(database, SystemClock())
    try:
        await crowd.fill(store, sessions)
    finally:
        await store.close()
