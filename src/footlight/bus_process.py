"""`footlight bus`: the site's NATS server in the foreground, with the certificate and the accounts of the site."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop

from footlight import log
from footlight.bus.credentials import BusKeys
from footlight.bus.nats_server import BusServer, BusServerConfig
from footlight.config import SiteConfig
from footlight.datadir import DataDir, data_of
from footlight.errors import Conflict
from footlight.foreground import notify, stop_event
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.tls import own_certificate

_log = get_logger(__name__)

RENEW_EACH_S = 12 * 3600.0


def run_bus(config: SiteConfig) -> int:
    """Run it until SIGINT or SIGTERM; 0 after a clean end. A server may run on the same data folder. Raises Conflict
    when another bus does, Unavailable when it does not start, Invalid when the keys can't be used."""
    log.configure(level=config.log_level, form=config.log_format)
    os.umask(0o077)
    data = data_of(config)
    with _held(data.root / "bus"), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(config, data))


def bus_server_on(config: SiteConfig, data: DataDir) -> BusServer:
    """The site's bus server, not started yet. Its certificate is made or renewed where that is due."""
    host, port = config.bus_address()
    chain, key, _ = own_certificate(data.root / "bus" / "tls", host, data.authority())
    keys = BusKeys.open(data.keys / "bus")
    posts = config.bus_posts_dir
    return BusServer(BusServerConfig(data.root / "bus", keys, chain, key, host, port, posts))


async def _run(config: SiteConfig, data: DataDir) -> int:
    stop = stop_event()
    server = bus_server_on(config, data)
    await server.start()
    renewing = spawn("bus certificate", _renew(config, data, server))
    notify("READY=1")
    print(f"bus: {server.address}", flush=True)
    await stop.wait()
    notify("STOPPING=1")
    await cancel(renewing)
    await server.stop()
    return 0


async def _renew(config: SiteConfig, data: DataDir, server: BusServer) -> None:
    """A certificate is good for about a year; the bus may run longer."""
    host, _ = config.bus_address()
    while True:
        await asyncio.sleep(RENEW_EACH_S)
        folder = data.root / "bus" / "tls"
        before = (folder / "cert.pem").read_bytes()
        await asyncio.to_thread(own_certificate, folder, host, data.authority())
        if (folder / "cert.pem").read_bytes() != before:
            server.reload()
            _log.info("the bus has a new certificate")


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Nobody else runs a bus there meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"a bus is running on {folder} already") from None
        yield
    finally:
        os.close(lock)
