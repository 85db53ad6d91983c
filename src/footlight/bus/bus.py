"""The bus as its users see it. Transports: inprocess.py; one suite tests each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

Handler = Callable[[bytes], Awaitable[bytes]]


class Registration(Protocol):
    """A served subject; close() stops serving it."""

    async def close(self) -> None: ...


class ByteStream(Protocol):
    """Bytes both ways, bounded: write waits while the other side does not read."""

    async def read(self, limit: int) -> bytes:
        """1 to `limit` bytes; b"" once the other side has closed."""
        ...

    async def write(self, data: bytes) -> None:
        """Returns when all is accepted; writes of several tasks don't mix. Raises ConnectionError once
        either side has closed. Cancelled, it may have passed a part."""
        ...

    async def close(self) -> None:
        """End both directions; safe to call twice. What was accepted can still be read."""
        ...


class Bus(Protocol):
    """Requests and streams between server and hosts."""

    async def serve(self, subject: str, handler: Handler) -> Registration:
        """Answer requests on a subject, in place of who served it before. A handler that raises gives
        the caller Unavailable, with the handler's own message if that is what it raised. It goes
        on when the caller gives up."""
        ...

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        """The answer. Raises errors.Unavailable on silence, absence or failure of the other side."""
        ...

    async def listen(
        self, subject: str, handler: Callable[[bytes, ByteStream], Awaitable[None]]
    ) -> Registration:
        """Accept streams on a subject; the handler gets the hello and owns the stream until it returns.
        A ConnectionError that ends it after the stream's end is ordinary; other errors are logged."""
        ...

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        """Open a stream. Raises errors.Unavailable when nobody listens."""
        ...

    async def close(self) -> None:
        """End all registrations and streams; requests that still wait get Unavailable."""
        ...
