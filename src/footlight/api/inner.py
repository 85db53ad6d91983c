"""Requests answered within the server: jobs and batches run the same handlers as the wire does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from footlight.api.asgi import App, Message, Scope
from footlight.errors import LimitReached

MAX_ANSWER_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Answered:
    """A whole answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


async def answered(app: App, scope: Scope, body: bytes, *, timeout_s: float) -> Answered:
    """What the application answers to a request with that body. Raises TimeoutError, LimitReached for an answer
    that is too large to keep."""
    start: list[Message] = []
    pieces: list[bytes] = []
    size = 0
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:  # nobody hangs up on an inner request
            await asyncio.get_running_loop().create_future()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal size
        if message["type"] == "http.response.start":
            start.append(message)
        elif message["type"] == "http.response.body":
            piece = message.get("body", b"")
            size += len(piece)
            if size > MAX_ANSWER_BYTES:
                raise LimitReached("The answer is too large; ask for less.", retry_s=0)
            pieces.append(bytes(piece))

    async with asyncio.timeout(timeout_s):
        await app(scope, receive, send)
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in start[0].get("headers", ())
    }
    return Answered(start[0]["status"], headers, b"".join(pieces))
