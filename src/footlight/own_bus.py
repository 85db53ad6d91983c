"""The NATS server that an embedded site runs for its hosts on other machines, from the first of them on."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from contextvars import copy_context
from pathlib import Path

from footlight.bus.credentials import BusKeys
from footlight.bus.host_bus import Carry
from footlight.bus.joined import JoinedBus
from footlight.bus.nats import NatsBus
from footlight.bus.nats_server import BusServer, BusServerConfig
from footlight.config import SiteConfig
from footlight.datadir import DataDir, write_private
from footlight.errors import Conflict, Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.tls import names_outside, own_certificate

_log = get_logger(__name__)

RENEW_EACH_S = 12 * 3600.0
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 30.0
MOST_TOLD = 4  # addresses of one machine
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # and where this machine itself goes


class OwnBus:
    """A bus.host_bus.HostBus. `is_wanted` tells whether there are hosts that may come already."""

    def __init__(
        self,
        config: SiteConfig,
        data: DataDir,
        bus: JoinedBus,
        is_wanted: Callable[[], Awaitable[bool]],
    ) -> None:
        self._config = config
        self._data = data
        self._bus = bus
        self._is_wanted = is_wanted
        self._turn = asyncio.Lock()
        self._running: AsyncExitStack | None = None
        self._told: list[str] = []
        self._own: list[str] = []
        self._carry: Carry | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._attempts: set[asyncio.Task[Unavailable | None]] = set()
        self._context = copy_context()

    def told(self) -> list[str]:
        return self._told

    def own(self) -> list[str]:
        return self._own

    def begin(self, carry: Carry) -> None:
        self._carry = carry
        self._beginning = spawn("own bus", self._begin())

    async def open(self) -> None:
        if self._running is not None:
            return
        # What runs from then on is nobody's request, and whoever asked may not wait for the end.
        attempt = self._context.run(spawn, "start own bus", self._attempt())
        self._attempts.add(attempt)
        attempt.add_done_callback(self._attempts.discard)
        failure = await asyncio.shield(attempt)
        if failure is not None:
            raise failure

    async def close(self) -> None:
        await cancel(self._beginning, *self._attempts)
        async with self._turn:
            running, self._running, self._own = self._running, None, []
            if running is not None:
                await running.aclose()

    async def _begin(self) -> None:
        """Have it run where hosts may come already. The port of a site that was killed may be free a moment later."""
        retry_s = FIRST_RETRY_S
        while True:
            try:
                if await self._is_wanted():
                    await self.open()
                return
            except Unavailable as failure:
                _log.warning("hosts of other machines can't come", reason=failure.message)
            await asyncio.sleep(retry_s)
            retry_s = min(retry_s * 2, LONGEST_RETRY_S)

    async def _attempt(self) -> Unavailable | None:
        """Why it does not run then; None: it does."""
        async with self._turn:
            try:
                if self._running is None:
                    await self._start()
            except Unavailable as failure:
                return failure
            except Conflict as other:
                return Unavailable(f"{other.message}, which the site's option bus_url can name")
            except OSError as error:
                return Unavailable(f"the bus server can't be started: {error}")
        return None

    async def _start(self) -> None:
        host, port = await asyncio.to_thread(address_of, self._config, self._data)
        if port:
            self._told = await asyncio.to_thread(told_of, host, port)
        async with AsyncExitStack() as starting:
            starting.enter_context(held(self._data.root / "bus"))
            server = await asyncio.to_thread(bus_server_on, self._config, self._data, host, port)
            await server.start()
            starting.push_async_callback(server.stop)
            if not port:
                write_private(_port_file(self._data), f"{server.port}\n".encode())
            renewing = spawn("bus certificate", renew(self._data, host, server))
            starting.push_async_callback(cancel, renewing)
            self._own = [_joined(_WILDCARDS.get(host, host), server.port)]
            starting.callback(self._own.clear)
            await self._connect(starting)
            self._told = await asyncio.to_thread(told_of, host, server.port)
            self._running = starting.pop_all()
        _log.info("hosts of other machines can come", bus=", ".join(self._told))

    async def _connect(self, starting: AsyncExitStack) -> None:
        """The site itself, with all that hears hosts, and with their streams."""
        keys, ca_pem = BusKeys.open(self._data.keys / "bus"), self._data.authority().pem.decode()
        remote = await NatsBus.connect_server(self._own, keys, ca_pem)
        starting.push_async_callback(remote.close)
        assert self._carry is not None, "nobody asks for it before begin()"
        lines = self._carry(remote)
        starting.push_async_callback(lines.close)
        await self._bus.attach(remote)


def bus_server_on(config: SiteConfig, data: DataDir, host: str, port: int) -> BusServer:
    """The site's bus server, not started yet. Its certificate is made or renewed where that is due."""
    chain, key, _ = own_certificate(_tls_folder(data), host, data.authority())
    keys = BusKeys.open(data.keys / "bus")
    posts = config.bus_posts_dir
    return BusServer(BusServerConfig(data.root / "bus", keys, chain, key, host, port, posts))


async def renew(data: DataDir, host: str, server: BusServer) -> None:
    """Without end: a certificate is good for about a year; the bus may run longer."""
    while True:
        await asyncio.sleep(RENEW_EACH_S)
        chain = _tls_folder(data) / "cert.pem"
        before = chain.read_bytes()
        await asyncio.to_thread(own_certificate, chain.parent, host, data.authority())
        if chain.read_bytes() != before:
            server.reload()
            _log.info("the bus has a new certificate")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else runs a bus there meanwhile. Raises Conflict when somebody does."""
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


def address_of(config: SiteConfig, data: DataDir) -> tuple[str, int]:
    """Where the embedded site's bus listens: as configured, else where the site does. The port is 0 until one has been
    found that is free; that one is kept."""
    host, port = config.bus_address() or (config.listen_host, 0)
    if port == 0:
        file = _port_file(data)
        text = file.read_text().strip() if file.exists() else ""
        port = int(text) if text.isdecimal() and int(text) < 65536 else 0
    return host, port


def told_of(host: str, port: int) -> list[str]:
    """How hosts of other machines reach who listens there. Blocking."""
    if host not in _WILDCARDS:
        return [_joined(host, port)]
    return [_joined(one, port) for one in names_outside()[:MOST_TOLD] or [_WILDCARDS[host]]]


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _port_file(data: DataDir) -> Path:
    return data.root / "bus" / "port"


def _tls_folder(data: DataDir) -> Path:
    return data.root / "bus" / "tls"
