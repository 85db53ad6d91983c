"""The bus as its users see it. Transports: inprocess.py, nats.py; one suite tests each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

Handler = Callable[[bytes], Awaitable[bytes]]
HostHandler = Callable[[str, bytes], Awaitable[bytes]]  # machine id, payload
PostHandler = Callable[[str, bytes], Awaitable[None]]  # machine id, payload
StreamHandler = Callable[[bytes, "ByteStream"], Awaitable[None]]  # hello, stream


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

    def abandon(self) -> None:
        """End both directions at once; the other side sees it broken, as one that may come back."""
        ...

    @property
    def broken(self) -> bool:
        """Whether it has ended though neither side closed it: what carried it was lost."""
        ...


class Bus(Protocol):
    """Requests, posts and streams between servers and hosts."""

    async def serve(self, subject: str, handler: Handler) -> Registration:
        """Answer requests on a subject, in place of who served it before. A handler that raises gives
        the caller Unavailable, with the handler's own message if that is what it raised. It goes
        on when the caller gives up."""
        ...

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes:
        """The answer. Raises errors.Unavailable on silence, absence or failure of the other side."""
        ...

    async def send(self, subject: str, payload: bytes) -> None:
        """The same without an answer: it may be lost, and nobody tells. What one sends arrives in its order.
        Raises errors.Unavailable when it can't even leave."""
        ...

    async def serve_hosts(self, topic: str, handler: HostHandler) -> Registration:
        """Answer what hosts request on subjects.of_host(machine id, topic), as serve does. The transport vouches
        for the machine id. With several servers one of them answers each."""
        ...

    async def post(self, subject: str, payload: bytes, timeout_s: float) -> None:
        """Hand a message over for good: it reaches a consumer at least once, in the order of its poster, also one
        that comes later. Returns once it is kept. Raises errors.Unavailable when it may not have been."""
        ...

    async def consume_hosts(self, topic: str, handler: PostHandler) -> Registration:
        """Take what hosts post on subjects.of_host(machine id, topic), each host's one after the other, in place of
        who took it before. A message is done with when the handler returns. One that raises Unavailable is given
        the same again, later; another error is logged, and the message is done with, too."""
        ...

    async def listen(self, subject: str, handler: StreamHandler) -> Registration:
        """Accept streams on a subject; the handler gets the hello and owns the stream until it returns.
        A ConnectionError that ends it after the stream's end is ordinary; other errors are logged."""
        ...

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        """Open a stream. Raises errors.Unavailable when nobody listens."""
        ...

    async def close(self) -> None:
        """End all registrations and streams; requests that still wait get Unavailable."""
        ...
