"""Streams of bytes between servers and hosts, over any bus that carries requests: listen and dial of bus.Bus.

    server                     bus                                    host
      dial(subject, hello) ──► <subject>.dial: hello, url, ticket ──►  ticket for its listener,
                            ◄── addresses, ticket ──────────────────
      TLS to an address, ticket in the first line ─────────────────►   handler(hello, stream)
    or, when that does not come about in a short time,
                           ──► <subject>.dial: way tunnel ─────────►
                            ◄── WebSocket to url, ticket in its path   handler(hello, stream)

Which way worked is remembered per host (ways.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from footlight.bus import subjects
from footlight.bus.bus import ByteStream, Handler, Registration
from footlight.bus.inward import Answerer, Inward
from footlight.bus.outward import Dialler, Outward
from footlight.clock import Clock
from footlight.errors import Unavailable


class Control(Protocol):
    """The bus that requests go over."""

    async def serve(self, subject: str, handler: Handler) -> Registration: ...

    async def request(self, subject: str, payload: bytes, timeout_s: float) -> bytes: ...


class Lines:
    """A server dials, and has `outward`; a host listens, and has `inward`. The listener of `inward` is the caller's to
    start and stop."""

    def __init__(
        self,
        control: Control,
        clock: Clock,
        *,
        outward: Outward | None = None,
        inward: Inward | None = None,
    ) -> None:
        self._dialler = None if outward is None else Dialler(control, outward, clock)
        self._answerer = None if inward is None else Answerer(control, inward)
        self._registrations: list[Registration] = []

    async def listen(
        self, subject: str, handler: Callable[[bytes, ByteStream], Awaitable[None]]
    ) -> Registration:
        """As bus.Bus. Raises Unavailable where nothing comes in."""
        if self._answerer is None:
            raise Unavailable("No streams come in here.")
        registration = await self._answerer.listen(subjects.dials(subject), handler)
        self._registrations.append(registration)
        return registration

    async def dial(self, subject: str, hello: bytes, timeout_s: float) -> ByteStream:
        """As bus.Bus. The subject is an agent's. Raises Unavailable."""
        if self._dialler is None:
            raise Unavailable("No streams go out from here.")
        return await self._dialler.dial(subject, hello, timeout_s)

    async def close(self) -> None:
        """End all registrations and streams."""
        for registration in self._registrations:
            await registration.close()
        if self._dialler is not None:
            await self._dialler.close()
        if self._answerer is not None:
            await self._answerer.close()
