"""Both ends of streams between machines on loopback, with real TLS: a small CA, a server that has the route of tunnels,
a host with a listener."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from litestar import Litestar
from litestar.di import Provide

from footlight.api import streams
from footlight.api.line import LineProtocol
from footlight.api.parts import Parts
from footlight.bus.inprocess import InProcessBus
from footlight.bus.inward import Inward
from footlight.bus.line_listener import Bounds, LineListener
from footlight.bus.lines import Lines
from footlight.bus.outward import Outward
from footlight.bus.tunnel import TunnelDoor
from footlight.clock import Clock, SystemClock
from footlight.listener import HttpServer

MACHINE = "7d1f3c52-08f4-4a0e-9f2e-6d3c5b1a9e77"
OTHER_MACHINE = "0b9c1d2e-3f40-4152-8637-485960718293"


class TestCa:
    """A CA, with contexts for both sides of TLS."""

    __test__ = False

    def __init__(self, name: str = "Test CA") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._builder(self._name, self._key.public_key())
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        made = made.add_extension(identifier, critical=False)
        self.certificate = made.sign(self._key, hashes.SHA256())
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def trust(self) -> ssl.SSLContext:
        """Of who connects: trusts this CA alone, checks names."""
        return ssl.create_default_context(cadata=self.pem)

    def files(self, folder: Path, *names: str) -> tuple[Path, Path]:
        """Certificate and key, in PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        made = self._builder(leaf, key.public_key())
        made = made.add_extension(
            x509.SubjectAlternativeName([_general(name) for name in names]), critical=False
        )
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        signed = made.add_extension(known, critical=False).sign(self._key, hashes.SHA256())
        chain, secret = folder / "cert.pem", folder / "key.pem"
        chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return chain, secret

    @functools.cache  # noqa: B019  one CA for all tests
    def presents(self, *names: str) -> ssl.SSLContext:
        """Of who is connected to, under these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            context.load_cert_chain(*self.files(Path(folder), *names))
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
        )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@functools.cache
def ca() -> TestCa:
    """The site's, made once."""
    return TestCa()


@asynccontextmanager
async def tunnel_server(tunnels: TunnelDoor) -> AsyncIterator[str]:
    """The URL of a server with the route of tunnels and nothing else."""

    parts = object.__new__(Parts)  # without the rooms that this route does not enter
    object.__setattr__(parts, "tunnels", tunnels)

    async def provide_parts() -> Parts:
        return parts

    app = Litestar(
        route_handlers=[bound.handler for bound in streams.routes.bound],
        dependencies={"parts": Provide(provide_parts)},
        openapi_config=None,
        logging_config=None,
    )
    with tempfile.TemporaryDirectory() as folder:
        chain, key = ca().files(Path(folder), "localhost", "127.0.0.1")
        settings = uvicorn.Config(
            app,
            ws=LineProtocol,
            ws_max_size=2 * 1024 * 1024,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            ssl_certfile=chain,
            ssl_keyfile=key,
            timeout_graceful_shutdown=2,
        )
        settings.load()
    listener = socket.create_server(("127.0.0.1", 0))
    server = HttpServer(settings)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110  uvicorn tells by a flag
        await asyncio.sleep(0.01)
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listener.close()


@dataclass
class Ends:
    """A server's and a host's end over one bus."""

    control: InProcessBus
    server: Lines
    host: Lines
    tunnels: TunnelDoor
    listener: LineListener | None

    async def close(self) -> None:
        await self.server.close()
        await self.host.close()
        await self.control.close()


class LinedBus:
    """A bus.Bus whose requests stay in the process and whose streams go over lines."""

    def __init__(self, both: Ends) -> None:
        self.serve, self.request = both.control.serve, both.control.request
        self.listen, self.dial = both.host.listen, both.server.dial
        self.close = both.close


@asynccontextmanager
async def ends(
    way: str,
    clock: Clock | None = None,
    *,
    trust: ssl.SSLContext | None = None,
    presents: ssl.SSLContext | None = None,
    bounds: Bounds | None = None,
    reachable: bool = True,
) -> AsyncIterator[Ends]:
    """Ends whose streams go the way "direct", "tunnel" (the host has no listener) or "both". `reachable` False: what
    the host says of its listener leads nowhere."""
    clock = clock or SystemClock()
    control, tunnels = InProcessBus(), TunnelDoor(clock)
    listener = None
    if way in ("direct", "both"):
        listener = LineListener(presents or ca().presents(MACHINE), clock, bounds)
        await listener.start("127.0.0.1", 0)
    addresses = ("127.0.0.1",) if reachable else ("0.0.0.0",)
    inward = Inward(ca().trust(), listener, addresses)

    async def run(url: str) -> AsyncIterator[Ends]:
        server = Lines(control, clock, outward=Outward(trust or ca().trust(), tunnels, url))
        host = Lines(control, clock, inward=inward)
        made = Ends(control, server, host, tunnels, listener)
        yield made
        await made.close()
        if listener is not None:
            await listener.stop()

    if way == "direct":
        async for made in run(""):
            yield made
        return
    async with tunnel_server(tunnels) as url:
        async for made in run(url):
            yield made
