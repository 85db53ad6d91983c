"""The agent's own `/metrics`, on loopback: what its host tells of itself, for a collector on the same machine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from footlight.errors import Invalid
from footlight.telemetry.meters import CONTENT_TYPE, HostMeters, Table
from footlight.wire.host import HostFigures

LONGEST_HEAD_BYTES = 16 * 1024
ANSWER_WITHIN_S = 10.0


class FigureDoor:
    """An HTTP server with one page. It listens where config.py has made sure that only this machine reaches it."""

    def __init__(self, figures: Callable[[], HostFigures]) -> None:
        self._figures = figures
        self._table = Table()
        self._meters = HostMeters(self._table)
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def open(self, address: str) -> None:
        """Listen on HOST:PORT. Raises Invalid when that cannot be had."""
        host, _, port = address.rpartition(":")
        try:
            self._server = await asyncio.start_server(
                self._answer, host.strip("[]"), int(port), limit=LONGEST_HEAD_BYTES
            )
        except OSError as error:
            raise Invalid(f"cannot listen on {address}: {error.strerror}") from error

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
        ):
            async with asyncio.timeout(ANSWER_WITHIN_S):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self._page(head.partition(b"\r\n")[0].split(b" ")))
                await writer.drain()
        writer.close()

    def _page(self, request: list[bytes]) -> bytes:
        if request[:1] != [b"GET"] or request[1:2] != [b"/metrics"]:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self._meters.set(self._figures())
        body = self._table.text().encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n"
        return f"{head}Connection: close\r\n\r\n".encode() + body
