"""The body of a request as it comes, for handlers that keep no whole one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request

from footlight.api.errors import Refused, http_problem

BODY_STALL_S = 60.0


async def body_pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """Its bytes. Raises Refused when it stalls or ends early."""
    more = True
    while more:
        try:
            async with asyncio.timeout(BODY_STALL_S):
                message = await request.receive()
        except TimeoutError:
            raise Refused(http_problem(408, "The file did not arrive in time.")) from None
        if message["type"] != "http.request":
            raise Refused(http_problem(400, "The file ended early."))
        if message["body"]:
            yield message["body"]
        more = message.get("more_body", False)
