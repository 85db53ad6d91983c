"""`footlight up` with streams between server and agent on the way that a file names at each dial: inprocess, direct
(TLS to a listener of the host) or tunnel (a WebSocket to the site's own port). Server and agent stay one process, so
each byte of a line is sealed and opened by the same processor: what two machines share, one does here.

    lined_site.py WAY_FILE ARGUMENTS OF FOOTLIGHT
"""

from __future__ import annotations

import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from socket import socket

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from footlight import serve  # noqa: E402
from footlight.bus import subjects  # noqa: E402
from footlight.bus.bus import ByteStream, Registration  # noqa: E402
from footlight.bus.inprocess import InProcessBus  # noqa: E402
from footlight.bus.inward import Inward  # noqa: E402
from footlight.bus.line_listener import LineListener  # noqa: E402
from footlight.bus.lines import Lines  # noqa: E402
from footlight.bus.outward import Outward  # noqa: E402
from footlight.bus.tunnel import TunnelDoor  # noqa: E402
from footlight.cli.main import main  # noqa: E402
from footlight.clock import SystemClock  # noqa: E402
from footlight.config import SiteConfig  # noqa: E402
from footlight.listener import base_url  # noqa: E402
from line_ground import ca  # noqa: E402

WAY_FILE = Path(sys.argv[1])
MOST_WAY_BYTES = 32
_listen = serve.listen
_config: SiteConfig
_socket: socket
_tunnels = TunnelDoor(SystemClock())


class LinedBus(InProcessBus):
    """Streams go by lines over this very bus, each way with subjects of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._hosts: dict[str, Lines] = {}
        self._servers: dict[str, Lines] = {}
        self._listeners_of_lines: list[LineListener] = []

    async def listen(
        self, subject: str, handler: Callable[[bytes, ByteStream], Awaitable[None]]
    ) -> Registration:
        await self._begin(subjects.machine_of(subject))
        for way, host in self._hosts.items():
            await host.listen(f"{subject}.{way}", handler)
        return await super().listen(subject, handler)

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        way = WAY_FILE.read_text()[:MOST_WAY_BYTES].strip()  # noqa: ASYNC240  a word
        if way == "inprocess":
            return await super().dial(subject, hello, timeout_s)
        return await self._servers[way].dial(f"{subject}.{way}", hello, timeout_s)

    async def close(self) -> None:
        for one in (*self._servers.values(), *self._hosts.values()):
            await one.close()
        for listener in self._listeners_of_lines:
            await listener.stop()
        await super().close()

    async def _begin(self, machine_id: str) -> None:
        if self._hosts:
            return
        clock = SystemClock()
        site_ca = ssl.create_default_context(cafile=str(_config.data_dir / "tls" / "ca.pem"))
        listener = LineListener(ca().presents(machine_id), clock)
        await listener.start("127.0.0.1", 0)
        self._listeners_of_lines.append(listener)
        url = base_url(_config, _socket)
        self._hosts = {
            "direct": Lines(self, clock, inward=Inward(site_ca, listener, ("127.0.0.1",))),
            "tunnel": Lines(self, clock, inward=Inward(site_ca)),
        }
        self._servers = {
            "direct": Lines(self, clock, outward=Outward(ca().trust(), _tunnels, "")),
            "tunnel": Lines(self, clock, outward=Outward(ca().trust(), _tunnels, url)),
        }


def _listening(config: SiteConfig) -> socket:
    global _config, _socket
    _config, _socket = config, _listen(config)
    return _socket


if __name__ == "__main__":
    serve.listen = _listening
    serve.InProcessBus = LinedBus  # type: ignore[misc]
    serve.TunnelDoor = lambda clock: _tunnels  # type: ignore[assignment,misc]
    sys.argv = ["footlight", *sys.argv[2:]]
    main()
