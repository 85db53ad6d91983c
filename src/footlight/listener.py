"""Where the site listens: its socket, its HTTP server, and the address that others are told."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from footlight import tls
from footlight.api.app import build_app
from footlight.api.line import PING_EACH_S, PONG_WITHIN_S, LineProtocol
from footlight.api.parts import Parts
from footlight.api.protocol import HttpProtocol
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.errors import Invalid

MAX_CHAIN_BYTES = 1024 * 1024


class HttpServer(uvicorn.Server):
    """uvicorn without signal handlers: the site ends itself in its own order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def http_server(config: SiteConfig, data: DataDir, parts: Parts) -> tuple[HttpServer, Path | None]:
    """The HTTP server and the CA file that clients need (None: TLS off, or certificates of others)."""
    ca_file: Path | None = None
    chain: Path | None = None
    key: Path | None = None
    if config.tls == "auto":
        chain, key, ca_file = tls.own_certificate(data.tls, config.listen_host, data.authority())
    elif config.tls != "off":
        given = config.tls.split(",")
        chain, key = Path(given[0]), Path(given[1])
    try:
        settings = uvicorn.Config(
            build_app(parts),
            http=HttpProtocol,
            ws=LineProtocol,
            ws_ping_interval=PING_EACH_S,
            ws_ping_timeout=PONG_WITHIN_S,
            ws_max_size=2 * 1024 * 1024,
            ws_per_message_deflate=False,  # RFB is compressed already
            lifespan="off",
            log_config=None,
            log_level="warning",  # below that it tells paths of WebSockets, which hold tickets
            access_log=False,
            server_header=False,  # the door sets it
            proxy_headers=False,
            ssl_certfile=chain,
            ssl_keyfile=key,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )
        settings.load()
        if settings.ssl is not None:
            # A ticket would be the first thing to read, while the client writes its request: one that does both in
            # two threads (websockets.sync, with Python 3.11) has OpenSSL at two places of one handshake then, and
            # waits for ever now and then.
            settings.ssl.num_tickets = 0
    except OSError as error:
        raise Invalid(f"cannot use the TLS files {config.tls}: {error}") from error
    return HttpServer(settings), ca_file


def trust_of(config: SiteConfig, data: DataDir) -> bytes:
    """The certificate (PEM) that vouches for this server: the site's authority, or the last of the chain that is
    configured, be it an authority or the server's own; b"" without TLS. Raises Invalid."""
    if config.tls == "off":
        return b""
    if config.tls == "auto":
        return data.authority().pem
    chain = Path(config.tls.split(",")[0])
    try:
        with chain.open("rb") as source:
            found = x509.load_pem_x509_certificates(source.read(MAX_CHAIN_BYTES))
    except (OSError, ValueError) as error:
        raise Invalid(f"cannot use the TLS files {config.tls}: {error}", name="tls") from None
    return found[-1].public_bytes(Encoding.PEM)


def certificate_of(config: SiteConfig, data: DataDir) -> Path | None:
    """The file of the certificate that is served with; None without TLS. It is there once `http_server` is."""
    if config.tls == "off":
        return None
    return data.tls / tls.CHAIN_NAME if config.tls == "auto" else Path(config.tls.split(",")[0])


def listen(config: SiteConfig) -> socket.socket:
    """The bound socket. Raises Invalid when the address cannot be had."""
    try:
        found = socket.getaddrinfo(
            config.listen_host,
            config.listen_port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
        )
        family, kind, protocol, _, address = found[0]
        with contextlib.ExitStack() as failing:
            listener = failing.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            failing.pop_all()
    except OSError as error:
        raise Invalid(f"cannot listen on {config.listen}: {error.strerror}") from error
    listener.set_inheritable(False)
    return listener


def stream_url(config: SiteConfig, listener: socket.socket) -> str:
    """Where hosts bring streams to this very server. Blocking."""
    url = config.stream_url or base_url(config, listener)
    if not config.stream_url and config.listen_host in ("0.0.0.0", "::"):
        name = (tls.names_outside() or [socket.getfqdn()])[0]
        url = url.replace("localhost", f"[{name}]" if ":" in name else name, 1)
    return url


def base_url(config: SiteConfig, listener: socket.socket) -> str:
    """What others call the site."""
    host, port = config.listen_host, listener.getsockname()[1]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    if ":" in host:
        host = f"[{host}]"
    return f"{'http' if config.tls == 'off' else 'https'}://{host}:{port}"
