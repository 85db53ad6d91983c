"""`footlight bus`: the site's NATS server in the foreground, with the certificate and the accounts of the site."""

from __future__ import annotations

import asyncio
import os

import uvloop

from footlight import log
from footlight.bus.nats_server import DEFAULT_PORT
from footlight.config import SiteConfig
from footlight.datadir import DataDir, data_of
from footlight.foreground import notify, stop_event
from footlight.own_bus import bus_server_on, held, renew
from footlight.tasks import cancel, spawn

HOST = "127.0.0.1"  # where it listens if not told


def run_bus(config: SiteConfig) -> int:
    """Run it until SIGINT or SIGTERM; 0 after a clean end. A server may run on the same data folder. Raises Conflict
    when another bus does, Unavailable when it does not start, Invalid when the keys can't be used."""
    log.configure(level=config.log_level, form=config.log_format)
    os.umask(0o077)
    data = data_of(config)
    with held(data.root / "bus"), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(config, data))


async def _run(config: SiteConfig, data: DataDir) -> int:
    stop = stop_event()
    host, port = config.bus_address() or (HOST, DEFAULT_PORT)
    server = bus_server_on(config, data, host, port)
    await server.start()
    renewing = spawn("bus certificate", renew(data, host, server))
    notify("READY=1")
    print(f"bus: {server.address}", flush=True)
    await stop.wait()
    notify("STOPPING=1")
    await cancel(renewing)
    await server.stop()
    return 0
