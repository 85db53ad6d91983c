"""TLS as a client meets it."""

from __future__ import annotations

import socket
import ssl
from typing import Any


def test_the_first_that_a_client_has_to_read_is_an_answer(site: Any) -> None:
    """And no ticket for a later handshake, which TLS 1.3 would send by itself."""
    context = site.tls()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    host, port = site.host.split(":")
    with (
        socket.create_connection((host, int(port)), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname=host) as line,
    ):
        line.sendall(f"GET /healthz HTTP/1.1\r\nHost: {site.host}\r\n\r\n".encode())
        assert line.recv(1024).startswith(b"HTTP/1.1 200")
        assert line.session is None or not line.session.has_ticket
