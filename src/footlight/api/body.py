"""Reads a whole request body under a size limit and a time limit."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from footlight.api.asgi import Receive
from footlight.api.errors import Refused, http_problem


async def read_body(
    receive: Receive, headers: Mapping[str, str], *, max_bytes: int, timeout_s: float
) -> bytes:
    """The body. Raises Refused: 413 over max_bytes (at once when Content-Length says so), 408 when
    it is not there in time, 400 when the caller leaves before its end."""
    declared = headers.get("content-length")
    if declared is not None and declared.isdigit() and int(declared) > max_bytes:
        raise _too_large(max_bytes)
    try:
        async with asyncio.timeout(timeout_s):
            return await _read(receive, max_bytes)
    except TimeoutError:
        raise Refused(http_problem(408, "The body did not arrive in time.")) from None


async def _read(receive: Receive, max_bytes: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(http_problem(400, "The body ended early."))
        piece = message.get("body", b"")
        size += len(piece)
        if size > max_bytes:
            raise _too_large(max_bytes)
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


def _too_large(max_bytes: int) -> Refused:
    limit = {"maxBytes": str(max_bytes)}
    return Refused(http_problem(413, f"The body is over {max_bytes} bytes.", None, limit))
